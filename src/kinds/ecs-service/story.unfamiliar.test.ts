import type { NetworkConfiguration } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ServiceRecord } from '../../../test/simulator/world.ts';
import { beginStory, type ServiceStory } from '../../../test/support/service-story.ts';

const NETWORK = { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1'] } } };
const HOUR_MS = 3_600_000;

let story: ServiceStory;
/** What ECS shows in place of whatever it was asked for. */
let shown: 'NONE' | 'TASK_DEFINITION';
let shownNetwork: NetworkConfiguration | undefined;

beforeEach(async () => {
  story = await beginStory({ taskDefinition: 'web:1', desiredCount: 2, launchType: 'FARGATE', ...NETWORK });
  shown = 'NONE';
  shownNetwork = undefined;
  await story.lookUntil('in-sync');
  story.writes();
});

/** Looks as often as the runtime would that sees one change after the other, for so long. */
async function lookFor(ms: number): ReturnType<ServiceStory['look']> {
  let verdict = await story.look();
  for (let pastMs = 0, changes = 0; pastMs < ms; changes += 1) {
    const [record] = story.simulator.world.services.values();
    if (record !== undefined) show(record);
    const pauseMs = verdict.verdict === 'change' ? Math.min(1_000 * 2 ** changes, 15_000) : 600_000;
    await story.pass(pauseMs);
    pastMs += pauseMs;
    verdict = await story.look();
  }
  return verdict;
}

function show({ service, revisions }: ServiceRecord): void {
  service.propagateTags = shown;
  if (shownNetwork === undefined) return;
  for (const shower of [service, ...(service.deployments ?? []), ...revisions]) {
    shower.networkConfiguration = shownNetwork;
  }
}

describe('a member that ECS goes on showing otherwise, and that deploys', () => {
  test('is rolled out a few times and then reported, because each time replaces all tasks', async () => {
    shownNetwork = NETWORK.networkConfiguration;
    story.wish({ networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0b2'] } } });

    const verdict = await lookFor(HOUR_MS);

    expect(verdict).toMatchObject({
      verdict: 'wait',
      reason: 'UnfamiliarAnswer',
      message: expect.stringContaining('networkConfiguration'),
    });
    expect(story.writes().length).toBeLessThanOrEqual(8);
    await lookFor(3 * HOUR_MS);
    expect(story.writes()).toEqual([]);
  });
});

describe('a member that ECS goes on showing otherwise, and that does not deploy', () => {
  test('is asked for a few times and then reported, because nothing would ever come of it', async () => {
    story.wish({ propagateTags: 'SERVICE' });

    const verdict = await lookFor(HOUR_MS);

    expect(verdict).toMatchObject({
      verdict: 'wait',
      reason: 'UnfamiliarAnswer',
      message: expect.stringContaining('propagateTags'),
    });
    expect(new Set(story.writes())).toEqual(new Set(['UpdateService']));
    await lookFor(3 * HOUR_MS);
    expect(story.writes()).toEqual([]);
  });

  test('is asked for over a minute at least, because answers can be behind', async () => {
    story.wish({ propagateTags: 'SERVICE' });

    expect(await lookFor(45_000)).toMatchObject({ verdict: 'change' });
    expect(story.writes().length).toBeLessThanOrEqual(8);
  });

  test('is asked for again once ECS shows something else', async () => {
    story.wish({ propagateTags: 'SERVICE' });
    await lookFor(HOUR_MS);
    story.writes();
    shown = 'TASK_DEFINITION';

    await lookFor(HOUR_MS);

    expect(story.writes()).toContain('UpdateService');
  });

  test('is asked for again once the spec is another', async () => {
    story.wish({ propagateTags: 'SERVICE' });
    await lookFor(HOUR_MS);
    story.writes();

    story.wish({ propagateTags: 'SERVICE', enableECSManagedTags: true });
    await story.look();

    expect(story.writes()).toEqual(['UpdateService']);
  });

  test('does not keep the rest from being corrected, nor a rollout from being followed', async () => {
    story.wish({ propagateTags: 'SERVICE' });
    await lookFor(HOUR_MS);
    story.writes();
    await story.define('web:2');

    story.wish({ taskDefinition: 'web:2' });
    expect(await story.look()).toMatchObject({ verdict: 'change' });
    await lookFor(HOUR_MS);

    expect(story.status()).toMatchObject({ revision: 'web:2', rolloutState: 'COMPLETED' });
    expect(await story.look()).toMatchObject({ verdict: 'wait', reason: 'UnfamiliarAnswer' });
  });

  test('is forgotten once it is as wished', async () => {
    story.wish({ propagateTags: 'SERVICE' });
    await story.look();
    expect(story.status().updating).toMatchObject({ attempts: 1 });

    await story.lookUntil('in-sync');

    expect(story.status()).not.toHaveProperty('updating');
  });
});
