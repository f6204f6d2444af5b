import type { RecordedCall } from '../simulator/recording.ts';
import { isRead } from '../simulator/recording.ts';
import type { Stack } from './stack.ts';
import { waitFor } from './wait-for.ts';

/** The actions of the writes that name one of the words, refused ones included, since the last `forgetCalls`. */
export function writesAbout({ simulator }: Stack, ...words: readonly string[]): readonly string[] {
  return simulator
    .writes()
    .filter((call) => isAbout(call, words))
    .map(({ action }) => action);
}

/**
 * Waits until the operator has looked at each of the named resources so often again, whatever it came to: each look
 * begins with a read that names the resource. Where a name stands for several, the read is named as well:
 * `DescribeServices web`.
 */
export async function passLooks(stack: Stack, looks: number, ...names: readonly string[]): Promise<void> {
  const from = stack.simulator.calls.length;
  const missing = (): readonly string[] => {
    const reads = stack.simulator.calls.slice(from).filter(({ action }) => isRead(action));
    return names.filter((name) => reads.filter((call) => isAbout(call, [name])).length < looks);
  };
  await waitFor(`${looks} looks at each of ${names.join(', ')}`, missing, (none) => none.length === 0, {
    timeoutMs: 120_000,
    operator: stack.operator,
  });
}

/** By whole words, so that `web` does not stand for `web-2`; revisions and ARNs are taken apart. */
function isAbout({ action, input }: RecordedCall, terms: readonly string[]): boolean {
  const named = new Set([action, ...JSON.stringify(input).split(/[^\w.-]+/)]);
  return terms.some((term) => term.split(' ').every((word) => named.has(word)));
}
