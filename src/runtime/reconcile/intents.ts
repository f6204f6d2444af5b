import { isPlainObject } from '../../lib/stable-json.ts';
import type { Findings } from './status.ts';

type Intents = Findings['intents'];

/** By so much the stamp of an intent may be older than its step: a moment more is not worth a write. */
const SLACK_MS = 5_000;

/** The intents once their step has been sent: the one of that name counts from now. */
export function restamped(intents: Intents, name: string | undefined, now: number): Intents {
  const intent = name === undefined ? undefined : intents?.[name];
  if (name === undefined || !isPlainObject(intent) || typeof intent['at'] !== 'string') return intents;
  if (now - Date.parse(intent['at']) < SLACK_MS) return intents;
  return { ...intents, [name]: { ...intent, at: new Date(now).toISOString() } };
}
