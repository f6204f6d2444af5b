import type { ServiceEvent } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import {
  absence,
  aDeployment,
  anObject,
  aService,
  at,
  CLUSTER_ARN,
  NOW,
  newest,
  observed,
  revision,
  SERVICE_ARN,
  wishFor,
} from '../../../test/support/ecs-service-builders.ts';
import { ANNOTATIONS } from '../../api/group.ts';
import type { Observation } from '../../core/plan.ts';
import type { ServiceState } from './model.ts';
import { reportService } from './report.ts';
import { EcsServiceStatus } from './schema.ts';

function reportOf(object = anObject(), sight: Observation<ServiceState> = observed(aService())) {
  return reportService(object, { want: 'present', desired: wishFor(object) }, sight, NOW);
}

describe('the status', () => {
  test('says what ECS says', () => {
    const { status } = reportOf(
      anObject(),
      observed(aService({ loadBalancers: [{ targetGroupArn: 'arn:tg' }, { loadBalancerName: 'old' }] })),
    );

    expect(status).toMatchObject({
      arn: SERVICE_ARN,
      clusterArn: CLUSTER_ARN,
      taskDefinition: revision(1),
      revision: 'web:1',
      state: 'ACTIVE',
      desiredCount: 2,
      runningCount: 2,
      pendingCount: 0,
      rolloutState: 'COMPLETED',
      deployments: [
        { id: 'ecs-svc/1', status: 'PRIMARY', taskDefinition: revision(1), createdAt: at(3_600_000).toISOString() },
      ],
      targetGroups: ['arn:tg'],
      selector: 'ecs-operator.dev/uid=uid-1',
    });
    expect(EcsServiceStatus.safeParse(status).success).toBe(true);
  });

  test('is the same for the same sight, because an equal status is not written', () => {
    expect(reportOf()).toEqual(reportOf());
  });

  test('shows the revision of others’ task set, because they deploy', () => {
    const live = aService({
      deploymentController: { type: 'EXTERNAL' },
      deployments: [],
      taskSets: [{ status: 'PRIMARY', taskDefinition: revision(7) }],
    });

    expect(reportOf(anObject(), observed(live)).status).toMatchObject({ revision: 'web:7' });
  });

  test('shows each task set as a deployment, because its revision must not be cleaned up', () => {
    const live = aService({
      deploymentController: { type: 'CODE_DEPLOY' },
      deployments: [],
      taskSets: [
        { id: 'ecs-svc/2', status: 'ACTIVE', taskDefinition: revision(8), computedDesiredCount: 2, runningCount: 1 },
        { id: 'ecs-svc/1', status: 'PRIMARY', taskDefinition: revision(7), computedDesiredCount: 2, runningCount: 2 },
      ],
    });

    const { status } = reportOf(anObject(), observed(live));

    expect(status.deployments).toEqual([
      { id: 'ecs-svc/2', status: 'ACTIVE', taskDefinition: revision(8), desiredCount: 2, runningCount: 1 },
      { id: 'ecs-svc/1', status: 'PRIMARY', taskDefinition: revision(7), desiredCount: 2, runningCount: 2 },
    ]);
    expect(EcsServiceStatus.safeParse(status).success).toBe(true);
  });

  test('remembers a creation until the service is seen, because answers can be behind', () => {
    const creating = { at: at(500).toISOString() };
    const object = anObject({}, { status: { creating } });

    expect(reportOf(object, { exists: false }).status.creating).toEqual(creating);
    expect(reportOf(object).status.creating).toBeUndefined();
  });

  test('has a selector before there is a service, because autoscalers refuse an empty one', () => {
    expect(reportOf(anObject(), { exists: false }).status).toMatchObject({ selector: 'ecs-operator.dev/uid=uid-1' });
  });

  test('remembers the cluster and the last service when it is gone, because both are needed later', () => {
    const object = anObject(
      {},
      { status: { clusterArn: CLUSTER_ARN, createdAt: '2026-01-01T00:00:00.000Z', arn: SERVICE_ARN } },
    );

    const { status } = reportOf(object, { exists: false });

    expect(status).toMatchObject({ clusterArn: CLUSTER_ARN, createdAt: '2026-01-01T00:00:00.000Z' });
    expect(status).not.toHaveProperty('arn');
    expect(reportOf(object, { exists: false, formerly: '2026-01-02T00:00:00.000Z' }).status).toMatchObject({
      createdAt: '2026-01-02T00:00:00.000Z',
    });
  });

  test.for([
    ['a service that is there', observed(aService())],
    ['one that is not', { exists: false } as const],
  ] as const)('under Observe remembers nothing of %s, because nothing was put', ([, sight]) => {
    const status = { lastApplied: { fields: ['loadBalancers'], tagKeys: ['team'] } };
    const object = anObject({ managementPolicy: 'Observe' }, { status });

    expect(wishFor(object).applied).toBeUndefined();
    expect(reportOf(object, sight).status).not.toHaveProperty('lastApplied');
  });

  test('keeps the memory of what was put while the object is deleted', () => {
    const lastApplied = { fields: ['loadBalancers'], tagKeys: [] };
    const object = anObject({}, { status: { lastApplied } });

    expect(reportService(object, absence(object), observed(aService()), NOW).status).toMatchObject({ lastApplied });
  });
});

