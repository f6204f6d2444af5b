import { beforeEach, describe, expect, test } from 'vitest';
import { beginStory, type ServiceStory } from '../../../test/support/service-story.ts';
import { ANNOTATIONS } from '../../api/group.ts';

const NETWORK = { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1'] } } };
const BREAKER = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };
const BAD = { image: /bad/, becomes: 'cannot-pull', afterMs: 500 } as const;

let story: ServiceStory;

beforeEach(async () => {
  story = await beginStory({ taskDefinition: 'web:1', desiredCount: 2, launchType: 'FARGATE', ...NETWORK, ...BREAKER });
  story.simulator.world.behaviours.add(BAD);
});

async function running(): Promise<void> {
  await story.lookUntil('in-sync');
  story.writes();
}

/** Web:2 has been rolled back. */
async function rolledBack(): Promise<void> {
  await running();
  await story.define('bad:1');
  story.wish({ taskDefinition: 'web:2' });
  await story.lookUntil('refuse', 'DeploymentFailed');
}

/** Web:1 was started again, with an image that can no longer be had. */
async function restartedInVain(): Promise<void> {
  await running();
  story.simulator.world.behaviours.add({ image: /./, becomes: 'cannot-pull', afterMs: 500 });
  story.annotate(ANNOTATIONS.restartAt, 'now');
  await story.lookUntil('refuse', 'DeploymentFailed');
}

/** What is written in three more looks, as seldom as a settled service is looked at. */
async function laterWrites(): Promise<string[]> {
  story.writes();
  for (let count = 0; count < 3; count += 1) {
    await story.look();
    await story.pass(600_000);
  }
  return story.writes();
}

describe('a service', () => {
  test('comes up with one write, and then nothing is written', async () => {
    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['CreateService']);
    expect(await laterWrites()).toEqual([]);
    expect(story.status()).toMatchObject({ revision: 'web:1', runningCount: 2, rolloutState: 'COMPLETED' });
  });

  test('is looked at with one read once it has settled, and one that all services share', async () => {
    await running();
    story.simulator.forgetCalls();

    await story.look();

    expect(story.simulator.calls.map(({ action }) => action)).toEqual(['DescribeServices', 'DescribeScalableTargets']);
  });

  test('rolls with one UpdateService, and is ready after the roll', async () => {
    await running();
    await story.define('web:2');
    story.wish({ taskDefinition: 'web:2' });

    expect(await story.look()).toMatchObject({ verdict: 'change' });
    expect(await story.look()).toMatchObject({ verdict: 'wait', reason: 'RolloutInProgress' });
    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['RegisterTaskDefinition', 'UpdateService']);
    expect(story.status()).toMatchObject({ revision: 'web:2' });
  });

  test('that somebody deleted is made again', async () => {
    await running();
    await story.simulator.call('DeleteService', { cluster: 'shop', service: 'web', force: true });

    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['DeleteService', 'CreateService']);
  });

  test('that somebody deleted is made again although status was lost', async () => {
    await running();
    await story.simulator.call('DeleteService', { cluster: 'shop', service: 'web', force: true });
    await story.pass(60_000);
    story.forget();

    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['DeleteService', 'CreateService']);
  });

  test('that somebody changed is changed back', async () => {
    await running();
    await story.simulator.call('UpdateService', { cluster: 'shop', service: 'web', desiredCount: 5 });

    await story.lookUntil('in-sync');

    expect(story.status()).toMatchObject({ desiredCount: 2 });
  });
});

describe('a bad image', () => {
  test('with a breaker is rolled back and not tried again, and the message has every reason', async () => {
    await running();
    await story.define('bad:1');
    story.wish({ taskDefinition: 'web:2' });

    const verdict = await story.lookUntil('refuse', 'DeploymentFailed');

    expect(verdict).toMatchObject({
      message: expect.stringMatching(
        /^ECS rolled web:2 back to web:1: .*circuit breaker.*; tasks failed to start \(\d of \d: CannotPullContainerError.*\)\. Fix the image in spec\.taskDefinition, or annotate ecs-operator\.dev\/restart-at to try web:2 again\.$/,
      ),
    });
    expect(await laterWrites()).toEqual([]);
  });

  test('is not tried again by an operator that has lost status, because ECS is the memory', async () => {
    await rolledBack();
    story.forget();

    expect(await story.look()).toMatchObject({ verdict: 'refuse', reason: 'DeploymentFailed' });
    expect(await laterWrites()).toEqual([]);
  });

  test('is mended by another revision', async () => {
    await rolledBack();
    await story.define('web:3');
    story.wish({ taskDefinition: 'web:3' });

    await story.lookUntil('in-sync');

    expect(story.status()).toMatchObject({ revision: 'web:3' });
  });

  test('is tried again by a restart, once', async () => {
    await rolledBack();
    story.writes();
    story.annotate(ANNOTATIONS.restartAt, 'now');

    await story.lookUntil('wait');
    await story.lookUntil('refuse', 'DeploymentFailed');

    expect(story.writes()).toEqual(['UpdateService']);
    expect(await laterWrites()).toEqual([]);
  });

  test('does not keep the service from being scaled', async () => {
    await rolledBack();
    story.wish({ desiredCount: 4 });

    await story.lookUntil('refuse', 'DeploymentFailed');

    expect(story.status()).toMatchObject({ desiredCount: 4, revision: 'web:1' });
  });

  test('without a breaker is told while it goes on, with one look at the tasks', async () => {
    await running();
    await story.define('bad:1');
    story.wish({
      taskDefinition: 'web:2',
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: false } },
    });

    expect(await story.lookUntil('wait', 'DeploymentNotProgressing')).toMatchObject({
      message: expect.stringContaining('CannotPullContainerError'),
    });
    story.simulator.forgetCalls();
    for (let count = 0; count < 5; count += 1) {
      await story.pass(15_000);
      await story.look();
    }

    expect(story.simulator.calls.filter(({ action }) => action === 'ListTasks')).toEqual([]);
  });

  test('is superseded while it still rolls', async () => {
    await running();
    await story.define('bad:1');
    await story.define('web:3');
    story.wish({ taskDefinition: 'web:2' });
    await story.look();
    await story.pass(1_000);
    story.wish({ taskDefinition: 'web:3' });

    await story.lookUntil('in-sync');

    expect(story.status()).toMatchObject({ revision: 'web:3' });
  });
});

