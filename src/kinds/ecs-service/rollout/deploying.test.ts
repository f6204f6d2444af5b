import { describe, expect, test } from 'vitest';
import {
  aDeployment,
  anObject,
  aService,
  at,
  NOW,
  observed,
  planFor,
  revision,
  SERVICE_ARN,
  surroundings,
  updateOf,
} from '../../../../test/support/ecs-service-builders.ts';
import { beginStory } from '../../../../test/support/service-story.ts';
import { ANNOTATIONS } from '../../../api/group.ts';
import { desireService } from '../desire.ts';
import { reportService } from '../report.ts';
import type { EcsServiceStatus } from '../schema.ts';

type Deploying = EcsServiceStatus['deploying'];

const WISH = { taskDefinition: revision(2) };
const BEFORE = observed(aService());

/** What is announced before that wish is sent. */
function announced(wish: Parameters<typeof anObject>[0] = WISH): Deploying {
  const plan = planFor(anObject(wish), BEFORE);
  return plan.verdict === 'change' ? plan.intents?.deploying : undefined;
}

function asked(msAgo: number, wish?: Parameters<typeof anObject>[0]): { status: Partial<EcsServiceStatus> } {
  const { digest = '' } = announced(wish) ?? {};
  return { status: { deploying: { digest, at: at(msAgo).toISOString() } } };
}

describe('a deployment', () => {
  test('is announced with the moment of its request', () => {
    const plan = planFor(anObject(WISH), BEFORE);

    expect(plan).toMatchObject({
      intents: { deploying: { digest: expect.any(String), at: new Date(NOW).toISOString() } },
      stamp: { intent: 'deploying', call: 'UpdateService' },
    });
  });

  test('that is a restart is announced as such', () => {
    const object = anObject(
      {},
      { annotations: { [ANNOTATIONS.restartAt]: 'now' }, status: { restart: { value: '' } } },
    );

    const plan = planFor(object, BEFORE);

    expect(plan).toMatchObject({
      intents: { restart: { value: 'now', deploymentId: 'ecs-svc/1', at: new Date(NOW).toISOString() } },
      stamp: { intent: 'restart', call: 'UpdateService' },
    });
    expect(plan).not.toHaveProperty('intents.deploying');
  });

  test('is not announced where none begins', () => {
    expect(announced({ desiredCount: 3 })).toBeUndefined();
  });

  test('is not asked for twice where ECS shows what it showed before, because it may have failed meanwhile', () => {
    expect(planFor(anObject(WISH, asked(9_000)), BEFORE)).toEqual({
      verdict: 'wait',
      reason: 'RolloutInProgress',
      message: 'ECS was asked to roll out web:2 and does not show it yet',
      pollAfterMs: 2_000,
    });
  });

  test.for([
    { name: 'looks have caught up', object: anObject(WISH, asked(10_000)), sight: BEFORE },
    { name: 'the clock was set back since', object: anObject(WISH, asked(-60_000)), sight: BEFORE },
    { name: 'the wish is another', object: anObject({ taskDefinition: revision(3) }, asked(1_000)), sight: BEFORE },
    {
      name: 'ECS shows something else',
      object: anObject(WISH, asked(1_000)),
      sight: observed(aService({ deployments: [aDeployment({ taskDefinition: revision(7) })] })),
    },
    {
      name: 'a restart is asked for',
      object: anObject(WISH, {
        annotations: { [ANNOTATIONS.restartAt]: 'now' },
        status: { ...asked(1_000).status, restart: { value: '' } },
      }),
      sight: BEFORE,
    },
  ])('is asked for where $name', ({ object, sight }) => {
    expect(updateOf(planFor(object, sight))).toMatchObject({ taskDefinition: object.spec.taskDefinition });
  });

  test('holds up nothing else while it is awaited', () => {
    const object = anObject({ ...WISH, desiredCount: 3 }, asked(1_000));

    const plan = planFor(object, BEFORE);

    expect(updateOf(plan)).toEqual({ cluster: object.spec.cluster, service: 'web', desiredCount: 3 });
    expect(plan).not.toHaveProperty('stamp');
  });

  test('that begins with a bare family is one as well', () => {
    const family = { taskDefinition: 'web', desiredCount: 3 };

    expect(announced(family)).toBeDefined();
    expect(updateOf(planFor(anObject(family, asked(1_000, family)), BEFORE))).not.toHaveProperty('taskDefinition');
  });
});

describe('the announcement', () => {
  const done = aDeployment({ id: 'ecs-svc/2', taskDefinition: revision(2) });

  test.for([
    { name: 'stays while ECS shows what was before', service: aService(), isKept: true },
    {
      name: 'stays while ECS rolls out, because the next look may be behind this one',
      service: aService({ deployments: [{ ...done, rolloutState: 'IN_PROGRESS' }] }),
      isKept: true,
    },
    { name: 'goes once ECS has rolled it out', service: aService({ deployments: [done] }), isKept: false },
  ])('$name', ({ service, isKept }) => {
    const object = anObject(WISH, asked(1_000));
    const goal = { want: 'present', desired: desireService(object, surroundings()) } as const;

    const { status } = reportService(object, goal, observed(service), NOW);

    expect(status.deploying).toEqual(isKept ? object.status.deploying : undefined);
  });

  test('goes with the service', () => {
    const object = anObject(WISH, { status: { ...asked(1_000).status, arn: SERVICE_ARN } });
    const goal = { want: 'present', desired: desireService(object, surroundings()) } as const;

    expect(reportService(object, goal, { exists: false }, NOW).status).not.toHaveProperty('deploying');
  });
});

describe('a deployment that fails sooner than looks show that it has begun', () => {
  test('is begun once, because a second request would roll the service once more', async () => {
    const story = await beginStory(
      {
        taskDefinition: 'web:1',
        desiredCount: 2,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1'] } },
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      },
      { readLagMs: 5_000 },
    );
    await story.define('web:broken');
    story.simulator.world.behaviours.add({ image: /broken/, becomes: 'cannot-pull', afterMs: 500 });
    await story.lookUntil('in-sync');
    story.writes();

    story.wish({ taskDefinition: 'web:2' });
    await story.lookUntil('refuse', 'DeploymentFailed');

    expect(story.writes()).toEqual(['UpdateService']);
  });
});
