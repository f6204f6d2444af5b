import type { Service, ServiceDeployment, ServiceRevision, Task } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import {
  absence,
  aDeployment,
  anObject,
  aService,
  at,
  OWNER,
  revision,
  wishFor,
} from '../../../test/support/ecs-service-builders.ts';
import type { EcsGateway } from '../../aws/gateway.ts';
import type { Observation } from '../../core/plan.ts';
import type { ServiceState } from './model.ts';
import { createObserveService } from './observe.ts';

interface World {
  readonly service?: Service;
  readonly revisions?: readonly ServiceRevision[];
  readonly deployments?: readonly ServiceDeployment[];
  readonly tasks?: readonly Task[];
}

/** What a look reads, by name, and what it sees. */
function lookAt(world: World): {
  reads: string[];
  look(object?: ReturnType<typeof anObject>, isDeleting?: boolean): Promise<Observation<ServiceState>>;
} {
  const reads: string[] = [];
  const read = <Answer>(name: string, answer: Answer): Promise<Answer> => {
    reads.push(name);
    return Promise.resolve(answer);
  };
  const gateway = {
    describeService: () => read('service', world.service),
    describeServiceRevision: (arn: string) =>
      read(
        'revision',
        world.revisions?.find(({ serviceRevisionArn }) => serviceRevisionArn === arn),
      ),
    listServiceDeployments: () => read('deployments', (world.deployments ?? []).map(inBrief)),
    describeServiceDeployment: (arn: string) =>
      read(
        'deployment',
        world.deployments?.find(({ serviceDeploymentArn }) => serviceDeploymentArn === arn),
      ),
    listProtectedTasks: () => read('protected', []),
    listStoppedTasks: () => read('tasks', world.tasks ?? []),
    // What is read of scaling is a matter of scaling/observe.test.ts.
    describeScalableTarget: () => Promise.resolve(undefined),
  } as unknown as EcsGateway;
  const observe = createObserveService();
  return {
    reads,
    look(object = anObject(), isDeleting = false) {
      const goal = isDeleting ? absence(object) : ({ want: 'present', desired: wishFor(object) } as const);
      return observe({ cluster: 'shop', service: 'web', group: '' }, goal, gateway, new AbortController().signal);
    },
  };
}

/** What ListServiceDeployments shows of it (SDK type `ServiceDeploymentBrief`). */
function inBrief({ serviceDeploymentArn, status, createdAt, targetServiceRevision }: ServiceDeployment) {
  return { serviceDeploymentArn, status, createdAt, targetServiceRevisionArn: targetServiceRevision?.arn };
}

/** The PRIMARY deployment of `aService` was seen to have ended well. */
const SETTLED = { status: { completedDeploymentId: 'ecs-svc/1' } };

const failed = (id: string, changes: Partial<Task> = {}): Task => ({
  taskArn: `arn:aws:ecs:eu-west-1:123456789012:task/shop/${id}`,
  taskDefinitionArn: revision(1),
  createdAt: at(1_000),
  stoppedAt: at(500),
  stopCode: 'TaskFailedToStart',
  containers: [{ name: 'web', reason: 'CannotPullContainerError: no such image' }],
  ...changes,
});

describe('a look', () => {
  test('at what is not there is absence', async () => {
    expect(await lookAt({}).look()).toEqual({ exists: false });
  });

  test('at an INACTIVE service is absence with a trace, because the name is free and the next one is another', async () => {
    const service = aService({ status: 'INACTIVE', createdAt: at(0) });

    expect(await lookAt({ service }).look()).toEqual({ exists: false, formerly: at(0).toISOString() });
  });

  test('says whose the service is', async () => {
    expect(await lookAt({ service: aService() }).look()).toMatchObject({ exists: true, owner: OWNER });
    expect(await lookAt({ service: aService({ tags: [] }) }).look()).toMatchObject({ exists: true, owner: undefined });
  });

  test('takes one read where all is well', async () => {
    const { reads, look } = lookAt({ service: aService() });

    await look(anObject({}, SETTLED));

    expect(reads).toEqual(['service']);
  });

  test.for([
    { status: 'SUCCESSFUL', reads: ['service', 'deployments'], because: 'there is no more to know' },
    {
      status: 'ROLLBACK_SUCCESSFUL',
      reads: ['service', 'deployments', 'deployment', 'revision', 'tasks'],
      because: 'a way back to the same revision is no success',
    },
  ] as const)('asks how a rollout has just ended ($status), because $because', async ({ status, reads: expected }) => {
    const deployments = [{ serviceDeploymentArn: 'd', status, targetServiceRevision: { arn: 'r1' } }];
    const { reads, look } = lookAt({ service: aService(), deployments });

    await look();

    expect(reads).toEqual(expected);
  });

  test('takes one read on deletion, whatever differs', async () => {
    const { reads, look } = lookAt({ service: aService() });

    await look(anObject({ taskDefinition: revision(2), monitoring: {} }), true);

    expect(reads).toEqual(['service']);
  });

  test('asks what holds the tasks of a service that should be gone, once they take longer than usual', async () => {
    const going = { desiredCount: 0, runningCount: 1 };
    const soon = lookAt({ service: aService({ ...going, deployments: [aDeployment({ updatedAt: at(5_000) })] }) });
    const late = lookAt({ service: aService({ ...going, deployments: [aDeployment({ updatedAt: at(60_000) })] }) });

    await soon.look(anObject(), true);
    await late.look(anObject(), true);

    expect(soon.reads).toEqual(['service']);
    expect(late.reads).toEqual(['service', 'protected']);
  });

  test('asks for the history only where a deployment would be started', async () => {
    const scaled = lookAt({ service: aService() });
    const rolled = lookAt({ service: aService() });

    await scaled.look(anObject({ desiredCount: 5 }, SETTLED));
    await rolled.look(anObject({ taskDefinition: revision(2) }, SETTLED));

    expect(scaled.reads).toEqual(['service']);
    expect(rolled.reads).toEqual(['service', 'deployments']);
  });
});