describe('a restart whose tasks do not start', () => {
  test('is no success, although ECS went back to the very revision that is wished', async () => {
    await restartedInVain();

    expect(story.writes()).toEqual(['UpdateService']);
    expect(await story.look()).toMatchObject({ verdict: 'refuse', reason: 'DeploymentFailed' });
  });

  test('is remembered by ECS, because status may be lost', async () => {
    await restartedInVain();
    story.forget();

    expect(await laterWrites()).toEqual([]);
    expect(await story.look()).toMatchObject({ verdict: 'refuse', reason: 'DeploymentFailed' });
  });
});

describe('a restart', () => {
  test('is one deployment', async () => {
    await running();
    const before = story.status().deployments?.[0]?.id;
    story.annotate(ANNOTATIONS.restartAt, '1');

    await story.lookUntil('wait');
    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['UpdateService']);
    expect(story.status().deployments?.[0]?.id).not.toBe(before);
    expect(story.status().restart).toEqual({ value: '1' });
    expect(await laterWrites()).toEqual([]);
  });

  test('is one deployment also where looks lag behind, because ECS would roll for each time it is asked', async () => {
    story = await beginStory(
      { taskDefinition: 'web:1', desiredCount: 2, launchType: 'FARGATE', ...NETWORK },
      { readLagMs: 5_000 },
    );
    await running();
    story.annotate(ANNOTATIONS.restartAt, '1');

    await story.lookUntil('change');
    await story.pass(20_000);
    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['UpdateService']);
  });

  test('that a crash kept from ECS is asked for again', async () => {
    await running();
    story.annotate(ANNOTATIONS.restartAt, '1');
    story.simulator.faults.add({ action: 'UpdateService', nth: 1, when: 'before', error: 'reset' });

    await expect(story.look()).rejects.toThrow('ECONNRESET');
    await story.lookUntil('in-sync');

    expect(story.status().restart).toEqual({ value: '1' });
    expect([...story.simulator.world.services.values()][0]?.deployments).toHaveLength(2);
  });

  test('is asked for by no annotation that was there before status was lost', async () => {
    await running();
    story.annotate(ANNOTATIONS.restartAt, '1');
    await story.lookUntil('wait');
    await story.lookUntil('in-sync');
    story.forget();

    expect(await laterWrites()).toEqual([]);
  });
});

describe('the end', () => {
  test.for([
    { name: 'drains and deletes', forceDelete: false, writes: ['UpdateService', 'DeleteService'] },
    { name: 'by force deletes at once', forceDelete: true, writes: ['DeleteService'] },
  ])('$name', async ({ forceDelete, writes }) => {
    await running();
    story.wish({ forceDelete });

    await story.lookUntilGone();

    expect(story.writes()).toEqual(writes);
  });

  test('leaves a retained service running, without our tags', async () => {
    await running();
    story.wish({ deletionPolicy: 'Retain' });

    await story.lookUntilGone();

    expect(story.writes()).toEqual(['UntagResource']);
  });
});

describe('answers in any order', () => {
  test('are no difference', async () => {
    story = await beginStory(
      {
        taskDefinition: 'web:1',
        desiredCount: 2,
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ['subnet-c', 'subnet-a', 'subnet-b'], securityGroups: ['sg-2', 'sg-1'] },
        },
        launchType: 'FARGATE',
        tags: [
          { key: 'b', value: '1' },
          { key: 'a', value: '2' },
        ],
      },
      { shuffleAnswers: true },
    );

    await story.lookUntil('in-sync');

    expect(story.writes()).toEqual(['CreateService']);
    expect(await laterWrites()).toEqual([]);
  });

  test('nor are answers that lag behind what was written', async () => {
    story = await beginStory(
      { taskDefinition: 'web:1', desiredCount: 2, launchType: 'FARGATE', ...NETWORK },
      { readLagMs: 5_000 },
    );
    await story.lookUntil('in-sync');
    await story.define('web:2');
    await story.pass(10_000);
    story.writes();
    story.wish({ taskDefinition: 'web:2' });
    await story.lookUntil('wait');
    await story.lookUntil('in-sync');

    expect(new Set(story.writes())).toEqual(new Set(['UpdateService']));
    expect(story.status()).toMatchObject({ revision: 'web:2', deployments: [{ rolloutState: 'COMPLETED' }] });
    expect([...story.simulator.world.services.values()][0]?.deployments).toHaveLength(2);
  });
});
