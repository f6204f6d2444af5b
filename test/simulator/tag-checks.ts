import type { Tag } from '@aws-sdk/client-ecs';
import { invalidParameter } from './refusals.ts';
import type { SimulatedError } from './simulated-error.ts';

// SDK documentation of Tag and of every `tags` member; the pattern is that of the API's model.
export const MAX_TAGS = 50;
const MAX_KEY = 128;
const MAX_VALUE = 256;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Refuses tags that ECS does not take. The wordings are ours, where they are not AWS's. */
export function checkTags(tags: readonly Tag[]): void {
  checkTagCount(tags.length);
  const keys = new Set<string>();
  for (const { key = '', value = '' } of tags) {
    if (key.length < 1 || key.length > MAX_KEY) throw refusal(`Tag keys have 1 to ${MAX_KEY} characters.`);
    if (value.length > MAX_VALUE) throw refusal(`Tag values have at most ${MAX_VALUE} characters.`);
    if (!TAG_TEXT.test(key) || !TAG_TEXT.test(value))
      throw refusal(`The tag ${key} holds characters that tags may not.`);
    if (/^aws:/i.test(key)) throw refusal('Tag keys may not begin with aws:, which is reserved.');
    if (keys.has(key)) throw refusal(`The tag key ${key} is there twice.`);
    keys.add(key);
  }
}

/** Tags of AWS's own (`aws:`) do not count. */
export function checkTagCount(count: number): void {
  if (count > MAX_TAGS) throw refusal(`A resource has at most ${MAX_TAGS} tags.`);
}

function refusal(message: string): SimulatedError {
  return invalidParameter(message);
}
