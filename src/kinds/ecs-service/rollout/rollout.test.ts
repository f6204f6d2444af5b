import type { Deployment, Service } from '@aws-sdk/client-ecs';
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
} from '../../../../test/support/ecs-service-builders.ts';
import type { EcsServiceSpec } from '../schema.ts';
import { pollAfterMs } from './rollout-pace.ts';

const MINUTE = 60_000;
const BREAKER = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };
const rolling = (changes: Partial<Deployment> = {}): Deployment =>
  aDeployment({
    rolloutState: 'IN_PROGRESS',
    runningCount: 1,
    createdAt: at(MINUTE),
    updatedAt: at(1_000),
    ...changes,
  });

interface Row {
  readonly name: string;
  readonly because: string;
  readonly spec?: Partial<EcsServiceSpec>;
  readonly live: Partial<Service>;
}

describe('in sync', () => {
  test.for<Row>([
    { name: 'once the only deployment is complete', because: 'ECS has finished', live: {} },
    { name: 'with more tasks than wished', because: 'surplus is not unready', live: { runningCount: 5 } },
    {
      name: 'with fewer tasks than a count that others own',
      because: 'they scale, and one task serves',
      live: { desiredCount: 9, runningCount: 1 },
    },
    {
      name: 'with no task where none is wanted',
      because: 'nothing is what was asked for',
      spec: { desiredCount: 0 },
      live: { desiredCount: 0, runningCount: 0 },
    },
    {
      name: 'without a state and without pending tasks',
      because: 'ECS tells no state of some services',
      live: { deployments: [aDeployment({ rolloutState: undefined })] },
    },
    {
      name: 'of others’ deployments once their task set is stable',
      because: 'ECS says so of task sets',
      live: {
        deploymentController: { type: 'EXTERNAL' },
        deployments: [],
        taskSets: [{ status: 'PRIMARY', stabilityStatus: 'STEADY_STATE', taskDefinition: revision(1) }],
      },
    },
  ])('$name, because $because', ({ spec, live }) => {
    expect(planFor(anObject(spec), observed(aService(live)))).toMatchObject({ verdict: 'in-sync' });
  });
});

describe('waiting', () => {
  test.for<Row & { reason: string; words: RegExp }>([
    {
      name: 'while it rolls',
      because: 'the newest deployment is not complete',
      live: { deployments: [rolling()] },
      reason: 'RolloutInProgress',
      words: /1 of 2 tasks of web:1 run/,
    },
    {
      name: 'while an older deployment has tasks',
      because: 'the wanted revision must be the only one',
      live: {
        deployments: [
          aDeployment({ updatedAt: at(1_000) }),
          aDeployment({ id: 'old', status: 'ACTIVE', taskDefinition: revision(9) }),
        ],
      },
      reason: 'RolloutInProgress',
      words: /web:1/,
    },
    {
      name: 'while tasks are pending and ECS tells no state',
      because: 'that is all there is to see',
      live: { deployments: [aDeployment({ rolloutState: undefined, pendingCount: 1, updatedAt: at(0) })] },
      reason: 'RolloutInProgress',
      words: /tasks/,
    },
    {
      name: 'while tasks of a stated count are missing',
      because: 'a complete rollout can lose tasks',
      spec: { desiredCount: 2 },
      live: { runningCount: 1 },
      reason: 'TasksMissing',
      words: /1 of 2/,
    },
    {
      name: 'for the first of others’ tasks',
      because: 'none serves',
      live: { desiredCount: 4, runningCount: 0 },
      reason: 'TasksMissing',
      words: /0 of 1/,
    },
    {
      name: 'while tasks fail and a breaker counts',
      because: 'ECS will end it',
      spec: BREAKER,
      live: { ...BREAKER, deployments: [rolling({ failedTasks: 2 })] },
      reason: 'RolloutInProgress',
      words: /2 failed/,
    },
    {
      name: 'in vain while tasks fail without a breaker',
      because: 'nobody will end it',
      live: { deployments: [rolling({ failedTasks: 1 })] },
      reason: 'DeploymentNotProgressing',
      words: /1 failed/,
    },
    {
      name: 'in vain after ten minutes without a move',
      because: 'capacity or health may be missing',
      spec: BREAKER,
      live: { ...BREAKER, deployments: [rolling({ updatedAt: at(11 * MINUTE) })] },
      reason: 'DeploymentNotProgressing',
      words: /1 of 2/,
    },
    {
      name: 'in vain with the last words of ECS, older than the deployment',
      because: 'what has moved since would have been told after them',
      live: {
        deployments: [rolling({ createdAt: at(12 * MINUTE), updatedAt: at(11 * MINUTE) })],
        events: [{ createdAt: at(20 * MINUTE), message: '(service web) was unable to stop or start tasks' }],
      },
      reason: 'DeploymentNotProgressing',
      words: /; ECS says: \(service web\) was unable to stop or start tasks/,
    },
    {
      name: 'in vain without words that a later move has answered',
      because: 'they were about the deployment before',
      live: {
        deployments: [rolling({ createdAt: at(12 * MINUTE), updatedAt: at(11 * MINUTE) })],
        events: [
          { createdAt: at(15 * MINUTE), message: '(service web) has reached a steady state.' },
          { createdAt: at(20 * MINUTE), message: '(service web) was unable to stop or start tasks' },
        ],
      },
      reason: 'DeploymentNotProgressing',
      words: /run$/,
    },
    {
      name: 'patiently where traffic is shifted',
      because: 'it bakes on purpose',
      live: {
        deploymentConfiguration: { strategy: 'BLUE_GREEN' },
        deployments: [rolling({ updatedAt: at(30 * MINUTE) })],
      },
      reason: 'RolloutInProgress',
      words: /1 of 2/,
    },
    {
      name: 'for a task set',
      because: 'somebody else makes it',
      live: { deploymentController: { type: 'EXTERNAL' }, deployments: [], taskSets: [] },
      reason: 'AwaitingTaskSet',
      words: /EXTERNAL makes it/,
    },
    {
      name: 'for a task set that is not stable',
      because: 'it is not done',
      live: {
        deploymentController: { type: 'CODE_DEPLOY' },
        deployments: [],
        taskSets: [{ status: 'PRIMARY', stabilityStatus: 'STABILIZING', runningCount: 1, computedDesiredCount: 2 }],
      },
      reason: 'AwaitingTaskSet',
      words: /1 of 2/,
    },
  ])('$name, because $because', ({ spec, live, reason, words }) => {
    const verdict = planFor(anObject(spec), observed(aService(live)));

    expect(verdict).toMatchObject({ verdict: 'wait', reason, message: expect.stringMatching(words) });
  });

  test('tells why tasks stopped', () => {
    const stoppedTasks = [
      { id: 'a', reason: 'CannotPullContainerError: no such image', hasStarted: false, stoppedAt: at(0) },
      { id: 'b', reason: 'CannotPullContainerError: no such image', hasStarted: false, stoppedAt: at(0) },
    ];

    const verdict = planFor(
      anObject(),
      observed(aService({ deployments: [rolling({ failedTasks: 2 })] }), { stoppedTasks }),
    );

    expect(verdict).toMatchObject({
      message:
        '1 of 2 tasks of web:1 run, 2 failed; tasks failed to start (2 of 2: CannotPullContainerError: no such image)',
    });
  });
});

