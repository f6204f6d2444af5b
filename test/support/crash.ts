import { z } from 'zod';
import { TAG_KEYS } from '../../src/api/group.ts';
import { ConnectionLost } from '../simulator/faults.ts';
import { isRead } from '../simulator/recording.ts';
import { kubePointOf } from './kube-points.ts';
import { letPass } from './kube-proxy.ts';
import type { Stack } from './stack.ts';

const TAGS_OF_THE_OPERATOR: ReadonlySet<string> = new Set(Object.values(TAG_KEYS));

const Tag = z.object({ key: z.string(), value: z.string().optional() });

export interface Write {
  readonly action: string;
  readonly input: object;
}

/**
 * Kills the operator (SIGKILL) at the first write that fits, before or after its effect; either way it gets no answer.
 * Resolves once it is dead. Whoever waits restarts it.
 */
export function killAt(stack: Stack, phase: 'before' | 'after', fits: (write: Write) => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const disarm = stack.simulator.onCall(async (call) => {
    if (call.phase !== phase || isRead(call.action) || !fits(call)) return;
    disarm();
    await stack.operator.kill();
    resolve();
    throw new ConnectionLost('reset');
  });
  return promise;
}

/**
 * While `work` goes on, kills the operator at each write that it has not been killed at before, before or after its
 * effect, and starts it anew. Writes to Kubernetes are seen where the stack has a proxy. Answers the points in order.
 */
export async function crashAtEveryWrite(
  stack: Stack,
  phase: 'before' | 'after',
  work: () => Promise<void>,
): Promise<readonly string[]> {
  const { simulator, proxy } = stack;
  const tried = new Set<string>();
  let recovery: Promise<unknown> = Promise.resolve();
  let crash: Promise<void> | undefined;
  async function crashNow(): Promise<void> {
    // A new process may write before it says that it is ready.
    await recovery;
    await stack.operator.kill();
    recovery = stack.restartOperator();
    crash = undefined;
  }
  /** Rejects, as nobody is to get an answer. */
  async function meet(point: string, effect: () => Promise<unknown>): Promise<never> {
    tried.add(point);
    if (phase === 'after') await effect();
    crash ??= crashNow();
    await crash;
    throw new ConnectionLost('reset');
  }
  const disarm = simulator.onCall(async (call) => {
    if (call.phase !== phase || isRead(call.action) || tried.has(pointOf(call))) return;
    await meet(pointOf(call), async () => undefined);
  });
  proxy?.appoint(async (passage) => {
    const point = kubePointOf(passage);
    if (point === undefined || tried.has(point)) return await passage.forward();
    await meet(point, () => passage.fulfil());
  });
  try {
    await work();
    await recovery;
  } finally {
    disarm();
    proxy?.appoint(letPass);
  }
  return [...tried];
}

/**
 * Which write of a story it is, whoever makes it: without its token and the operator's own tags, which name the story's
 * namespace, and without the revisions of DeleteTaskDefinitions, as a crash decides how many go together.
 */
export function pointOf({ action, input }: Write): string {
  const told = JSON.stringify(input, (key, value: unknown) => {
    if (key === 'clientToken' || key === 'taskDefinitions') return undefined;
    return /^tags$/i.test(key) ? statedTags(value) : value;
  });
  return `${action} ${told}`;
}

/** As ECS takes them, a list, or as Application Auto Scaling does. None where only the operator has any. */
function statedTags(tags: unknown): unknown {
  const words = Array.isArray(tags)
    ? z
        .array(Tag)
        .parse(tags)
        .map(({ key, value = '' }) => [key, value] as const)
    : Object.entries(z.record(z.string(), z.string()).parse(tags));
  const stated = words.filter(([key]) => !isOfTheOperator(key));
  return stated.length === 0 ? undefined : Object.fromEntries(stated);
}

/** Whether the operator puts a tag by this key on what it makes, and nobody else does. */
export function isOfTheOperator(tagKey: string): boolean {
  return TAGS_OF_THE_OPERATOR.has(tagKey);
}
