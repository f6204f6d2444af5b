import { describe, expect, test } from 'vitest';
import { aBox, BOXES } from '../../test/support/toy-kind.ts';
import { createPlayground } from '../../test/support/toy-operator.ts';

const KEY = { namespace: 'play', name: 'red' };
const RED = 'Box/play/red';

/** A playground where `red` is Ready. */
async function settled(spec: Parameters<typeof aBox>[1] = { size: 3 }) {
  const playground = createPlayground();
  playground.api.apply(aBox('red', spec));
  const operator = playground.start();
  await playground.clock.runUntil(() => playground.condition(BOXES, 'red', 'Ready') === 'True InSync');
  return { ...playground, operator };
}

describe('an object', () => {
  test('becomes a resource, and Ready once that is seen', async () => {
    const { world, api, condition, kubeWrites } = await settled();

    expect(world.writes.map(({ call }) => call)).toEqual(['CreateBox']);
    expect(api.object(BOXES, KEY)?.['status']).toMatchObject({
      size: 3,
      asked: 3,
      location: { place: 'here' },
      observedGeneration: 1,
    });
    expect(condition(BOXES, 'red', 'Reconciling')).toBeUndefined();
    expect(kubeWrites()).toEqual(['finalizers of red', 'status of red', 'status of red']);
  });

  test('has its finalizer, location and intents persisted before the first write, because a crash may follow it', async () => {
    const { api, clock, world, start } = createPlayground();
    let before: unknown;
    world.onWrite = (_step, when) => {
      if (when === 'before') before = api.object(BOXES, KEY);
    };
    api.apply(aBox('red'));

    start();
    await clock.runUntil(() => world.writes.length > 0);

    expect(before).toMatchObject({
      metadata: { finalizers: ['toys.test/finalizer'] },
      status: {
        asked: 1,
        location: { place: 'here' },
        conditions: [{ type: 'Ready', status: 'False' }, { type: 'Reconciling' }],
      },
    });
  });

  test('that is in sync costs reads only, however often it is looked at', async () => {
    const { api, clock, world, operator } = await settled();
    const [kubeWrites, worldWrites, reads] = [api.writes.length, world.writes.length, world.reads.length];

    await clock.advance(3 * 600_000);

    expect(world.reads.length - reads).toBe(3);
    expect([api.writes.length, world.writes.length]).toEqual([kubeWrites, worldWrites]);
    expect(operator.results.at(-1)).toBe('requeue_after');
  });

  test('is looked at again by an operator that starts anew, without any write', async () => {
    const { api, clock, world, operator, start } = await settled();
    operator.crash();
    const [kubeWrites, worldWrites, reads] = [api.writes.length, world.writes.length, world.reads.length];

    start();
    await clock.advance(10_000);

    expect(world.reads.length).toBeGreaterThan(reads);
    expect([api.writes.length, world.writes.length]).toEqual([kubeWrites, worldWrites]);
  });

  test('with another spec is not Ready for it until the change is seen', async () => {
    const { api, clock, world, condition, status } = await settled();
    const seen: unknown[] = [];
    world.onWrite = (_step, when) => void (when === 'before' && seen.push(condition(BOXES, 'red', 'Ready')));

    api.apply(aBox('red', { size: 5 }));
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(seen).toEqual(['False Applying']);
    expect(status(BOXES, 'red')).toMatchObject({ size: 5, asked: 5, observedGeneration: 2 });
    expect(status(BOXES, 'red').conditions).toMatchObject([{ observedGeneration: 2 }]);
  });

  test('waits while the world acts, looking as often as the kind says', async () => {
    const { api, clock, world, start, condition } = createPlayground();
    world.growMs = 7_000;
    api.apply(aBox('red'));

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'False Growing');
    const reads = world.reads.length;
    expect(condition(BOXES, 'red', 'Reconciling')).toBe('True Growing');
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(world.reads.length - reads).toBe(3);
  });

  test('whose resource somebody else changed gets it changed back, with an Event and a figure', async () => {
    const { clock, world, operator, condition } = await settled();
    Object.assign(world.boxes.get(RED) ?? {}, { size: 99 });

    await clock.advance(600_000);
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(world.boxes.get(RED)?.size).toBe(3);
    expect(operator.events).toContainEqual(
      expect.objectContaining({ reason: 'DriftCorrected', message: 'ResizeBox (size)' }),
    );
    expect(operator.corrected).toBe(1);
  });

  test('shows what differs while it does, and no longer', async () => {
    const { clock, world, status } = await settled();
    Object.assign(world.boxes.get(RED) ?? {}, { size: 99 });
    let during: unknown;
    world.onWrite = () => void (during = status(BOXES, 'red')['drift']);

    await clock.advance(610_000);

    expect(during).toEqual([{ path: 'size', wanted: '3', found: '99' }]);
    expect(status(BOXES, 'red')['drift']).toBeUndefined();
  });

  test('that had its status wiped gets it back, and the world no write', async () => {
    const { api, clock, world, operator, start, condition } = await settled();
    operator.crash();
    const status = Object.fromEntries(
      Object.keys(api.object(BOXES, KEY)?.['status'] ?? {}).map((name) => [name, null]),
    );
    const resourceVersion = api.object(BOXES, KEY)?.metadata.resourceVersion;
    api.edit(BOXES, KEY, { metadata: { resourceVersion }, status }, 'status');

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(world.writes).toHaveLength(1);
  });

  test('is told about once per transition', async () => {
    const { operator, clock } = await settled();
    await clock.advance(1_200_000);

    expect(operator.events.map(({ reason }) => reason)).toEqual(['Applied', 'InSync']);
  });
});

