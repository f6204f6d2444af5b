import type { Stage } from '../../support/operator-stage.ts';
import { type StoryManifest, serviceNamed } from '../../support/shop-objects.ts';
import { putScaling } from '../oracles/strangers.ts';
import type { Act, Scenario } from '../scenario.ts';
import {
  apply,
  behindOurBack,
  CLUSTER,
  change,
  cluster,
  containers,
  DEFINITION,
  definition,
  isSteady,
  ready,
  removeAll,
  SERVICE,
  STACK,
  stackOf,
  stalled,
  unready,
} from './acts.ts';

const ADOPTED = [cluster, definition(), serviceNamed('web')].map((object) => ({
  ...object,
  spec: { ...object.spec, adoptionPolicy: 'Adopt' },
}));

/** Whose task definition is none of ours. */
function foreignService() {
  const { taskDefinitionRef: _, ...spec } = serviceNamed('web').spec;
  return { ...serviceNamed('web'), spec: { ...spec, taskDefinition: 'web:1' } };
}

/** By their names, as references would wait for objects that never get Ready. */
function namingService(): StoryManifest {
  const { clusterRef: _, taskDefinitionRef: __, desiredCount: ___, ...spec } = serviceNamed('web').spec;
  const scaling = { minCapacity: 3, maxCapacity: 6 };
  return { ...serviceNamed('web'), spec: { ...spec, cluster: 'shop', taskDefinition: 'web:1', scaling } };
}

async function registerByHand({ simulator }: Stage): Promise<void> {
  await simulator.call('RegisterTaskDefinition', { family: 'web', ...definition().spec });
}

async function makeByHand(stage: Stage): Promise<void> {
  await stage.simulator.call('CreateCluster', { clusterName: 'shop', settings: cluster.spec['settings'] });
  await registerByHand(stage);
  const { clusterRef: _, taskDefinitionRef: __, ...service } = serviceNamed('web').spec;
  await stage.simulator.call('CreateService', {
    serviceName: 'web',
    cluster: 'shop',
    taskDefinition: 'web',
    ...service,
  });
}

const madeByHand: Act = { act: makeByHand, until: isSteady };
const scaledByHand: Act = {
  act: async ({ simulator }) => await putScaling(simulator, 'service/shop/web'),
  until: () => true,
};

function areRefused(stage: Stage): boolean {
  return STACK.every((name) => stage.stalledBy(name) === 'NotOwned');
}

export const CREATION: readonly Scenario[] = [
  { name: 'a cluster is created', acts: [apply([cluster], ready(CLUSTER))], calls: ['CreateCluster'] },
  {
    name: 'a task definition is registered',
    acts: [apply([definition()], ready(DEFINITION))],
    calls: ['RegisterTaskDefinition'],
  },
  { name: 'the whole stack is applied at once', acts: stackOf() },
  {
    name: 'the stack is applied from its end',
    acts: [
      apply([serviceNamed('web')], unready(SERVICE, 'DependencyNotReady')),
      apply([definition()], ready(DEFINITION)),
      apply([cluster], ready(...STACK)),
    ],
  },
  {
    name: 'ECS refuses a service, and then takes it',
    given: [apply([cluster], ready(CLUSTER))],
    acts: [
      apply([foreignService()], stalled(SERVICE, 'Rejected')),
      behindOurBack(SERVICE, 1, registerByHand, ready(SERVICE)),
    ],
  },
  {
    name: 'a spec breaks a rule, and is mended',
    given: [apply([cluster], ready(CLUSTER))],
    acts: [
      apply([definition('shop/web:1', { memory: '4096' })], stalled(DEFINITION, 'InvalidSpec')),
      change(DEFINITION, { memory: '512' }, ready(DEFINITION)),
    ],
    calls: ['RegisterTaskDefinition'],
  },
];

export const OWNERSHIP: readonly Scenario[] = [
  {
    name: 'equal resources are adopted',
    given: [madeByHand],
    acts: [apply(ADOPTED, ready(...STACK))],
    calls: ['TagResource', 'TagResource', 'TagResource'],
  },
  {
    name: 'a stranger has our names, and is then adopted',
    given: [madeByHand],
    acts: [
      {
        act: (stage) => stage.apply(cluster, definition()),
        until: (stage) => [CLUSTER, DEFINITION].every((name) => stage.stalledBy(name) === 'NotOwned'),
      },
      { act: (stage) => stage.apply(...ADOPTED), until: ready(...STACK) },
    ],
    calls: ['TagResource', 'TagResource', 'TagResource'],
  },
  {
    name: 'a stranger has our names, and keeps them',
    given: [madeByHand, scaledByHand],
    acts: [
      { act: (stage) => stage.apply(cluster, definition(), namingService()), until: areRefused },
      {
        act(stage) {
          stage.change(CLUSTER, { tags: [{ key: 'team', value: 'us' }] });
          stage.change(DEFINITION, containers('shop/web:2'));
          stage.change(SERVICE, { desiredCount: 5, scaling: null });
        },
        until: areRefused,
      },
      removeAll,
    ],
    calls: [],
    isOfStrangers: true,
  },
];
