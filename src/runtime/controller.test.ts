import { describe, expect, test } from 'vitest';
import { aBox, aShelf, BOXES, SHELVES } from '../../test/support/toy-kind.ts';
import { createPlayground } from '../../test/support/toy-operator.ts';
import type { LogFacts } from '../lib/log.ts';

const RED = { namespace: 'play', name: 'red' };

async function settled(annotations?: Readonly<Record<string, string>>) {
  const playground = createPlayground();
  playground.api.apply(aBox('red', {}, annotations));
  const operator = playground.start();
  await playground.clock.runUntil(() => playground.condition(BOXES, 'red', 'Ready') === 'True InSync');
  // Past the look that confirms the write.
  await playground.clock.advance(11_000);
  return { ...playground, operator };
}

describe('resyncs', () => {
  test('of a group fall on the same moments, whenever its objects came', async () => {
    const { api, clock, world, start } = createPlayground();
    start();
    for (const name of ['a', 'b', 'c']) {
      api.apply(aBox(name));
      await clock.advance(37_000);
    }
    await clock.advance(600_000);
    world.reads.length = 0;

    await clock.advance(600_000);

    expect(world.reads.map(({ name }) => name).toSorted()).toEqual(['Box/play/a', 'Box/play/b', 'Box/play/c']);
    expect(new Set(world.reads.map(({ at }) => at)).size).toBe(1);
  });

  test('keep their moments over a restart, because the grid is of the wall clock', async () => {
    const { clock, world, operator, start } = await settled();
    await clock.advance(600_000);
    const before = world.reads.at(-1)?.at ?? 0;
    operator.crash();
    await clock.advance(123_456);
    start();
    await clock.advance(1_000);

    await clock.advance(600_000);

    expect(((world.reads.at(-1)?.at ?? 0) - before) % 600_000).toBe(0);
  });

  test('come as often as the annotation says', async () => {
    const { clock, world } = await settled({ 'toys.test/resync-interval': '1m' });
    const reads = world.reads.length;

    await clock.advance(600_000);

    expect(world.reads.length - reads).toBe(10);
  });

  test('come as ever where the annotation cannot be read, and one Event says so', async () => {
    const { clock, world, operator } = await settled({ 'toys.test/resync-interval': 'often' });
    const reads = world.reads.length;

    await clock.advance(600_000);

    expect(world.reads.length - reads).toBe(1);
    const complaints = operator.events.filter(({ reason }) => reason === 'InvalidAnnotation');
    expect(new Set(complaints.map(({ id }) => id)).size).toBe(1);
    expect(complaints[0]?.message).toMatch(/30s to 24h/);
  });
});

describe('what wakes an object', () => {
  test.for(['toys.test/reconcile-at', 'reconcile.fluxcd.io/requestedAt'])('a new value of %s', async (annotation) => {
    const { api, clock, world } = await settled();
    const reads = world.reads.length;

    api.apply(aBox('red', {}, { [annotation]: '2026-01-01T00:00:00Z' }));
    await clock.advance(100);

    expect(world.reads.length - reads).toBe(1);
  });

  test.for([
    { name: 'its own status', body: { status: { size: 77 } }, subresource: 'status' as const },
    { name: 'a label', body: { metadata: { labels: { a: 'b' } } }, subresource: undefined },
    { name: 'an annotation of others', body: { metadata: { annotations: { 'a/b': 'c' } } }, subresource: undefined },
  ])('not $name, as that says nothing of what is wished for', async ({ body, subresource }) => {
    const { api, clock, world } = await settled();
    const reads = world.reads.length;

    const resourceVersion = api.object(BOXES, RED)?.metadata.resourceVersion;
    api.edit(BOXES, RED, { ...body, metadata: { ...body.metadata, resourceVersion } }, subresource);
    await clock.advance(1_000);

    expect(world.reads.length).toBe(reads);
  });

  test('that somebody took our finalizer off: it is put back', async () => {
    const { api, clock } = await settled();
    const resourceVersion = api.object(BOXES, RED)?.metadata.resourceVersion;

    api.edit(BOXES, RED, { metadata: { resourceVersion, finalizers: [] } });
    await clock.advance(100);

    expect(api.object(BOXES, RED)?.metadata.finalizers).toEqual(['toys.test/finalizer']);
  });
});

