import type { World } from './world.ts';

interface Asked {
  action: string;
  token: string | undefined;
  input: object;
}

/**
 * Answers a call with a client token once: the same call again gets the old answer, whatever has become of the resource
 * since; how long ECS keeps it is not documented, 24 hours are assumed. The same token with other input is refused.
 */
export function answerOnce<Answer>(
  world: World,
  { action, token, input }: Asked,
  refuse: () => Error,
  answer: () => Answer,
): Answer {
  if (token === undefined || token === '') return answer();
  const key = `${action} ${token}`;
  const known = world.tokens.get(key);
  if (known !== undefined && world.now() - known.at < world.timings.tokenMs) {
    if (known.fingerprint !== fingerprint(input)) throw refuse();
    return structuredClone(known.answer) as Answer;
  }
  const fresh = answer();
  world.tokens.set(key, { fingerprint: fingerprint(input), answer: structuredClone(fresh), at: world.now() });
  return fresh;
}

/** Equal for inputs of equal content, whatever the order of their members. */
function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
