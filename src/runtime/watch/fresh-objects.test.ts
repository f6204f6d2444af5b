import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../kube/kube-api.ts';
import { FreshObjects } from './fresh-objects.ts';

function object(resourceVersion: string): KubeObject {
  return { metadata: { namespace: 'play', name: 'red', resourceVersion } };
}

function setUp(initial?: KubeObject) {
  const store = new Map<string, KubeObject>();
  if (initial !== undefined) store.set('play/red', initial);
  return { store, objects: new FreshObjects(store) };
}

describe('what is known of an object', () => {
  test('is what our own write answered, until the watch has caught up', () => {
    const { store, objects } = setUp(object('9'));

    objects.remember(object('10'));
    expect(objects.get('play/red')?.metadata.resourceVersion).toBe('10');
    store.set('play/red', object('11'));

    expect(objects.get('play/red')?.metadata.resourceVersion).toBe('11');
  });

  test('is the store where that is newer than the answer', () => {
    const { objects } = setUp(object('10'));

    objects.remember(object('9'));

    expect(objects.get('play/red')?.metadata.resourceVersion).toBe('10');
  });

  test('is nothing once the store holds nothing, because an answer may come after the deletion', () => {
    const { store, objects } = setUp(object('9'));
    store.clear();

    objects.remember(object('10'));

    expect(objects.get('play/red')).toBeUndefined();
  });
});
