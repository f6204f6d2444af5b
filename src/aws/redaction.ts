import { isPlainObject } from '../lib/stable-json.ts';

/** Members of requests below which users keep what is nobody else's business: every text of them, but no key. */
const SECRET: ReadonlySet<string> = new Set([
  'command',
  'dockerLabels',
  'driverOpts',
  'entryPoint',
  'hookDetails',
  'labels',
  'options',
  'Tags',
  'valueFrom',
]);
/** Lists of pairs whose `value` is such a text, and whose other member is its name. */
const PAIRS: ReadonlySet<string> = new Set(['environment', 'tags']);
/** Shorter texts are words of every message, such as `true`, and secrets that are no secret. */
const LEAST_LENGTH = 6;

/** Takes out of words that AWS, or who speaks for it, found for a request what nobody but its author is to read. */
export type Redaction = (words: string) => string;

/**
 * For the words about a request: a text out of its secret members is told as `…`, wherever it is quoted as a whole. What
 * the request states elsewhere as well, such as a name or an image that holds the same text, is no secret and stays.
 */
export function redactionFor(input: object): Redaction {
  const texts = [...textsIn(input, '', false)];
  const open = new Set(texts.flatMap(({ text, isSecret }) => (isSecret ? [] : spellingsOf(text))));
  const secrets = new Set(
    texts
      .filter(({ text, isSecret }) => isSecret && text.length >= LEAST_LENGTH)
      .flatMap(({ text }) => spellingsOf(text)),
  );
  if (secrets.size === 0) return (words) => words;
  const stays = [...open].filter((text) => [...secrets].some((secret) => text.includes(secret)));
  // Of two that begin at the same place the longer one is meant.
  const known = [...secrets, ...stays].toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(known.map((text) => RegExp.escape(text)).join('|'), 'g');
  return (words) => words.replaceAll(pattern, (text) => (open.has(text) ? text : '…'));
}

interface Text {
  readonly text: string;
  readonly isSecret: boolean;
}

/** `name` is that of the member, or of the list, in which the value is. */
function* textsIn(value: unknown, name: string, isSecret: boolean): Generator<Text> {
  if (typeof value === 'string') yield { text: value, isSecret };
  if (Array.isArray(value)) for (const item of value) yield* textsIn(item, name, isSecret);
  if (!isPlainObject(value)) return;
  for (const [key, member] of Object.entries(value)) {
    yield* textsIn(member, key, isSecret || SECRET.has(key) || (key === 'value' && PAIRS.has(name)));
  }
}

/** As it is, and as it stands in a request that somebody quotes. */
function spellingsOf(text: string): readonly string[] {
  return [text, JSON.stringify(text).slice(1, -1)];
}