describe('looking again', () => {
  test.for([
    [0, 2_000],
    [10_000, 2_000],
    [50_000, 5_000],
    [10 * MINUTE, 15_000],
  ] as const)('%i ms into a rollout is after %i ms', ([age, ms]) => {
    expect(pollAfterMs(at(age), NOW)).toBe(ms);
  });
});

describe('a service that is only observed', () => {
  const object = anObject(
    { managementPolicy: 'Observe' },
    { annotations: { 'ecs-operator.dev/restart-at': 'now' }, status: { restart: { value: '' } } },
  );

  test('is judged by its rollout though it is not ours, because our tags are nothing that it lacks', () => {
    const failed = aService({ tags: [], deployments: [aDeployment({ rolloutState: 'FAILED' })] });

    expect(planFor(object, observed(failed))).toMatchObject({ verdict: 'refuse', reason: 'DeploymentFailed' });
    expect(planFor(object, observed(aService({ tags: [] })))).toMatchObject({ verdict: 'in-sync' });
  });
});

describe.each(['CODE_DEPLOY', 'EXTERNAL'] as const)('a service that %s deploys', (type) => {
  const live = aService({
    deploymentController: { type },
    deployments: [],
    taskSets: [{ status: 'PRIMARY', stabilityStatus: 'STEADY_STATE', taskDefinition: revision(4) }],
  });

  test('is not restarted, because ECS refuses that; it says so', () => {
    const object = anObject(
      { taskDefinition: revision(4) },
      { annotations: { 'ecs-operator.dev/restart-at': '2' }, status: { restart: { value: '1' } } },
    );

    expect(planFor(object, observed(live))).toEqual({
      verdict: 'in-sync',
      message: `${type} deploys this service: only that can restart it, so restart-at is not followed`,
    });
  });

  test('runs a bare family with any revision of it', () => {
    expect(planFor(anObject({ taskDefinition: 'web' }), observed(live))).toEqual({ verdict: 'in-sync' });
    expect(planFor(anObject({ taskDefinition: 'api' }), observed(live))).toMatchObject({
      message: `${type} deploys this service: it runs web:4, not api`,
    });
  });
});
