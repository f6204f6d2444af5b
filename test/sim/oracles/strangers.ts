import { isEqual } from '../../../src/lib/stable-json.ts';
import type { Stage } from '../../support/operator-stage.ts';

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
}

/** Remembers them as they are, and tells later which of them have changed. */
export function watchStrangers(stage: Stage): () => readonly string[] {
  const before = strangersIn(stage);
  return () => {
    const after = strangersIn(stage);
    const names = new Set([...before.keys(), ...after.keys()]);
    return [...names]
      .filter((name) => !isEqual(before.get(name), after.get(name)))
      .map((name) => `${name} was touched`);
  };
}

function strangersIn({ simulator: { world } }: Stage): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, { cluster, tags }] of world.clusters) {
    const { status, settings, capacityProviders } = cluster;
    if (name === 'theirs') found.set('their cluster', { status, settings, capacityProviders, tags });
  }
  for (const { service, tags } of world.services.values()) {
    const { status, desiredCount, taskDefinition, clusterArn } = service;
    if (clusterArn?.endsWith('/theirs')) found.set('their service', { status, desiredCount, taskDefinition, tags });
  }
  for (const [arn, { definition, tags }] of world.taskDefinitions) {
    if (definition.family === 'theirs') found.set(`their ${arn}`, { status: definition.status, tags });
  }
  return structuredClone(found);
}
