import { z } from 'zod';
import { parseDuration } from '../../src/lib/duration.ts';

/** What whoever starts a soak chooses, by variables of the environment. */
const SoakSetting = z.object({
  /** How long the process under measurement lives, once all objects are there: `1h` unless stated. */
  DURATION: z.string().default('1h').transform(milliseconds),
  /** How many objects there are. */
  OBJECTS: z.coerce.number().int().min(20).default(300),
  /** The same seed gives the same edits and troubles in the same order; not at the same instants. */
  SEED: z.coerce
    .number()
    .int()
    .default(() => Date.now() % 1_000_000),
});

export interface SoakSetting {
  readonly durationMs: number;
  readonly objects: number;
  readonly seed: number;
}

export function parseSoakSetting(environment: Readonly<NodeJS.ProcessEnv>): SoakSetting {
  const { DURATION, OBJECTS, SEED } = SoakSetting.parse(environment);
  return { durationMs: DURATION, objects: OBJECTS, seed: SEED };
}

function milliseconds(text: string, context: z.RefinementCtx): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: `"${text}" is no duration; write one like 20m or 1h` });
  return z.NEVER;
}
