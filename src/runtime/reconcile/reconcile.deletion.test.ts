import { describe, expect, test } from 'vitest';
import { aBox, aShelf, BOXES, SHELVES } from '../../../test/support/toy-kind.ts';
import { createPlayground } from '../../../test/support/toy-operator.ts';

const RED = { namespace: 'play', name: 'red' };
const OAK = { namespace: 'play', name: 'oak' };

async function settled(spec: Parameters<typeof aBox>[1] = {}) {
  const playground = createPlayground();
  playground.api.apply(aShelf('oak'));
  playground.api.apply(aBox('red', spec));
  const operator = playground.start();
  await playground.clock.runUntil(
    () =>
      playground.condition(BOXES, 'red', 'Ready') === 'True InSync' &&
      playground.condition(SHELVES, 'oak', 'Ready') === 'True InSync',
  );
  return { ...playground, operator };
}

describe('deletion', () => {
  test('takes the resource away first and the finalizer last', async () => {
    const { api, clock, world, operator } = await settled();
    const seen: string[] = [];
    world.onWrite = ({ call }, when) =>
      void seen.push(`${call} ${when}: ${api.object(BOXES, RED)?.metadata.finalizers?.join()}`);

    api.delete(BOXES, RED);
    await clock.runUntil(() => api.object(BOXES, RED) === undefined);

    expect(seen).toEqual(['DeleteBox before: toys.test/finalizer', 'DeleteBox after: toys.test/finalizer']);
    expect(world.boxes.has('Box/play/red')).toBe(false);
    expect(operator.events.map(({ reason }) => reason)).toContain('Released');
  });

  test('with Retain leaves the resource to nobody', async () => {
    const { api, clock, world } = await settled({ deletionPolicy: 'Retain' });

    api.delete(BOXES, RED);
    await clock.runUntil(() => api.object(BOXES, RED) === undefined);

    expect(world.boxes.get('Box/play/red')).toMatchObject({ size: 1, owner: undefined });
  });

  test('never takes the finalizers of others off', async () => {
    const { api, clock } = await settled();
    const { resourceVersion, finalizers = [] } = api.object(BOXES, RED)?.metadata ?? {};
    api.edit(BOXES, RED, { metadata: { resourceVersion, finalizers: ['theirs/first', ...finalizers, 'theirs/last'] } });

    api.delete(BOXES, RED);
    await clock.advance(60_000);

    expect(api.object(BOXES, RED)?.metadata.finalizers).toEqual(['theirs/first', 'theirs/last']);
  });

  test('recreates nothing that is gone already', async () => {
    const { api, clock, world } = await settled();
    world.boxes.delete('Box/play/red');

    api.delete(BOXES, RED);
    await clock.runUntil(() => api.object(BOXES, RED) === undefined);

    expect(world.writes.filter(({ name }) => name === 'Box/play/red')).toHaveLength(1);
  });

  test('of a spec that no longer fits the schema goes all the same', async () => {
    const { api, clock, world } = await settled();
    api.apply({ ...aBox('red'), spec: { size: 'big' } });

    api.delete(BOXES, RED);
    await clock.runUntil(() => api.object(BOXES, RED) === undefined);

    expect(world.boxes.has('Box/play/red')).toBe(false);
  });

  test('of an object that was never acted for is immediate, because it has no finalizer yet', async () => {
    const { api, clock, start, condition } = createPlayground();
    api.apply(aBox('red', { shelfRef: { name: 'none' } }));
    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'False DependencyNotReady');

    api.delete(BOXES, RED);

    expect(api.object(BOXES, RED)).toBeUndefined();
  });

  test('waits while another object refers to it, names that one, and goes on once it is gone', async () => {
    const { api, clock, world, condition, status } = await settled({ shelfRef: { name: 'oak' } });

    api.delete(SHELVES, OAK);
    await clock.runUntil(() => condition(SHELVES, 'oak', 'Ready') === 'False InUse');
    expect(status(SHELVES, 'oak').conditions?.[0]?.message).toMatch(/^Box red still refers/);
    expect(world.boxes.has('Shelf/play/oak')).toBe(true);
    const deletedAt = clock.now();
    api.delete(BOXES, RED);
    await clock.runUntil(() => api.object(SHELVES, OAK) === undefined);

    expect(clock.now() - deletedAt).toBeLessThan(10_000);
    expect(world.boxes.size).toBe(0);
  });

  test('ends in a bad order too: all at once, the referent first', async () => {
    const { api, clock, world } = await settled({ shelfRef: { name: 'oak' } });

    api.delete(SHELVES, OAK);
    api.delete(BOXES, RED);
    await clock.runUntil(() => api.objects(SHELVES).length + api.objects(BOXES).length === 0);

    expect(world.boxes.size).toBe(0);
  });

  test('needs a live read: where the object was made anew meanwhile, its resource is left alone', async () => {
    const { api, clock, world } = await settled();
    const get = api.get;
    let reads = 0;
    Object.assign(api, {
      get: (...args: Parameters<typeof get>) => {
        reads += 1;
        if (reads === 1) {
          const { resourceVersion } = api.object(BOXES, RED)?.metadata ?? {};
          api.edit(BOXES, RED, { metadata: { resourceVersion, finalizers: [] } });
          api.apply(aBox('red'));
        }
        return get(...args);
      },
    });

    api.delete(BOXES, RED);
    await clock.advance(60_000);

    expect(reads).toBeGreaterThan(0);
    expect(world.writes.map(({ call }) => call)).not.toContain('DeleteBox');
    expect(world.boxes.has('Box/play/red')).toBe(true);
  });
});
