import type { ObjectName, Stage } from '../support/operator-stage.ts';
import { BREAKER, clusterNamed, definitionOf, serviceNamed } from '../support/shop-objects.ts';
import type { Act, Scenario } from './scenario.ts';

const CLUSTER: ObjectName = 'EcsCluster/shop';
const DEFINITION: ObjectName = 'EcsTaskDefinition/web';
const SERVICE: ObjectName = 'EcsService/web';
const STACK = [CLUSTER, DEFINITION, SERVICE] as const;

const cluster = clusterNamed('shop');

function definition(image = 'shop/web:1') {
  return definitionOf('web', image);
}

function containers(image: string) {
  return { containerDefinitions: [{ name: 'app', image }] };
}

function ready(...names: readonly ObjectName[]): Act['until'] {
  return (stage) => stage.areReady(...names);
}

function gone(...names: readonly ObjectName[]): Act['until'] {
  return (stage) => names.every((name) => stage.object(name) === undefined);
}

function change(name: ObjectName, spec: Readonly<Record<string, unknown>>, until: Act['until']): Act {
  return { act: (stage) => stage.change(name, spec), until };
}

function remove(...names: readonly ObjectName[]): Act {
  return { act: (stage) => stage.remove(...names), until: gone(...names) };
}

function stackOf(service = serviceNamed('web')): readonly Act[] {
  return [{ act: (stage) => stage.apply(cluster, definition(), service), until: ready(...STACK) }];
}

function breakImages({ simulator }: Stage): void {
  simulator.world.behaviours.add({ image: /broken/, becomes: 'cannot-pull', afterMs: 1_000 });
}

const WAITING: Act['until'] = (stage) => stage.unreadyBy(SERVICE) === 'DependencyNotReady';

export const CREATION: readonly Scenario[] = [
  {
    name: 'a cluster is created',
    acts: [{ act: (stage) => stage.apply(cluster), until: ready(CLUSTER) }],
    calls: ['CreateCluster'],
  },
  {
    name: 'a task definition is registered',
    acts: [{ act: (stage) => stage.apply(definition()), until: ready(DEFINITION) }],
    calls: ['RegisterTaskDefinition'],
  },
  { name: 'the whole stack is applied at once', acts: stackOf() },
  {
    name: 'the stack is applied from its end',
    acts: [
      { act: (stage) => stage.apply(serviceNamed('web')), until: WAITING },
      { act: (stage) => stage.apply(definition()), until: ready(DEFINITION) },
      { act: (stage) => stage.apply(cluster), until: ready(...STACK) },
    ],
  },
  {
    name: 'ECS refuses a service, and then takes it',
    given: [{ act: (stage) => stage.apply(cluster), until: ready(CLUSTER) }],
    acts: [
      {
        act(stage) {
          const { taskDefinitionRef: _, ...spec } = serviceNamed('web').spec;
          stage.apply({ ...serviceNamed('web'), spec: { ...spec, taskDefinition: 'web:1' } });
        },
        until: (stage) => stage.stalledBy(SERVICE) === 'Rejected',
      },
      {
        async act(stage) {
          await stage.simulator.call('RegisterTaskDefinition', { family: 'web', ...definition().spec });
          stage.annotate(SERVICE, { 'ecs-operator.dev/reconcile-at': '1' });
        },
        until: ready(SERVICE),
      },
    ],
  },
  {
    name: 'equal resources are adopted',
    given: [{ act: makeByHand, until: ({ simulator }) => isSteady(simulator) }],
    acts: [
      {
        act: (stage) =>
          stage.apply(
            ...[cluster, definition(), serviceNamed('web')].map((object) => ({
              ...object,
              spec: { ...object.spec, adoptionPolicy: 'Adopt' },
            })),
          ),
        until: ready(...STACK),
      },
    ],
    calls: ['TagResource', 'TagResource', 'TagResource'],
  },
];

async function makeByHand({ simulator }: Stage): Promise<void> {
  await simulator.call('CreateCluster', { clusterName: 'shop' });
  await simulator.call('RegisterTaskDefinition', { family: 'web', ...definition().spec });
  const { clusterRef: _, taskDefinitionRef: __, ...service } = serviceNamed('web').spec;
  await simulator.call('CreateService', { serviceName: 'web', cluster: 'shop', taskDefinition: 'web', ...service });
}

