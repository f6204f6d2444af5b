import { describe, expect, test } from 'vitest';
import { beginStory, type ServiceStory } from '../../../test/support/service-story.ts';
import { ANNOTATIONS } from '../../api/group.ts';
import type { EcsServiceSpec } from './schema.ts';

const SPEC: Partial<EcsServiceSpec> = {
  taskDefinition: 'web:1',
  desiredCount: 2,
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1'] } },
  tags: [{ key: 'team', value: 'a' }],
};

interface Scenario {
  readonly name: string;
  /** What is written when nothing goes wrong, the creation apart. */
  readonly writes: readonly string[];
  readonly wish: (story: ServiceStory) => void;
  readonly isDeletion?: boolean;
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'a new revision', writes: ['UpdateService'], wish: (story) => story.wish({ taskDefinition: 'web:2' }) },
  {
    name: 'tags and a count',
    writes: ['TagResource', 'UntagResource', 'UpdateService'],
    wish: (story) => story.wish({ desiredCount: 3, tags: [{ key: 'stage', value: 'b' }] }),
  },
  { name: 'a restart', writes: ['UpdateService'], wish: (story) => story.annotate(ANNOTATIONS.restartAt, '1') },
  { name: 'the end', writes: ['UpdateService', 'DeleteService'], wish: () => undefined, isDeletion: true },
];

async function begin(): Promise<ServiceStory> {
  const story = await beginStory(SPEC);
  await story.define('web:2');
  return story;
}

/** Goes on until the wish is reached, through whatever goes wrong on the way. */
async function persist(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('ECONNRESET')) throw error;
    }
  }
}

async function finish(story: ServiceStory, { wish, isDeletion = false }: Scenario): Promise<void> {
  wish(story);
  if (isDeletion) {
    await persist(() => story.lookUntilGone());
    return;
  }
  await persist(() => story.look());
  await persist(() => story.lookUntil('in-sync'));
}

/** What is left in ECS, without what is drawn by chance or told by time. */
function endOf({ simulator }: ServiceStory): unknown {
  return [...simulator.world.services.values()].map(({ service, tags, deployments }) => ({
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: service.runningCount,
    taskDefinition: service.taskDefinition,
    tags: tags.map(({ key, value }) => `${key}=${value}`).toSorted(),
    deployments: deployments.length,
  }));
}

describe.each(SCENARIOS)('$name', (scenario) => {
  test('writes what it should', async () => {
    const story = await begin();
    await story.lookUntil('in-sync');
    story.writes();

    await finish(story, scenario);

    expect(story.writes()).toEqual(scenario.writes);
  });

  test.for(
    ['CreateService', ...scenario.writes].flatMap((action, index) =>
      (['before', 'after'] as const).flatMap((when) =>
        [false, true].map((isForgotten) => ({ action, when, isForgotten, isCreation: index === 0 })),
      ),
    ),
  )(
    'ends the same with a crash $when $action (status lost: $isForgotten)',
    async ({ action, when, isForgotten, isCreation }) => {
      // A restart that is lost together with the status is not made up for, which is what status is for.
      const isLostForGood = isForgotten && when === 'before' && scenario.name === 'a restart' && !isCreation;
      const undisturbed = await begin();
      await undisturbed.lookUntil('in-sync');
      if (!isLostForGood) await finish(undisturbed, scenario);
      const story = await begin();
      const crash = (): void => void story.simulator.faults.add({ action, nth: 1, when, error: 'reset' });
      const recover = async (): Promise<void> => {
        await story.look().catch(() => undefined);
        if (isForgotten) story.forget();
      };

      if (isCreation) {
        crash();
        await recover();
      }
      await story.lookUntil('in-sync');
      if (!isCreation) {
        crash();
        scenario.wish(story);
        if (scenario.isDeletion !== true) await recover();
      }
      await finish(story, scenario);

      const lost = isForgotten && scenario.name === 'tags and a count' && !isCreation;
      expect(withoutTag(endOf(story), lost)).toEqual(withoutTag(endOf(undisturbed), lost));
    },
  );
});

/** With its memory lost, the operator leaves a removed tag where it is. */
function withoutTag(end: unknown, isLost: boolean): unknown {
  return isLost ? JSON.parse(JSON.stringify(end).replaceAll('"team=a",', '').replaceAll(',"team=a"', '')) : end;
}
