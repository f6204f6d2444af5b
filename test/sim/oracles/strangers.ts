import { isEqual } from '../../../src/lib/stable-json.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { Stage } from '../../support/operator-stage.ts';
import { scalingOf } from './scaling.ts';

/** What other people run in the same account. */
export async function putStrangers({ simulator }: Stage): Promise<void> {
  const tags = [{ key: 'team', value: 'them' }];
  await simulator.call('CreateCluster', { clusterName: 'theirs', tags });
  await simulator.call('RegisterTaskDefinition', {
    family: 'theirs',
    containerDefinitions: [{ name: 'app', image: 'them/app:1', memory: 128 }],
    tags,
  });
  await simulator.call('CreateService', {
    cluster: 'theirs',
    serviceName: 'web',
    taskDefinition: 'theirs:1',
    desiredCount: 0,
    tags,
  });
  await putScaling(simulator, 'service/theirs/web');
}

/** A scalable target with a policy and an action, none of which bears our tags or a name like ours. */
export async function putScaling(simulator: Simulator, ResourceId: string): Promise<void> {
  const place = { ServiceNamespace: 'ecs', ResourceId, ScalableDimension: 'ecs:service:DesiredCount' } as const;
  await simulator.call('RegisterScalableTarget', {
    ...place,
    MinCapacity: 0,
    MaxCapacity: 4,
    Tags: { team: 'them' },
  });
  await simulator.call('PutScalingPolicy', {
    ...place,
    PolicyName: 'theirs',
    PolicyType: 'StepScaling',
    StepScalingPolicyConfiguration: { AdjustmentType: 'ExactCapacity', StepAdjustments: [{ ScalingAdjustment: 3 }] },
  });
  await simulator.call('PutScheduledAction', {
    ...place,
    ScheduledActionName: 'theirs',
    Schedule: 'at(2099-01-01T00:00:00)',
    ScalableTargetAction: { MinCapacity: 1 },
  });
}

/** Remembers what is in clusters and families of these names, and tells later what of it has changed. */
export function watchStrangers(stage: Stage, names: readonly string[] = ['theirs']): () => readonly string[] {
  const before = strangersIn(stage, names);
  return () => {
    const after = strangersIn(stage, names);
    const all = new Set([...before.keys(), ...after.keys()]);
    return [...all].filter((name) => !isEqual(before.get(name), after.get(name))).map((name) => `${name} was touched`);
  };
}

function strangersIn({ simulator: { world } }: Stage, names: readonly string[]): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, { cluster, tags }] of world.clusters) {
    const { status, settings, capacityProviders } = cluster;
    if (names.includes(name)) found.set(`the cluster ${name}`, { status, settings, capacityProviders, tags });
  }
  for (const [arn, { service, tags, deployments }] of world.services) {
    const [, cluster = ''] = arn.split('/');
    const { status, desiredCount, taskDefinition } = service;
    if (!names.includes(cluster)) continue;
    found.set(`the service ${arn}`, { status, desiredCount, taskDefinition, tags, rollouts: deployments.length });
  }
  for (const [arn, { definition, tags }] of world.taskDefinitions) {
    if (names.includes(definition.family ?? '')) found.set(`the revision ${arn}`, { status: definition.status, tags });
  }
  for (const target of scalingOf(world)) {
    const [, cluster = ''] = target.id.split('/');
    if (names.includes(cluster)) found.set(`the scalable target ${target.id}`, target);
  }
  return structuredClone(found);
}
