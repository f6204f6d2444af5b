import { describe, expect, test } from 'vitest';
import { aBox, BOXES } from '../../../test/support/toy-kind.ts';
import { createPlayground } from '../../../test/support/toy-operator.ts';

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

describe('an object that may not go its way', () => {
  const refusal = { reason: 'NotAllowed', message: 'not this way' };

  test('is told why, and nothing is read or written of it', async () => {
    const { api, clock, world, start, condition, status } = createPlayground();
    world.refusal = refusal;
    api.apply(aBox('red'));

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Stalled') === 'True NotAllowed');

    expect(status(BOXES, 'red').conditions?.[0]?.message).toBe('not this way');
    expect([world.reads, world.writes]).toEqual([[], []]);
    expect(api.object(BOXES, KEY)?.metadata.finalizers ?? []).toEqual([]);
  });

  test('goes on as soon as it is woken once it may', async () => {
    const { api, clock, world, start, condition } = createPlayground();
    world.refusal = refusal;
    api.apply(aBox('red'));
    api.apply(aBox('blue'));
    const operator = start();
    await clock.runUntil(() => condition(BOXES, 'blue', 'Stalled') === 'True NotAllowed');
    world.refusal = undefined;
    const before = clock.now();

    for (const controller of operator.controllers) controller.wake(({ metadata }) => metadata.name === 'red', 'edit');
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(clock.now() - before).toBeLessThan(30_000);
    expect(condition(BOXES, 'blue', 'Stalled')).toBe('True NotAllowed');
  });

  test('keeps its resource, also where it is being deleted', async () => {
    const { api, clock, world, condition } = await settled();
    world.refusal = refusal;
    api.delete(BOXES, KEY);

    await clock.runUntil(() => condition(BOXES, 'red', 'Stalled') === 'True NotAllowed');

    expect(world.boxes.has(RED)).toBe(true);
    expect(api.object(BOXES, KEY)?.metadata.finalizers).toHaveLength(1);
  });
});

function judge(world: ReturnType<typeof createPlayground>['world'], allowed: string): void {
  world.refusalOf = (claims) => {
    const refused = claims.find(({ name }) => name !== allowed);
    return refused && { reason: 'NotAllowed', message: `${refused.path}: ${refused.name} is too much` };
  };
}

describe('a change that would make use of what is not allowed', () => {
  test('is not begun, and the object is told so', async () => {
    const { api, clock, world, start, condition, status } = createPlayground();
    judge(world, '1');
    api.apply(aBox('red', { size: 5 }));

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Stalled') === 'True NotAllowed');

    expect(status(BOXES, 'red').conditions?.[0]?.message).toBe('spec.size: 5 is too much');
    expect(status(BOXES, 'red')).not.toHaveProperty('asked');
    expect(world.writes).toEqual([]);
    judge(world, '5');
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');
    expect(world.writes.map(({ call }) => call)).toEqual(['CreateBox']);
  });

  test('does not trouble what is as wished, nor what goes', async () => {
    const { api, clock, world, condition } = await settled();
    judge(world, 'nothing');
    await clock.advance(3_600_000);
    expect(condition(BOXES, 'red', 'Ready')).toBe('True InSync');

    api.delete(BOXES, KEY);
    await clock.runUntil(() => api.object(BOXES, KEY) === undefined);

    expect(world.boxes.has(RED)).toBe(false);
  });
});