describe('the revision', () => {
  const revisions: ServiceRevision[] = [
    { serviceRevisionArn: 'old', taskDefinition: revision(9), createdAt: at(3) },
    { serviceRevisionArn: 'now', taskDefinition: revision(1), createdAt: at(2) },
    { serviceRevisionArn: 'failed', taskDefinition: revision(2), createdAt: at(1) },
  ];
  const service = aService({ currentServiceRevisions: revisions.map(({ serviceRevisionArn: arn }) => ({ arn })) });

  test('is read where something is stated that nothing else shows, and is that of the PRIMARY deployment', async () => {
    const { look } = lookAt({ service, revisions });

    expect(await look(anObject({ monitoring: {} }))).toMatchObject({
      state: { revision: { serviceRevisionArn: 'now' } },
    });
  });

  test('is read where such a thing is to be cleared', async () => {
    const { reads, look } = lookAt({ service, revisions });

    await look(anObject({}, { status: { lastApplied: { fields: ['gatewayConnectors'] } } }));

    expect(reads).toContain('revision');
  });
});

describe('the tasks of a rollout that fails', () => {
  const rolling = aService({
    deployments: [aDeployment({ rolloutState: 'IN_PROGRESS', failedTasks: 2, createdAt: at(5_000), updatedAt: at(0) })],
  });

  test('are asked once', async () => {
    const { reads, look } = lookAt({ service: rolling, tasks: [failed('a'), failed('b')] });

    const first = await look();
    const second = await look();

    expect(first).toMatchObject({ state: { stoppedTasks: [{ id: 'a', hasStarted: false }, { id: 'b' }] } });
    expect(second).toEqual(first);
    expect(reads.filter((name) => name === 'tasks')).toHaveLength(1);
  });

  test('are asked again where none was to be seen yet', async () => {
    const { reads, look } = lookAt({ service: rolling });

    await look();
    await look();

    expect(reads.filter((name) => name === 'tasks')).toHaveLength(2);
  });

  test('are asked no more where ECS gave up long ago and none is to be seen', async () => {
    const newest = {
      serviceDeploymentArn: 'd',
      status: 'STOPPED',
      createdAt: at(900_000),
      finishedAt: at(800_000),
    } as const;
    const { reads, look } = lookAt({ service: aService(), deployments: [newest] });

    await look(anObject({ taskDefinition: revision(2) }));
    await look(anObject({ taskDefinition: revision(2) }));

    expect(reads.filter((name) => name === 'tasks')).toHaveLength(1);
  });

  test.for([
    { name: 'of another revision', task: failed('a', { taskDefinitionArn: revision(9) }) },
    { name: 'of an earlier deployment', task: failed('a', { createdAt: at(60_000) }) },
    { name: 'that a person stopped', task: failed('a', { stopCode: 'UserInitiated' }) },
    {
      name: 'that ECS scaled away',
      task: failed('a', {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Scaling activity initiated by (deployment x)',
      }),
    },
  ])('say nothing if they are tasks $name', async ({ task }) => {
    expect(await lookAt({ service: rolling, tasks: [task] }).look()).toMatchObject({ state: { stoppedTasks: [] } });
  });

  test('tell the code that their container ended with', async () => {
    const task = failed('a', {
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [
        { name: 'log', exitCode: 0 },
        { name: 'web', exitCode: 137 },
      ],
    });

    expect(await lookAt({ service: rolling, tasks: [task] }).look()).toMatchObject({
      state: {
        stoppedTasks: [
          { reason: 'Essential container in task exited (container web exited with 137)', hasStarted: true },
        ],
      },
    });
  });

  test('are those of the revision that ECS gave up, once it has', async () => {
    const deployments: ServiceDeployment[] = [
      {
        serviceDeploymentArn: 'd',
        status: 'ROLLBACK_SUCCESSFUL',
        createdAt: at(5_000),
        targetServiceRevision: { arn: 'r2' },
      },
    ];
    const revisions = [{ serviceRevisionArn: 'r2', taskDefinition: revision(2) }];
    const tasks = [failed('old'), failed('new', { taskDefinitionArn: revision(2) })];

    const sight = await lookAt({ service: aService(), deployments, revisions, tasks }).look(
      anObject({ taskDefinition: revision(2) }),
    );

    expect(sight).toMatchObject({
      state: { newest: { target: { taskDefinition: revision(2) } }, stoppedTasks: [{ id: 'new' }] },
    });
  });
});
