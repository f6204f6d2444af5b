import { ANNOTATIONS } from '../../../src/api/group.ts';
import type { Stage } from '../../support/operator-stage.ts';
import { CANARY } from '../oracles/canary.ts';
import type { Act, Scenario } from '../scenario.ts';
import {
  apply,
  behindOurBack,
  CLUSTER,
  change,
  changeAll,
  cluster,
  containers,
  DEFINITION,
  isSteady,
  isSuspended,
  ready,
  SERVICE,
  STACK,
  servicesOf,
  stackOf,
  stalled,
} from './acts.ts';

function tagAll(team: string | null): Act {
  return changeAll({ tags: team === null ? null : [{ key: 'team', value: `${team} ${CANARY}` }] }, ready(...STACK));
}

function rolloutsOf(stage: Stage): number {
  return servicesOf(stage).reduce((sum, { deployments }) => sum + deployments.length, 0);
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
  { name: 'tags are put, changed and taken off', given: stackOf(), acts: [tagAll('a'), tagAll('b'), tagAll(null)] },
  {
    name: 'an immutable change, and back',
    given: stackOf(),
    acts: [
      change(SERVICE, { launchType: 'EC2' }, stalled(SERVICE, 'ImmutableField')),
      change(SERVICE, { launchType: 'FARGATE' }, ready(SERVICE)),
    ],
    calls: [],
  },
  {
    name: 'a restart is asked for',
    given: stackOf(),
    acts: [
      {
        act: (stage) => stage.annotate(SERVICE, { [ANNOTATIONS.restartAt]: 'now' }),
        until: (stage) => stage.areReady(SERVICE) && rolloutsOf(stage) === 2,
      },
    ],
    calls: ['UpdateService'],
  },
  {
    name: 'changes and deletion behind our back',
    given: stackOf(),
    acts: [
      behindOurBack(
        SERVICE,
        1,
        ({ simulator }) => simulator.call('UpdateService', { cluster: 'shop', service: 'web', desiredCount: 5 }),
        (stage) => stage.areReady(SERVICE) && stage.object(SERVICE)?.status['desiredCount'] === 2,
      ),
      behindOurBack(
        SERVICE,
        2,
        ({ simulator }) => simulator.call('DeleteService', { cluster: 'shop', service: 'web', force: true }),
        (stage) => stage.areReady(SERVICE) && isSteady(stage),
      ),
    ],
  },
  {
    name: 'a cluster is deleted behind our back',
    given: [apply([cluster], ready(CLUSTER))],
    acts: [
      behindOurBack(
        CLUSTER,
        1,
        ({ simulator }) => simulator.call('DeleteCluster', { cluster: 'shop' }),
        (stage) => stage.areReady(CLUSTER) && stage.simulator.world.clusters.get('shop')?.cluster.status === 'ACTIVE',
      ),
    ],
    calls: ['CreateCluster'],
  },
  {
    name: 'suspended, changed and resumed',
    given: stackOf(),
    acts: [
      changeAll({ suspend: true }, isSuspended),
      {
        act(stage) {
          stage.change(DEFINITION, containers('shop/web:2'));
          for (const name of STACK) stage.change(name, { suspend: false });
        },
        until: ready(...STACK),
      },
    ],
    calls: ['RegisterTaskDefinition', 'UpdateService'],
  },
];