function isSteady(simulator: Stage['simulator']): boolean {
  simulator.settle();
  return [...simulator.world.services.values()].every(
    ({ service }) => service.deployments?.[0]?.rolloutState === 'COMPLETED',
  );
}

export const CHANGE: readonly Scenario[] = [
  {
    name: 'a new image, and the old one again',
    given: stackOf(),
    acts: [
      change(DEFINITION, containers('shop/web:2'), ready(...STACK)),
      change(DEFINITION, containers('shop/web:1'), ready(...STACK)),
    ],
    calls: ['RegisterTaskDefinition', 'UpdateService', 'UpdateService'],
  },
  {
    name: 'a service is scaled out, and in again',
    given: stackOf(),
    acts: [change(SERVICE, { desiredCount: 4 }, ready(SERVICE)), change(SERVICE, { desiredCount: 1 }, ready(SERVICE))],
    calls: ['UpdateService', 'UpdateService'],
  },
  {
    name: 'tags are put, changed and taken off',
    given: stackOf(),
    acts: [tagAll([{ key: 'team', value: 'a' }]), tagAll([{ key: 'team', value: 'b' }]), tagAll(null)],
  },
  {
    name: 'an immutable change, and back',
    given: stackOf(),
    acts: [
      change(SERVICE, { launchType: 'EC2' }, (stage) => stage.stalledBy(SERVICE) === 'ImmutableField'),
      change(SERVICE, { launchType: 'FARGATE' }, ready(SERVICE)),
    ],
    calls: [],
  },
  {
    name: 'a restart is asked for',
    given: stackOf(),
    acts: [
      {
        act: (stage) => stage.annotate(SERVICE, { 'ecs-operator.dev/restart-at': 'now' }),
        until: (stage) => stage.areReady(SERVICE) && rolloutsOf(stage) === 2,
      },
    ],
    calls: ['UpdateService'],
  },
  {
    name: 'changes and deletion behind our back',
    given: stackOf(),
    acts: [
      {
        async act(stage) {
          await stage.simulator.call('UpdateService', { cluster: 'shop', service: 'web', desiredCount: 5 });
          stage.annotate(SERVICE, { 'ecs-operator.dev/reconcile-at': '1' });
        },
        until: (stage) => stage.areReady(SERVICE) && stage.object(SERVICE)?.status['desiredCount'] === 2,
      },
      {
        async act(stage) {
          await stage.simulator.call('DeleteService', { cluster: 'shop', service: 'web', force: true });
          stage.annotate(SERVICE, { 'ecs-operator.dev/reconcile-at': '2' });
        },
        until: (stage) => stage.areReady(SERVICE) && isSteadyAgain(stage),
      },
    ],
  },
];

function rolloutsOf({ simulator }: Stage): number {
  return [...simulator.world.services.values()].reduce((sum, { deployments }) => sum + deployments.length, 0);
}

function isSteadyAgain({ simulator }: Stage): boolean {
  return [...simulator.world.services.values()].some(
    ({ service }) => service.status === 'ACTIVE' && service.deployments?.[0]?.rolloutState === 'COMPLETED',
  );
}

function tagAll(tags: readonly { readonly key: string; readonly value: string }[] | null): Act {
  return {
    act: (stage) => {
      for (const name of STACK) stage.change(name, { tags });
    },
    until: ready(...STACK),
  };
}

