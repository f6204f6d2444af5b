import type { ListTasksResponse } from '@aws-sdk/client-ecs';
import type { Stage } from '../../support/operator-stage.ts';
import { clusterNamed } from '../../support/shop-objects.ts';
import type { Scenario } from '../scenario.ts';
import { apply, CLUSTER, change, gone, ready, SERVICE, servicesOf, stackOf } from './acts.ts';

/** The tasks that run hold on for three minutes. */
async function protectTasks({ simulator }: Stage): Promise<void> {
  const list: ListTasksResponse = await simulator.call('ListTasks', { cluster: 'shop', serviceName: 'web' });
  const input = { cluster: 'shop', tasks: list.taskArns, protectionEnabled: true, expiresInMinutes: 3 };
  await simulator.call('UpdateTaskProtection', input);
}

/** For the calls that no other scenario makes; not in the fault matrix. */
export const RARE: readonly Scenario[] = [
  {
    name: 'settings and capacity providers of a cluster are changed',
    given: [apply([clusterNamed('shop')], ready(CLUSTER))],
    acts: [
      change(CLUSTER, { settings: [{ name: 'containerInsights', value: 'enabled' }] }, ready(CLUSTER)),
      change(CLUSTER, { capacityProviders: ['FARGATE', 'FARGATE_SPOT'] }, ready(CLUSTER)),
    ],
    calls: ['UpdateCluster', 'PutClusterCapacityProviders'],
  },
  {
    name: 'a service is deleted whose tasks are protected from scale-in',
    given: stackOf(),
    acts: [
      { act: protectTasks, until: (stage) => servicesOf(stage).length === 1 },
      { act: (stage) => stage.remove(SERVICE), until: gone(SERVICE) },
    ],
  },
];
