import { describe, expect, test } from 'vitest';
import { aBox, aShelf, BOXES, SHELVES } from '../../test/support/toy-kind.ts';
import { createPlayground } from '../../test/support/toy-operator.ts';

describe('a reference', () => {
  test('is waited for, naming it, and its coming wakes the one that waits', async () => {
    const { api, clock, world, start, condition, status } = createPlayground();
    api.apply(aBox('red', { shelfRef: { name: 'oak' } }));
    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'False DependencyNotReady');
    expect(status(BOXES, 'red').conditions?.[0]?.message).toBe('spec.shelfRef: Shelf oak does not exist yet');
    expect(condition(BOXES, 'red', 'Reconciling')).toBe('True DependencyNotReady');
    expect(world.writes).toEqual([]);
    expect(status(BOXES, 'red')['label'], 'what follows from the identity alone').toMatch(/^toy /);

    const appliedAt = clock.now();
    api.apply(aShelf('oak'));
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(clock.now() - appliedAt).toBeLessThan(5_000);
  });

  test('that changes makes its dependants not Ready before anything comes of the change', async () => {
    const { api, clock, world, start, condition } = createPlayground();
    api.apply(aShelf('oak'));
    api.apply(aBox('red', { shelfRef: { name: 'oak' } }));
    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');
    let atTheWrite: string | undefined;
    world.onWrite = ({ call }) => void (call === 'ResizeBox' && (atTheWrite = condition(BOXES, 'red', 'Ready')));

    api.apply(aShelf('oak', { size: 2 }));
    await clock.runUntil(() => atTheWrite !== undefined);
    expect(atTheWrite).toBe('False DependencyNotReady');
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(condition(SHELVES, 'oak', 'Ready')).toBe('True InSync');
  });

  test('that is being deleted is not used any more by those that stay', async () => {
    const { api, clock, start, condition, status } = createPlayground();
    api.apply(aShelf('oak'));
    api.apply(aBox('red', { shelfRef: { name: 'oak' } }));
    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    api.delete(SHELVES, { namespace: 'play', name: 'oak' });
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'False DependencyNotReady');

    expect(status(BOXES, 'red').conditions?.[0]?.message).toBe('spec.shelfRef: Shelf oak is being deleted');
  });

  test('that is let go of lets the other one go at once', async () => {
    const { api, clock, start, condition } = createPlayground();
    api.apply(aShelf('oak'));
    api.apply(aBox('red', { shelfRef: { name: 'oak' } }));
    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');
    api.delete(SHELVES, { namespace: 'play', name: 'oak' });
    await clock.runUntil(() => condition(SHELVES, 'oak', 'Ready') === 'False InUse');

    const letGoAt = clock.now();
    const { resourceVersion } = api.object(BOXES, { namespace: 'play', name: 'red' })?.metadata ?? {};
    api.edit(BOXES, { namespace: 'play', name: 'red' }, { metadata: { resourceVersion }, spec: { shelfRef: null } });
    await clock.runUntil(() => api.objects(SHELVES).length === 0);

    expect(clock.now() - letGoAt).toBeLessThan(10_000);
  });
});