export const ROLLOUT: readonly Scenario[] = [
  {
    name: 'a rollout is rolled back, then mended',
    given: stackOf(serviceNamed('web', BREAKER)),
    acts: [
      {
        act(stage) {
          breakImages(stage);
          stage.change(DEFINITION, containers('shop/web:broken'));
        },
        until: (stage) => stage.stalledBy(SERVICE) === 'DeploymentFailed',
      },
      change(DEFINITION, containers('shop/web:2'), ready(...STACK)),
    ],
    calls: ['RegisterTaskDefinition', 'UpdateService', 'RegisterTaskDefinition', 'UpdateService'],
  },
  {
    name: 'a rollout is left failed, then mended',
    given: stackOf(
      serviceNamed('web', {
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
      }),
    ),
    acts: [
      {
        act(stage) {
          breakImages(stage);
          stage.change(DEFINITION, containers('shop/web:broken'));
        },
        until: (stage) => stage.stalledBy(SERVICE) === 'DeploymentFailed',
      },
      change(DEFINITION, containers('shop/web:2'), ready(...STACK)),
    ],
    calls: ['RegisterTaskDefinition', 'UpdateService', 'RegisterTaskDefinition', 'UpdateService'],
  },
  {
    name: 'a rollout gets nowhere, then is mended',
    given: stackOf(),
    acts: [
      {
        act(stage) {
          breakImages(stage);
          stage.change(DEFINITION, containers('shop/web:broken'));
        },
        until: (stage) => stage.unreadyBy(SERVICE) === 'DeploymentNotProgressing',
      },
      change(DEFINITION, containers('shop/web:2'), ready(...STACK)),
    ],
    calls: ['RegisterTaskDefinition', 'UpdateService', 'RegisterTaskDefinition', 'UpdateService'],
  },
];

export const DELETION: readonly Scenario[] = [
  {
    name: 'the stack is deleted piece by piece',
    given: stackOf(),
    acts: [remove(SERVICE), remove(DEFINITION), remove(CLUSTER)],
  },
  {
    name: 'the stack is deleted from its ground',
    given: stackOf(),
    acts: [
      { act: (stage) => stage.remove(CLUSTER), until: (stage) => stage.unreadyBy(CLUSTER) === 'ClusterNotEmpty' },
      { act: (stage) => stage.remove(DEFINITION), until: (stage) => stage.unreadyBy(DEFINITION) === 'InUse' },
      { act: (stage) => stage.remove(SERVICE), until: gone(...STACK) },
    ],
  },
  {
    name: 'everything is deleted at once',
    given: stackOf(),
    acts: [{ act: (stage) => stage.removeAll(), until: gone(...STACK) }],
  },
  {
    name: 'deleted and made again by the same names',
    given: stackOf(),
    acts: [{ act: (stage) => stage.removeAll(), until: gone(...STACK) }, ...stackOf()],
  },
  ...[10, 1_000, 4_000].map((lullMs) => ({
    name: `the stack is deleted after ${lullMs} ms`,
    acts: [
      { act: (stage: Stage) => stage.apply(cluster, definition(), serviceNamed('web')), until: () => true, lullMs },
      { act: (stage: Stage) => stage.removeAll(), until: gone(...STACK) },
    ],
    isHasty: true,
  })),
  {
    name: 'the stack is deleted right after its service was asked for',
    acts: [
      {
        act: (stage) => stage.apply(cluster, definition(), serviceNamed('web')),
        until: (stage) => stage.object(SERVICE)?.status['creating'] !== undefined,
        lullMs: 50,
      },
      { act: (stage) => stage.removeAll(), until: gone(...STACK) },
    ],
    isHasty: true,
  },
  {
    name: 'a retained stack is deleted',
    given: stackOf(),
    acts: [
      {
        act(stage) {
          for (const name of STACK) stage.change(name, { deletionPolicy: 'Retain' });
        },
        until: ready(...STACK),
      },
      { act: (stage) => stage.removeAll(), until: gone(...STACK) },
    ],
  },
  {
    name: 'suspended, changed, deleted and resumed',
    given: stackOf(),
    acts: [
      {
        act(stage) {
          for (const name of STACK) stage.change(name, { suspend: true });
        },
        until: isSuspended,
      },
      {
        act(stage) {
          stage.change(DEFINITION, containers('shop/web:2'));
          for (const name of STACK) stage.change(name, { suspend: false });
        },
        until: ready(...STACK),
      },
      {
        act(stage) {
          for (const name of STACK) stage.change(name, { suspend: true });
          stage.removeAll();
        },
        until: isSuspended,
      },
      {
        act(stage) {
          for (const name of STACK) stage.change(name, { suspend: false });
        },
        until: gone(...STACK),
      },
    ],
  },
];

function isSuspended(stage: Stage): boolean {
  return STACK.every((name) =>
    stage.object(name)?.status.conditions?.some(({ type, status }) => type === 'Suspended' && status === 'True'),
  );
}
