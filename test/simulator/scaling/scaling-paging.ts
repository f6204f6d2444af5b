import { pageOf } from '../paging.ts';
import { SimulatedError } from '../simulated-error.ts';
import { invalid } from './scaling-refusals.ts';

interface Asked {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/** One page of `all`, which `idOf` tells apart; `most` is what the action documents, and its default. */
export function scalingPageOf<Item>(
  all: readonly Item[],
  idOf: (item: Item) => string | undefined,
  { NextToken, MaxResults }: Asked,
  most: number,
): { items: Item[]; NextToken: string | undefined } {
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > most)) {
    throw invalid(`MaxResults must be between 1 and ${most}.`); // wording unknown
  }
  const byId = new Map(all.map((item) => [idOf(item) ?? '', item]));
  try {
    const asked = { nextToken: NextToken, maxResults: MaxResults };
    const { items, nextToken } = pageOf([...byId.keys()], asked, { usual: most, most });
    return { items: items.flatMap((id) => byId.get(id) ?? []), NextToken: nextToken };
  } catch (error) {
    if (!(error instanceof SimulatedError)) throw error;
    throw new SimulatedError('InvalidNextTokenException', 'The next token supplied was invalid.'); // wording unknown
  }
}
