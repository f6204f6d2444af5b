import { invalidParameter } from './refusals.ts';

interface Asked {
  nextToken?: string | undefined;
  maxResults?: number | undefined;
}

/**
 * One page of `all`. The token is opaque to callers: the first item of the next page, and its place for the case that
 * it is gone by then.
 */
export function pageOf(
  all: readonly string[],
  { nextToken, maxResults }: Asked,
  { usual, most }: { usual: number; most: number },
): { items: string[]; nextToken: string | undefined } {
  if (maxResults !== undefined && (maxResults < 1 || maxResults > most)) {
    throw invalidParameter(`maxResults must be between 1 and ${most}.`); // wording unknown
  }
  const from = nextToken === undefined ? 0 : placeOf(all, nextToken);
  const end = from + (maxResults ?? usual);
  const next = all[end];
  return { items: all.slice(from, end), nextToken: next === undefined ? undefined : tokenFor(end, next) };
}

function tokenFor(place: number, item: string): string {
  return Buffer.from(`${place} ${item}`).toString('base64url');
}

function placeOf(all: readonly string[], token: string): number {
  const [, place, item] = /^(\d+) (.*)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (place === undefined || item === undefined) throw invalidParameter('Invalid token.'); // wording unknown
  const at = all.indexOf(item);
  return at >= 0 ? at : Number(place);
}