describe('a spec that cannot be acted on', () => {
  test.for([
    { name: 'a wrong type', spec: { size: 'big' }, message: 'spec.size: a number is required' },
    { name: 'a broken rule', spec: { size: 13 }, message: 'spec.size: not 13' },
  ])('for $name is Stalled, nothing is read or written, and it recovers', async ({ spec, message }) => {
    const { api, clock, world, start, condition, status } = createPlayground();
    api.apply({ ...aBox('red'), spec });

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Stalled') === 'True InvalidSpec');
    expect(status(BOXES, 'red').conditions?.[0]?.message).toBe(message);
    expect(world.reads).toEqual([]);
    expect(api.object(BOXES, KEY)?.metadata.finalizers).toBeUndefined();
    api.apply(aBox('red', { size: 2 }));
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(condition(BOXES, 'red', 'Stalled')).toBeUndefined();
  });

  test('as the planner refuses it is Stalled with its words, and looked at again slowly', async () => {
    const { api, clock, world, start, condition } = createPlayground();
    api.apply(aBox('red', { size: 2_000 }));

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Stalled') === 'True TooBig');
    await clock.advance(600_000);

    expect(world.reads).toHaveLength(2);
    expect(world.writes).toEqual([]);
  });
});

describe('whose the resource is', () => {
  const stranger = { clusterId: 'elsewhere', kind: 'Box', namespace: 'a', name: 'b' };

  test.for([
    { name: 'nobody', owner: undefined, spec: {}, message: /set spec.adoptionPolicy: Adopt/ },
    {
      name: 'a stranger',
      owner: stranger,
      spec: {},
      message: /belongs to Box a\/b of cluster id elsewhere.*toys release/,
    },
    {
      name: 'a stranger, even with Adopt',
      owner: stranger,
      spec: { adoptionPolicy: 'Adopt' as const },
      message: /belongs to/,
    },
  ])('$name: it stays untouched, and the message says what to do', async ({ owner, spec, message }) => {
    const { api, clock, world, start, condition, status } = createPlayground();
    world.boxes.set(RED, { size: 9, owner, busyUntil: 0 });
    api.apply(aBox('red', spec));

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Stalled') === 'True NotOwned');

    expect(status(BOXES, 'red').conditions?.[0]?.message).toMatch(message);
    expect(world.boxes.get(RED)).toEqual({ size: 9, owner, busyUntil: 0 });
    expect(world.writes).toEqual([]);
    api.delete(BOXES, KEY);
    await clock.runUntil(() => api.object(BOXES, KEY) === undefined);
    expect(world.boxes.get(RED)?.size).toBe(9);
  });

  test('nobody, with Adopt: an equal one is only tagged', async () => {
    const { api, clock, world, start, condition } = createPlayground();
    world.boxes.set(RED, { size: 1, owner: undefined, busyUntil: 0 });
    api.apply(aBox('red', { adoptionPolicy: 'Adopt' }));

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(world.writes.map(({ call }) => call)).toEqual(['AdoptBox']);
  });
});

