import { describe, expect, test } from 'vitest';
import type { KubeMeta, KubeObject } from '../kube/kube-api.ts';
import type { StoreChange } from '../watch/object-store.ts';
import { wakeOf, wakeOfReferrers } from './change-filter.ts';

const IDENTITY = { finalizer: 'toys.test/finalizer', annotationPrefix: 'toys.test/' };
const OURS = { finalizers: ['toys.test/finalizer'] };

function object(meta: Partial<KubeMeta> = {}, status: object = {}): KubeObject {
  return { metadata: { name: 'red', generation: 1, ...meta }, status };
}

function updated(before: KubeObject, after: KubeObject): StoreChange {
  return { is: 'updated', key: 'red', object: after, previous: before, isInitial: false };
}

function added(stored: KubeObject, isInitial: boolean): StoreChange {
  return { is: 'added', key: 'red', object: stored, previous: undefined, isInitial };
}

describe('what wakes an object', () => {
  test.for<{ name: string; change: StoreChange; wake: string | undefined }>([
    { name: 'a new object', change: added(object(), false), wake: 'edit' },
    {
      name: 'one of the first list, seen before',
      change: added(object({}, { observedGeneration: 1 }), true),
      wake: 'background',
    },
    {
      name: 'one of the first list, edited since',
      change: added(object({}, { observedGeneration: 0 }), true),
      wake: 'edit',
    },
    { name: 'a new generation', change: updated(object(), object({ generation: 2 })), wake: 'edit' },
    { name: 'its deletion', change: updated(object(), object({ deletionTimestamp: 'now' })), wake: 'edit' },
    {
      name: 'an annotation of ours',
      change: updated(object(), object({ annotations: { 'toys.test/x': '1' } })),
      wake: 'edit',
    },
    {
      name: 'an annotation of others',
      change: updated(object(), object({ annotations: { 'other/x': '1' } })),
      wake: undefined,
    },
    { name: 'our finalizer put on', change: updated(object(), object(OURS)), wake: undefined },
    { name: 'our finalizer taken off', change: updated(object(OURS), object()), wake: 'edit' },
    {
      name: 'our finalizer taken off a deleting one, as we do',
      change: updated(object({ ...OURS, deletionTimestamp: 'now' }), object({ deletionTimestamp: 'now' })),
      wake: undefined,
    },
    { name: 'its status', change: updated(object(), object({}, { size: 1 })), wake: undefined },
  ])('$name: $wake', ({ change, wake }) => {
    expect(wakeOf(change, IDENTITY)).toBe(wake);
  });

  test('its end does not: there is nothing to look at', () => {
    expect(
      wakeOf({ is: 'deleted', key: 'red', object: object(), previous: object(), isInitial: false }, IDENTITY),
    ).toBeUndefined();
  });
});

describe('what wakes those who refer to it', () => {
  test.for<{ name: string; change: StoreChange; wake: string | undefined }>([
    { name: 'that it came', change: added(object(), false), wake: 'edit' },
    { name: 'not the first list, where all are looked at', change: added(object(), true), wake: undefined },
    { name: 'a new generation', change: updated(object(), object({ generation: 2 })), wake: 'edit' },
    { name: 'its deletion', change: updated(object(), object({ deletionTimestamp: 'now' })), wake: 'edit' },
    { name: 'its status', change: updated(object(), object({}, { size: 1 })), wake: 'follow-up' },
    { name: 'not its finalizers', change: updated(object(), object(OURS)), wake: undefined },
  ])('$name: $wake', ({ change, wake }) => {
    expect(wakeOfReferrers(change)).toBe(wake);
  });
});
