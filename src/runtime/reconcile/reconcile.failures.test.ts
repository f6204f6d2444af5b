import { describe, expect, test } from 'vitest';
import { aBox, BOXES } from '../../../test/support/toy-kind.ts';
import { createPlayground } from '../../../test/support/toy-operator.ts';
import { Failure } from '../../core/failure.ts';
import { KubeError } from '../kube/kube-api.ts';

const RED = { namespace: 'play', name: 'red' };

async function settled() {
  const playground = createPlayground();
  playground.api.apply(aBox('red'));
  const operator = playground.start();
  await playground.clock.runUntil(() => playground.condition(BOXES, 'red', 'Ready') === 'True InSync');
  return { ...playground, operator };
}

describe('patience', () => {
  test.for(['Throttled', 'Unavailable', 'Bug'] as const)(
    'a first %s leaves the status untouched, because it may be over the next moment',
    async (code) => {
      const { api, clock, world, condition, operator } = await settled();
      const writes = api.writes.length;
      world.fail('ReadBox', new Failure(code, 'not now'));

      await clock.advance(610_000);

      expect(operator.results).toContain('error');
      expect(api.writes.length).toBe(writes);
      expect(condition(BOXES, 'red', 'Ready')).toBe('True InSync');
    },
  );

  test('ends with the second failure, and the object recovers by itself', async () => {
    const { clock, world, condition, operator } = await settled();
    world.fail('ReadBox', new Failure('Throttled', 'too fast'), 6);

    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'False Throttled');
    expect(condition(BOXES, 'red', 'Reconciling')).toBe('True Throttled');
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(operator.results.filter((result) => result === 'error')).toHaveLength(6);
    expect(condition(BOXES, 'red', 'Reconciling')).toBeUndefined();
  });

  test('does not keep an object Ready for a generation that was never seen', async () => {
    const { api, clock, world, status } = await settled();
    world.fail('ReadBox', new Failure('Throttled', 'too fast', { retryAfterMs: 5_000 }));

    api.apply(aBox('red', { size: 2 }));
    await clock.advance(1_000);

    expect(status(BOXES, 'red')).toMatchObject({ observedGeneration: 1, conditions: [{ observedGeneration: 1 }] });
  });

  test('does not keep an object Ready that was seen to have drifted, though saying so failed at first', async () => {
    const { api, clock, world, condition } = await settled();
    Object.assign(world.boxes.get('Box/play/red') ?? {}, { size: 99 });
    api.faults.add({ verb: 'patch', subresource: 'status', error: 'reset' });
    const told: unknown[] = [];
    world.onWrite = () => void told.push(condition(BOXES, 'red', 'Ready'));

    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') !== 'True InSync', { limitMs: 700_000 });

    expect(condition(BOXES, 'red', 'Ready')).toBe('False Applying');
    expect(told).toEqual([]);
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');
    expect(world.boxes.get('Box/play/red')?.size).toBe(1);
  });

  test('waits at least as long as the other side asked for', async () => {
    const { api, clock, world } = await settled();
    world.fail('ReadBox', new Failure('Throttled', 'too fast', { retryAfterMs: 30_000 }));
    api.apply(aBox('red', { size: 2 }));
    await clock.advance(0);
    const reads = world.reads.length;

    await clock.advance(29_000);
    expect(world.reads.length).toBe(reads);
    await clock.advance(2_000);

    expect(world.reads.length).toBeGreaterThan(reads);
  });
});

describe('what only a person can mend', () => {
  test.for(['AccessDenied', 'Rejected'] as const)(
    '%s is Stalled at once, told once, and looked at slowly',
    async (code) => {
      const { api, clock, world, condition, operator } = await settled();
      world.fail('ResizeBox', new Failure(code, 'it says no'), 3);

      api.apply(aBox('red', { size: 2 }));
      await clock.runUntil(() => condition(BOXES, 'red', 'Stalled') === `True ${code}`);
      const reads = world.reads.length;
      await clock.advance(1_200_000);

      expect(condition(BOXES, 'red', 'Ready')).toBe(`False ${code}`);
      expect(condition(BOXES, 'red', 'Reconciling')).toBeUndefined();
      expect(world.reads.length - reads).toBe(2);
      expect(operator.events.filter(({ reason }) => reason === code)).toEqual([
        expect.objectContaining({ type: 'Warning', message: 'it says no' }),
      ]);
    },
  );
});

