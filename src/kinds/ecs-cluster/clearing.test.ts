import { PutClusterCapacityProviders$, UpdateCluster$ } from '@aws-sdk/client-ecs';
import { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, test } from 'vitest';
import { canonicalCluster } from './canonical.ts';
import { CLEARING, statedPaths, withCleared } from './clearing.ts';

/** The paths of an input's members, lists as one, as the SDK's own schema has them. */
function inputPaths(schema: NormalizedSchema, path = ''): string[] {
  if (!schema.isStructSchema()) return [path];
  return [...schema.structIterator()].flatMap(([name, member]) =>
    inputPaths(member, path === '' ? name : `${path}.${name}`),
  );
}

/** Settings are a list in ECS's words and go by their name here. */
const PATHS = [UpdateCluster$, PutClusterCapacityProviders$]
  .flatMap((operation) => inputPaths(NormalizedSchema.of(operation[4])))
  .filter((path) => path !== 'cluster')
  .map((path) => (path === 'settings' ? 'settings.containerInsights' : path));

describe('CLEARING', () => {
  test("has every member of the SDK's inputs and no other", () => {
    expect(Object.keys(CLEARING).toSorted()).toEqual([...new Set(PATHS)].toSorted());
  });

  test('clears to what an empty cluster shows, or has a reason to stay', () => {
    const bare = canonicalCluster({});

    for (const [path, clearing] of Object.entries(CLEARING)) {
      const shown = path.split('.').reduce<unknown>((value, name) => Reflect.get(Object(value), name), bare);
      expect('clear' in clearing ? clearing.clear : typeof clearing.stays).toEqual(
        'clear' in clearing ? shown : 'string',
      );
    }
  });
});

describe('withCleared', () => {
  test('clears what was stated and is no more, and nothing else', () => {
    const wish = withCleared({ capacityProviders: ['a'] }, [
      'capacityProviders',
      'settings.containerInsights',
      'unknown.path',
    ]);

    expect(wish).toEqual({ capacityProviders: ['a'], settings: { containerInsights: 'disabled' } });
  });

  test('keeps the neighbours of what it clears', () => {
    const stated = { configuration: { executeCommandConfiguration: { logging: 'NONE' as const } } };

    expect(withCleared(stated, ['configuration.executeCommandConfiguration.kmsKeyId'])).toEqual({
      configuration: { executeCommandConfiguration: { logging: 'NONE', kmsKeyId: '' } },
    });
  });
});

test('statedPaths names leaves, with lists and explicit nothings as one', () => {
  expect(statedPaths({ a: { b: 1, c: [] }, d: '', e: {} })).toEqual(['a.b', 'a.c', 'd']);
});
