import { scalingOf } from '../sim/oracles/scaling.ts';
import { crashAtEveryWrite, isOfTheOperator, pointOf } from './crash.ts';
import { type CrashScenario, NAMES } from './crash-scenarios.ts';
import { lookIntoAccount, revisionOf } from './ecs-account.ts';
import { kubePointOf } from './kube-points.ts';
import { letPass } from './kube-proxy.ts';
import type { Cluster } from './kubectl.ts';
import { BUNDLE } from './operator-process.ts';
import { type Stack, startStack } from './stack.ts';
import { condition, type Story, tellStory } from './story.ts';

interface Tag {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}

/** Whose it is differs from stack to stack; that it is somebody's counts. */
function wordsOf(tags: readonly Tag[]): readonly string[] {
  return tags.map(({ key = '', value }) => (isOfTheOperator(key) ? key : `${key}=${value}`)).toSorted();
}

/** What there is in the end, in Kubernetes and in ECS. */
async function endOf({ ecs, simulator: { world } }: Stack, story: Story) {
  const account = lookIntoAccount(ecs);
  const service = await account.service('web');
  const record = [...world.services.values()].at(-1);
  const objects = await Promise.all(NAMES.map((name) => story.get(name)));
  // What is being deleted goes in ECS's own time, which may come before this look or after it.
  const definitions = [...world.taskDefinitions.values()]
    .filter(({ definition }) => definition.status !== 'DELETE_IN_PROGRESS')
    .map(({ definition, tags }) => [revisionOf(definition.taskDefinitionArn), ...wordsOf(tags)]);
  return {
    services: world.services.size,
    service: service?.status,
    runs: (service?.deployments ?? []).map(({ taskDefinition }) => revisionOf(taskDefinition)),
    running: service?.runningCount,
    deployments: record?.deployments.map(({ status }) => status),
    clusters: [...world.clusters.values()].map(({ cluster, tags }) => [cluster.status, ...wordsOf(tags)]),
    active: await account.revisions('web', 'ACTIVE'),
    inactive: await account.revisions('web', 'INACTIVE'),
    tags: wordsOf(record?.tags ?? []),
    definitions: definitions.map((words) => words.join(' ')).toSorted(),
    scaling: scalingOf(world).map(({ tags, ...target }) => ({
      ...target,
      tags: wordsOf(tags.map(([key, value]) => ({ key, value }))),
    })),
    objects: objects.map((object) => condition(object, 'Ready')?.reason ?? 'gone'),
  };
}

interface CrashRun {
  readonly cluster: Cluster;
  /** Undisturbed unless stated. */
  readonly phase?: 'before' | 'after';
  /** Whether it is killed at its writes to Kubernetes as well, or undisturbed, which of those put finalizers on and off. */
  readonly hasProxy?: boolean;
  /** How often all objects are looked at after the end, when nothing may be written any more. */
  readonly looksAfter?: number;
}

/** Plays the scenario, and tells what there is in the end, and at which writes the operator was killed. */
export async function runCrashScenario(
  { prepare, act }: CrashScenario,
  { cluster, phase, hasProxy = false, looksAfter = 0 }: CrashRun,
) {
  const environment = { ECS_OPERATOR_LEADER_ELECTION: 'false' };
  await using stack = await startStack({ cluster, speed: 20, environment, hasProxy, entry: BUNDLE });
  stack.simulator.world.behaviours.add({ image: /broken/, becomes: 'cannot-pull', afterMs: 500 });
  const story = tellStory(cluster, stack);
  await prepare(story);
  stack.simulator.forgetCalls();
  const work = (): Promise<void> => act(story);
  const tried = phase === undefined ? [] : await crashAtEveryWrite(stack, phase, work);
  const finalizers = phase === undefined ? await finalizersIn(stack, work) : [];
  const made = new Set([...stack.simulator.writes().map(pointOf), ...finalizers]);
  const restless = await writesAfter(stack, story, looksAfter);
  return { end: await endOf(stack, story), tried: tried.toSorted(), made: [...made].toSorted(), restless };
}

/** Which finalizers are put on and off meanwhile. */
async function finalizersIn(stack: Stack, work: () => Promise<void>): Promise<readonly string[]> {
  const points = await kubePointsIn(stack, work);
  return points.filter((point) => / finalizers \d+$/.test(point));
}

/** What is still written, to either side, when all objects are looked at so often. What ECS has said may be told late. */
async function writesAfter(stack: Stack, story: Story, times: number): Promise<readonly string[]> {
  if (times === 0) return [];
  // Counts that nobody waits for are brought up to date first.
  await lookAtAll(story);
  stack.simulator.forgetCalls();
  const points = await kubePointsIn(stack, async () => {
    for (let time = 0; time <= times; time += 1) await lookAtAll(story);
  });
  const kubernetes = points.filter((point) => !/ event (?:ServiceEvent|ServiceWarning|TaskStopped|series)/.test(point));
  return [...stack.simulator.writes().map(pointOf), ...kubernetes];
}

/** A look ends after its calls, so that what it writes is seen at the latest by the next one. */
async function lookAtAll(story: Story): Promise<void> {
  for (const name of NAMES) if ((await story.get(name)) !== undefined) await story.look(name);
}

/** Writes to Kubernetes while it goes on; none are seen where the stack has no proxy. */
async function kubePointsIn({ proxy }: Stack, work: () => Promise<void>): Promise<readonly string[]> {
  const points: string[] = [];
  proxy?.appoint(async (passage) => {
    const point = kubePointOf(passage);
    if (point !== undefined) points.push(point);
    return await passage.forward();
  });
  try {
    await work();
  } finally {
    proxy?.appoint(letPass);
  }
  return points;
}
