import type { World } from './world.ts';

interface Asked {
  action: string;
  token: string | undefined;
  input: object;
}

/**
 * The old answer to this client token, whatever has become of the resource since; ECS keeps it for 24 hours
 * (ecs-facts, "To be confirmed"). `other input` if the token was used for something else.
 */
export function replay<Answer>(world: World, { action, token, input }: Asked): Answer | 'other input' | undefined {
  if (token === undefined || token === '') return undefined;
  const known = world.tokens.get(`${action} ${token}`);
  if (known === undefined || world.now() - known.at >= world.timings.tokenMs) return undefined;
  return known.fingerprint === fingerprint(input) ? (structuredClone(known.answer) as Answer) : 'other input';
}

export function remember(world: World, { action, token, input }: Asked, answer: unknown): void {
  if (token === undefined || token === '') return;
  world.tokens.set(`${action} ${token}`, {
    fingerprint: fingerprint(input),
    answer: structuredClone(answer),
    at: world.now(),
  });
}

/** Equal for inputs of equal content, whatever the order of their members. */
function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
