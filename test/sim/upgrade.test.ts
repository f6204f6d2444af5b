import { expect, test } from 'vitest';
import { TAG_KEYS } from '../../src/api/group.ts';
import type { DesiredTaskDefinition } from '../../src/kinds/ecs-task-definition/model.ts';
import { openStage, RESYNC_MS } from '../support/operator-stage.ts';
import { clusterNamed, definitionOf, serviceNamed } from '../support/shop-objects.ts';
import { type Kind, replacing } from './naive/assembly.ts';

const COUNT = 100;
const NAMES = Array.from({ length: COUNT }, (_, index) => `web-${index}`);

/**
 * A version of before: its hashes have another prefix and other digits, and it spelled out what this one leaves to
 * ECS's defaults.
 */
function formerVersion(kind: Kind): Partial<Kind> {
  return {
    desire(object, around) {
      const desired = kind.desire(object, around) as DesiredTaskDefinition;
      const containerDefinitions = desired.content.containerDefinitions?.map((container) => ({
        essential: true,
        environment: [],
        ...container,
      }));
      const hash = `v0-${desired.hash.slice(3).split('').toReversed().join('')}`;
      return { ...desired, hash, content: { ...desired.content, cpu: '.25 vCPU', containerDefinitions } };
    },
  };
}

const TIMEOUT_MS = 300_000;

test(
  'a new canonical form registers nothing and rolls nothing over, with 100 services live',
  async () => {
    const stage = await openStage();
    const { simulator, clock } = stage;
    const objects = NAMES.flatMap((name) => [
      definitionOf(name, 'shop/web:1'),
      serviceNamed(name, { desiredCount: 1 }),
    ]);
    const names = NAMES.flatMap((name) => [`EcsTaskDefinition/${name}`, `EcsService/${name}`] as const);
    stage.start({ assemble: replacing('EcsTaskDefinition', formerVersion) });
    stage.apply(clusterNamed('shop'), ...objects);
    await clock.runUntil(() => stage.areReady(...names));
    stage.crash();
    const made = simulator.writes().filter(({ action }) => action === 'RegisterTaskDefinition');
    simulator.forgetCalls();

    stage.start();
    await clock.advance(3 * RESYNC_MS);

    expect(made).toHaveLength(COUNT);
    expect(made[0]?.input).toMatchObject({ cpu: '.25 vCPU', tags: contentTag(/^v0-/) });
    expect(simulator.writes().map(({ action }) => action)).toEqual([]);
    expect(stage.areReady(...names)).toBe(true);
    stage.crash();
  },
  TIMEOUT_MS,
);

function contentTag(value: RegExp): unknown {
  const tag: unknown = { key: TAG_KEYS.content, value: expect.stringMatching(value) };
  return expect.arrayContaining([tag]);
}