describe('where the resource lives', () => {
  test('is not pinned before there is anything of ours, so that a wrong setting can be mended', async () => {
    const { api, clock, world, start, condition, status } = createPlayground();
    world.boxes.set(RED, { size: 1, owner: undefined, busyUntil: 0 });
    api.apply(aBox('red'));
    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Stalled') === 'True NotOwned');
    expect(status(BOXES, 'red').location).toBeUndefined();

    world.location = { place: 'there' };
    world.boxes.clear();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(status(BOXES, 'red').location).toEqual({ place: 'there' });
  });

  test('must not change: nothing is written, not even on deletion, until it means the same again', async () => {
    const { api, clock, world, condition, status } = await settled();
    world.location = { place: 'there' };
    api.apply(aBox('red', { size: 4 }));

    await clock.runUntil(() => condition(BOXES, 'red', 'Stalled') === 'True LocationChanged');
    expect(status(BOXES, 'red').conditions?.[0]?.message).toMatch(/lives in place here.*now means place there/);
    api.delete(BOXES, KEY);
    await clock.advance(600_000);
    expect(world.writes).toHaveLength(1);
    world.location = { place: 'here' };
    await clock.runUntil(() => api.object(BOXES, KEY) === undefined);

    expect(world.boxes.size).toBe(0);
  });
});

describe('Observe', () => {
  test('an absent resource is NotFound, and stays absent', async () => {
    const { api, clock, world, start, condition } = createPlayground();
    api.apply(aBox('red', { managementPolicy: 'Observe' }));

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'False NotFound');

    expect(world.writes).toEqual([]);
    expect(api.object(BOXES, KEY)?.metadata.finalizers).toBeUndefined();
  });

  test('a resource that differs is Drifted, with the differences, whoever owns it', async () => {
    const { api, clock, world, start, condition, status } = createPlayground();
    world.boxes.set(RED, { size: 9, owner: { clusterId: 'x', kind: 'x', namespace: 'x', name: 'x' }, busyUntil: 0 });
    api.apply(aBox('red', { managementPolicy: 'Observe' }));

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'False Drifted');

    expect(status(BOXES, 'red')).toMatchObject({ size: 9, drift: [{ path: 'size', wanted: '1', found: '9' }] });
    expect(status(BOXES, 'red').location).toBeUndefined();
    expect(world.writes).toEqual([]);
  });

  test('an equal resource without our tags is Ready, because nobody asked for ownership', async () => {
    const { api, clock, world, start, condition } = createPlayground();
    world.boxes.set(RED, { size: 1, owner: undefined, busyUntil: 0 });
    api.apply(aBox('red', { managementPolicy: 'Observe' }));

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(world.writes).toEqual([]);
  });

  test('after Manage takes the finalizer off, and deletion leaves the resource', async () => {
    const { api, clock, world } = await settled();

    api.apply(aBox('red', { size: 3, managementPolicy: 'Observe' }));
    await clock.runUntil(() => (api.object(BOXES, KEY)?.metadata.finalizers ?? []).length === 0);
    api.delete(BOXES, KEY);
    await clock.advance(1_000);

    expect(world.boxes.has(RED)).toBe(true);
  });
});

describe('suspend', () => {
  test('stops everything, deletion included, until it is unset', async () => {
    const { api, clock, world, condition, status } = await settled();
    api.apply(aBox('red', { size: 5, suspend: true }));
    await clock.runUntil(() => condition(BOXES, 'red', 'Suspended') === 'True Suspended');
    const reads = world.reads.length;
    expect(condition(BOXES, 'red', 'Ready')).toBe('Unknown Suspended');

    api.delete(BOXES, KEY);
    await clock.advance(3_600_000);
    expect(status(BOXES, 'red').conditions?.[0]?.message).toMatch(/being deleted, which waits/);
    expect([world.reads.length, world.boxes.size]).toEqual([reads, 1]);
    api.apply(aBox('red', { size: 5, suspend: false }));
    await clock.runUntil(() => api.object(BOXES, KEY) === undefined);

    expect(world.writes.map(({ call }) => call)).toEqual(['CreateBox', 'DeleteBox']);
  });
});