function asks(value: string, restart?: EcsServiceStatus['restart']): ReturnType<typeof anObject> {
  return anObject({}, { annotations: { [ANNOTATIONS.restartAt]: value }, ...(restart && { status: { restart } }) });
}

describe('the memory of restarts', () => {
  test.for([
    { name: 'takes what a new object has', because: 'it asks for nothing', object: asks('1'), restart: { value: '1' } },
    {
      name: 'begins empty',
      because: 'a first annotation must be told from an old one',
      object: anObject(),
      restart: { value: '' },
    },
    {
      name: 'keeps the old value',
      because: 'the new one is not answered yet',
      object: asks('2', { value: '1' }),
      restart: { value: '1' },
    },
    {
      name: 'keeps the intent',
      because: 'the deployment is still the same',
      object: asks('2', { value: '2', deploymentId: 'ecs-svc/1' }),
      restart: { value: '2', deploymentId: 'ecs-svc/1' },
    },
    {
      name: 'drops the deployment once there is another',
      because: 'a rollback may bring the old one back',
      object: asks('2', { value: '2', deploymentId: 'ecs-svc/0' }),
      restart: { value: '2' },
    },
  ])('$name, because $because', ({ object, restart }) => {
    expect(reportOf(object).status.restart).toEqual(restart);
  });

  test('counts a creation as the answer', () => {
    expect(reportOf(asks('2', { value: '1' }), { exists: false }).status.restart).toEqual({ value: '2' });
  });
});

function event(id: string, message: string, age = 0): ServiceEvent {
  return { id, message, createdAt: at(age) };
}

describe('notices', () => {
  test('are ECS’s events by ECS’s ids, those of trouble as warnings', () => {
    const events = [
      event('e2', '(service web) was unable to place a task. Reason: no capacity.'),
      event('e1', '(service web) has reached a steady state.'),
    ];

    expect(reportOf(anObject(), observed(aService({ events }))).notices).toEqual([
      { id: 'uid-1/e1', type: 'Normal', reason: 'ServiceEvent', message: '(service web) has reached a steady state.' },
      {
        id: 'uid-1/e2',
        type: 'Warning',
        reason: 'ServiceWarning',
        message: '(service web) was unable to place a task. Reason: no capacity.',
      },
    ]);
  });

  test('leave out what is older than an hour, because it was told', () => {
    expect(reportOf(anObject(), observed(aService({ events: [event('e1', 'x', 3_600_000)] }))).notices).toEqual([]);
  });

  test('have the tasks that stopped, because their reasons are gone soon', () => {
    const stoppedTasks = [{ id: 't1', reason: 'OutOfMemory', hasStarted: true, stoppedAt: at(1_000) }];
    const sight = observed(aService({ deployments: [aDeployment()] }), { stoppedTasks, newest: newest('STOPPED', {}) });

    expect(reportOf(anObject(), sight).notices).toEqual([
      { id: 'uid-1/task-t1', type: 'Warning', reason: 'TaskStopped', message: 'task t1 stopped: OutOfMemory' },
    ]);
  });
});
