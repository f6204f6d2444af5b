import { describe, expect, test } from 'vitest';
import { aBox, aShelf, BOX_KIND, BOXES, SHELVES } from '../../../test/support/toy-kind.ts';
import { createPlayground } from '../../../test/support/toy-operator.ts';
import { Failure } from '../../core/failure.ts';
import { KubeError } from '../kube/kube-api.ts';

/** A box that is there already, and whose object waits for a shelf. */
function waiting(spec: Parameters<typeof aBox>[1]) {
  const playground = createPlayground();
  playground.world.boxes.set('Box/play/red', { size: 7, owner: undefined, busyUntil: 0 });
  playground.api.apply(aBox('red', { shelfRef: { name: 'oak' }, ...spec }));
  playground.start();
  return playground;
}

const MINE = { clusterId: 'nursery', kind: 'Box', namespace: 'play', name: 'red' };

describe('while a reference is waited for', () => {
  test('what the kind can see already is told, once, because the one waited for may go by it', async () => {
    const { clock, world, condition, status } = waiting({ adoptionPolicy: 'Adopt' });

    await clock.advance(200_000);

    expect(status(BOXES, 'red')).toMatchObject({ size: 7, label: expect.stringMatching(/^toy /) });
    expect(condition(BOXES, 'red', 'Ready')).toBe('False DependencyNotReady');
    expect(world.reads).toHaveLength(1);
    expect(world.writes).toEqual([]);
  });

  test('nothing is read where the kind sees no need', async () => {
    const { clock, world, status } = waiting({});

    await clock.advance(200_000);

    expect(world.reads).toEqual([]);
    expect(status(BOXES, 'red')).not.toHaveProperty('size');
  });

  test('a look that failed is repeated soon, because the one waited for may not wait for long', async () => {
    const { clock, world, status } = waiting({ adoptionPolicy: 'Adopt' });
    world.fail('ReadBox', new Failure('Throttled', 'too fast'));

    await clock.advance(5_000);

    expect(status(BOXES, 'red')['size']).toBe(7);
  });

  test('it goes on as ever once that is ready', async () => {
    const { api, clock, world, condition } = waiting({ adoptionPolicy: 'Adopt' });
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'False DependencyNotReady');

    api.apply(aShelf('oak'));
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(world.boxes.get('Box/play/red')).toMatchObject({ size: 1, owner: MINE });
  });
});

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

  test.for([
    { name: 'far more of them than workers', busy: 0 },
    { name: 'every worker busy with others', busy: 4 },
  ])('that changes does so with $name as well', async ({ busy }) => {
    const { api, clock, world, start, condition } = createPlayground();
    const names = Array.from({ length: 100 }, (_, index) => `box-${index}`);
    api.apply(aShelf('oak'));
    for (const name of names) api.apply(aBox(name, { shelfRef: { name: 'oak' } }));
    const { events } = start();
    const areAll = (wanted: string) => names.every((name) => condition(BOXES, name, 'Ready') === wanted);
    await clock.runUntil(() => areAll('True InSync'));
    const told = events.length;
    const turn = Promise.withResolvers<void>();
    world.turn = () => (busy === 0 ? Promise.resolve() : turn.promise);
    for (let other = 0; other < busy; other += 1) api.apply(aBox(`other-${other}`));
    await clock.settle();
    const untimely: string[] = [];
    world.onWrite = ({ call, name }, when) => {
      if (when === 'after' || call !== 'ResizeBox' || name !== 'Shelf/play/oak') return;
      untimely.push(...names.filter((each) => condition(BOXES, each, 'Ready') !== 'False DependencyNotReady'), call);
    };
    world.turn = () => Promise.resolve();

    api.apply(aShelf('oak', { size: 2 }));
    await clock.runUntil(() => untimely.length > 0, { limitMs: 60_000 });
    turn.resolve();
    await clock.runUntil(() => areAll('True InSync'));

    expect(untimely).toEqual(['ResizeBox']);
    expect(events.slice(told).filter(({ reason }) => reason === 'DependencyNotReady')).toHaveLength(100);
  });

  test('that is ready anew without a write makes them take it back as well, because it may mean another thing now', async () => {
    const { api, clock, start, condition } = createPlayground();
    const names = Array.from({ length: 100 }, (_, index) => `box-${index}`);
    api.apply(aShelf('oak'));
    for (const name of names) api.apply(aBox(name, { shelfRef: { name: 'oak' } }));
    start();
    const areAll = (wanted: string) => names.every((name) => condition(BOXES, name, 'Ready') === wanted);
    await clock.runUntil(() => areAll('True InSync'));
    const before = api.writes.length;

    api.apply(aShelf('oak', { deletionPolicy: 'Retain' }));
    await clock.runUntil(() => api.writes.slice(before).some(({ key }) => key.name === 'oak'));

    const told = api.writes.slice(before).filter(({ result }) => result === 'changed');
    const first = told.findIndex(({ key }) => key.name === 'oak');
    expect(new Set(told.slice(0, first).map(({ key }) => key.name))).toEqual(new Set(names));
    await clock.runUntil(() => areAll('True InSync'));
  });

  test('that changes waits, announcing nothing, while a dependant cannot be told', async () => {
    const { api, clock, world, start, condition, status } = createPlayground();
    api.apply(aShelf('oak'));
    api.apply(aBox('red', { shelfRef: { name: 'oak' } }));
    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');
    const error = new KubeError({ code: 503, reason: 'ServiceUnavailable', message: 'busy' });
    const outage = api.faults.add({ verb: 'patch', name: 'red', times: 1_000, error });
    const before = world.writes.length;

    api.apply(aShelf('oak', { size: 2 }));
    await clock.advance(30_000);
    expect(world.writes.slice(before)).toEqual([]);
    expect(status(SHELVES, 'oak')['asked']).toBe(1);
    outage.remove();
    await clock.runUntil(() => condition(SHELVES, 'oak', 'Ready') === 'True InSync');

    expect(world.writes.slice(before)).toMatchObject([{ call: 'ResizeBox', size: 2 }]);
  });

  test('that changes during a look leaves no time to say Ready, because what the look has found is of yesterday', async () => {
    const { api, clock, world, start, condition } = createPlayground();
    api.apply(aShelf('oak'));
    start();
    await clock.runUntil(() => condition(SHELVES, 'oak', 'Ready') === 'True InSync');
    world.growMs = 3_000;
    api.apply(aBox('red', { shelfRef: { name: 'oak' } }));
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'False Growing');
    world.growMs = 0;
    let before = 0;
    world.onRead = async (name) => {
      const isGrown = (world.boxes.get('Box/play/red')?.busyUntil ?? 0) <= clock.now();
      if (name !== 'Box/play/red' || !isGrown || before > 0) return;
      before = api.writes.length;
      api.apply(aShelf('oak', { size: 2 }));
      await clock.sleep(50);
    };

    await clock.runUntil(() => before > 0 && condition(BOXES, 'red', 'Ready') === 'True InSync');

    const said = api.writes.slice(before).filter(({ key, result }) => key.name === 'red' && result === 'changed');
    expect(said.map(({ body }) => /"reason":"(\w+)"/.exec(JSON.stringify(body))?.[1])).toEqual([
      'DependencyNotReady',
      'InSync',
    ]);
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

describe('objects that a kind heeds', () => {
  test('are all there, of every namespace, and wake nobody', async () => {
    const { api, clock, world, start, condition } = createPlayground();
    const boxKind: typeof BOX_KIND = {
      ...BOX_KIND,
      heeds: ['Shelf'],
      desire: (object, around) => ({ ...BOX_KIND.desire(object, around), size: around.heeded.length }),
    };
    const elsewhere = aShelf('elm');
    api.apply(aShelf('oak'));
    api.apply({ ...elsewhere, metadata: { ...elsewhere.metadata, namespace: 'other' } });
    api.apply(aBox('red'));
    start({ boxKind });
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');
    expect(world.boxes.get('Box/play/red')?.size).toBe(2);
    const looks = () => world.reads.filter(({ name }) => name === 'Box/play/red').length;
    const before = looks();

    api.apply(aShelf('ash'));
    await clock.runUntil(() => condition(SHELVES, 'ash', 'Ready') === 'True InSync');

    expect(looks()).toBe(before);
  });
});