describe('what was refused', () => {
  test('is tried again at each sweep without a word, because nothing has changed for those who read', async () => {
    const { api, clock, world, condition, status } = await settled();
    world.fail('ResizeBox', new Failure('Rejected', 'it says no'), 3);
    api.apply(aBox('red', { size: 2 }));
    await clock.runUntil(() => condition(BOXES, 'red', 'Stalled') === 'True Rejected');
    const writes = api.writes.length;
    const told = status(BOXES, 'red');

    await clock.advance(1_200_000);

    expect(world.writes.filter(({ call }) => call === 'ResizeBox')).toHaveLength(0);
    // The intent is announced and taken back each time; what people read stays as it is.
    const bodies = api.writes.slice(writes).map(({ body }) => body);
    expect(bodies).toEqual([2, 1, 2, 1].map((asked) => expect.objectContaining({ status: { asked } })));
    expect(status(BOXES, 'red')).toEqual(told);

    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');
    expect(condition(BOXES, 'red', 'Stalled')).toBeUndefined();
  });
});

describe('a lost race', () => {
  test('is repeated at once, silently, and without a write to the world in between', async () => {
    const { api, clock, world, operator, condition } = await settled();
    api.faults.add({
      verb: 'patch',
      subresource: 'status',
      error: new KubeError({ code: 409, reason: 'Conflict', message: 'the object has been modified' }),
    });

    api.apply(aBox('red', { size: 2 }));
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(operator.results).toContain('requeue');
    expect(operator.events.map(({ reason }) => reason)).not.toContain('Conflict');
    expect(world.writes.map(({ call }) => call)).toEqual(['CreateBox', 'ResizeBox']);
  });

  test('ends although the watch tells nothing, because the object is read live', async () => {
    const { api, clock, world, operator } = await settled();
    api.apply(aBox('red', { size: 2 }));
    await clock.advance(0);
    api.holdWatches(true);
    const { resourceVersion } = api.object(BOXES, RED)?.metadata ?? {};
    api.edit(BOXES, RED, { metadata: { resourceVersion, labels: { a: 'b' } } });

    await clock.advance(20_000);

    expect(world.boxes.get('Box/play/red')?.size).toBe(2);
    expect(operator.results.filter((result) => result === 'requeue').length).toBeLessThan(3);
  });

  test('for an object that is gone ends its reconciles', async () => {
    const { api, clock, world, operator } = await settled();
    world.onWrite = () => {
      const { resourceVersion } = api.object(BOXES, RED)?.metadata ?? {};
      api.edit(BOXES, RED, { metadata: { resourceVersion, finalizers: [] } });
      api.delete(BOXES, RED);
      throw new Failure('Rejected', 'no');
    };
    api.holdWatches(true);
    Object.assign(world.boxes.get('Box/play/red') ?? {}, { size: 7 });

    await clock.advance(3_000_000);

    expect(operator.results.slice(-2)).toEqual(['requeue_after', 'success']);
  });
});

describe('what nobody planned for', () => {
  test('a reason in no catalogue is a Bug', async () => {
    const { api, clock, start, condition } = createPlayground();
    api.apply(aBox('red', { size: 666 }));

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'False Bug');

    expect(condition(BOXES, 'red', 'Reconciling')).toBe('True Bug');
  });

  test('an error of any kind is a Bug, and the operator goes on', async () => {
    const { api, clock, world, condition } = await settled();
    let isBroken = true;
    world.onWrite = () => {
      if (isBroken) throw new TypeError('undefined is not a function');
    };
    api.apply(aBox('red', { size: 2 }));

    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'False Bug');
    isBroken = false;
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(world.boxes.get('Box/play/red')?.size).toBe(2);
  });

  test('a world that never answers costs one worker for a while, not for ever', async () => {
    const { api, clock, world, start, condition } = createPlayground();
    let isSilent = true;
    world.onWrite = () => (isSilent ? new Promise<void>(() => undefined) : undefined);
    api.apply(aBox('red'));
    const operator = start({ timeoutMs: 60_000, workers: 1 });

    await clock.advance(60_001);
    expect(operator.results).toEqual(['error']);
    isSilent = false;
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');
  });

  test.for([500, 429, 403, 0])('an API server that answers %i is asked again until it is well', async (code) => {
    const { api, clock, start, condition } = createPlayground();
    const fault = api.faults.add({
      verb: 'patch',
      times: 4,
      error: new KubeError({ code, reason: 'x', message: 'x' }),
    });
    api.apply(aBox('red'));

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(fault.fired).toBe(4);
  });
});