describe('urgency', () => {
  test('an edit goes before the initial list, and reaches the gateway as such', async () => {
    const playground = createPlayground();
    const { api, clock, world, start } = playground;
    const names = Array.from({ length: 20 }, (_, index) => `box-${index}`);
    for (const name of names) api.apply(aBox(name));
    const first = start();
    await clock.runUntil(() => names.every((name) => playground.condition(BOXES, name, 'Ready') === 'True InSync'));
    first.crash();
    world.reads.length = 0;

    const second = start({ workers: 1, beforeWork: () => void api.apply(aBox('late')) });
    await clock.runUntil(() => playground.condition(BOXES, 'late', 'Ready') === 'True InSync');

    const index = world.reads.findIndex(({ name }) => name === 'Box/play/late');
    expect(index).toBeLessThan(3);
    expect(second.priorities).toContain('edit');
    expect(second.priorities.filter((priority) => priority === 'background')).toHaveLength(20);
  });

  test('an object edited while no operator ran is an edit, not a resync', async () => {
    const { api, clock, operator, start } = await settled();
    operator.crash();
    api.apply(aBox('red', { size: 2 }));

    const next = start();
    await clock.advance(100);

    expect(next.priorities[0]).toBe('edit');
  });
});

function untilSuperseded(superseded: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => superseded.addEventListener('abort', () => reject(superseded.reason)));
}

describe('a write that waits for its turn', () => {
  test('is not sent when its object is edited meanwhile, because it is no longer wished', async () => {
    const { api, clock, world, condition } = await settled();
    const inTime = world.turn;
    world.turn = untilSuperseded;
    api.apply(aBox('red', { size: 2 }));
    await clock.advance(60_000);
    world.turn = inTime;

    api.apply(aBox('red', { size: 3 }));
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(world.writes.slice(1)).toEqual([expect.objectContaining({ call: 'ResizeBox', size: 3 })]);
  });

  test('is not sent when a reference of its object is edited, because the wish hangs on that', async () => {
    const { api, clock, world, condition, start } = createPlayground();
    api.apply(aShelf('oak'));
    start();
    await clock.runUntil(() => condition(SHELVES, 'oak', 'Ready') === 'True InSync');
    const inTime = world.turn;
    world.turn = untilSuperseded;
    api.apply(aBox('red', { shelfRef: { name: 'oak' } }));
    await clock.advance(1_000);
    world.turn = inTime;

    api.apply(aShelf('oak', { size: 2 }));
    await clock.advance(0);

    expect(world.writes.map(({ name }) => name)).not.toContain('Box/play/red');
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');
  });

  test('is not sent when nobody is to work any more, so that the lease is not held for it', async () => {
    const { api, clock, world, operator } = await settled();
    world.turn = untilSuperseded;
    api.apply(aBox('red', { size: 2 }));
    await clock.advance(1_000);

    for (const controller of operator.controllers) controller.stop();
    await clock.advance(0);

    expect(operator.controllers.flatMap((controller) => [...controller.running().keys()])).toEqual([]);
    expect(world.writes).toHaveLength(1);
  });
});

describe('after a change', () => {
  test('looks again soon, and then ever later while it is not seen', async () => {
    const { api, clock, world } = await settled();
    // Resizes that never show: the world keeps the old size.
    world.onWrite = () => {
      throw new StopEffect();
    };
    class StopEffect extends Error {}
    const apply = world.write.bind(world);
    Object.assign(world, { write: (...args: Parameters<typeof apply>) => apply(...args).catch(() => undefined) });
    world.reads.length = 0;

    api.apply(aBox('red', { size: 2 }));
    await clock.advance(60_000);

    const gaps = world.reads.slice(1).map(({ at }, index) => at - (world.reads[index]?.at ?? 0));
    expect(gaps.slice(0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });
});

describe('the log', () => {
  test('tells of a change with the names of all it concerns, and of looking only at debug', async () => {
    const lines: { readonly level: string; readonly message: string; readonly facts: LogFacts }[] = [];
    const at = (level: string) => (facts: LogFacts, message: string) => void lines.push({ level, message, facts });
    const { api, clock, start, condition } = createPlayground();
    api.apply(aBox('red'));

    start({ log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } });
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(lines.filter(({ level }) => level !== 'debug')).toEqual([
      {
        level: 'info',
        message: 'step applied',
        facts: expect.objectContaining({
          controller: 'box',
          namespace: 'play',
          name: 'red',
          step: 'CreateBox',
          because: ['size'],
        }),
      },
    ]);
  });
});
