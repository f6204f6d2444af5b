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
  // Past the look that confirms the write.
  await playground.clock.advance(11_000);
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
