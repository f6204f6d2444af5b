import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { type Batcher, createBatcher } from './batcher.ts';
import type { Priority } from './gateway.ts';

const never = new AbortController().signal;

function batcherOf(
  answers: Readonly<Record<string, number | Error>>,
  takeToken: () => Promise<void> = async () => undefined,
) {
  const clock = createVirtualClock();
  const calls: { names: readonly string[]; priority: Priority }[] = [];
  const batcher = createBatcher<number>({
    maxItems: 3,
    windowMs: { urgent: 5, sweep: 250 },
    clock,
    isOfOneName: (error) => String(error).includes('denied'),
    execute: async (draw, priority) => {
      await takeToken();
      const names = draw();
      calls.push({ names, priority });
      if (names.includes('secret')) throw new Error('denied');
      if (names.includes('poison')) throw new Error('the whole call failed');
      return new Map(names.flatMap((name) => (answers[name] === undefined ? [] : [[name, answers[name]]])));
    },
  });
  return { clock, batcher, calls };
}

async function answersWhereTheFirstGivesUp(change: (batcher: Batcher<number>) => Batcher<number>) {
  const { clock, batcher } = batcherOf({ a: 1, b: 2 });
  const { read } = change(batcher);
  const controller = new AbortController();
  const reads = [read('a', 'urgent', controller.signal), read('b', 'urgent', never)];
  const answers = Promise.all(reads.map((each) => each.catch((error: unknown) => error)));
  controller.abort('gave up');
  await clock.advance(5);
  return await answers;
}

function underTheFirstSignal(batcher: Batcher<number>): Batcher<number> {
  let first: AbortSignal | undefined;
  return { read: (name, priority, signal) => batcher.read(name, priority, (first ??= signal)) };
}

describe('a batcher', () => {
  test('lets reads travel together and answers each alone', async () => {
    const { clock, batcher, calls } = batcherOf({ a: 1, b: 2 });

    const reads = Promise.all(['a', 'b', 'missing'].map((name) => batcher.read(name, 'urgent', never)));
    await clock.advance(5);

    expect(await reads).toEqual([1, 2, undefined]);
    expect(calls).toEqual([{ names: ['a', 'b', 'missing'], priority: 'urgent' }]);
  });

  test('sends a full batch at once, because nobody else fits', async () => {
    const { clock, batcher, calls } = batcherOf({});

    for (const name of ['a', 'b', 'c', 'd']) void batcher.read(name, 'sweep', never);
    await clock.advance(0);

    expect(calls.map(({ names }) => names)).toEqual([['a', 'b', 'c']]);
  });

  test('reads a name once that two ask for', async () => {
    const { clock, batcher, calls } = batcherOf({ a: 1 });

    const reads = Promise.all([batcher.read('a', 'urgent', never), batcher.read('a', 'urgent', never)]);
    await clock.advance(5);

    expect(await reads).toEqual([1, 1]);
    expect(calls).toHaveLength(1);
  });

  test('hastens a sweep that an edit joins', async () => {
    const { clock, batcher, calls } = batcherOf({ a: 1, b: 2 });

    const sweep = batcher.read('a', 'sweep', never);
    await clock.advance(10);
    const edit = batcher.read('b', 'urgent', never);
    await clock.advance(5);

    expect(await Promise.all([sweep, edit])).toEqual([1, 2]);
    expect(calls).toEqual([{ names: ['a', 'b'], priority: 'urgent' }]);
  });

  test('takes in whoever asks while it waits for its token, because its names are not sent yet', async () => {
    const { promise: token, resolve: grant } = Promise.withResolvers<void>();
    const { clock, batcher, calls } = batcherOf({ a: 1, b: 2 }, () => token);

    const early = batcher.read('a', 'urgent', never);
    await clock.advance(1_000);
    const late = batcher.read('b', 'urgent', never);
    grant();
    await clock.advance(5);

    expect(await Promise.all([early, late])).toEqual([1, 2]);
    expect(calls).toEqual([{ names: ['a', 'b'], priority: 'urgent' }]);
  });

  test('goes alone where a sweep already waits for its token, because that one may wait long', async () => {
    const { promise: token, resolve: grant } = Promise.withResolvers<void>();
    const { clock, batcher, calls } = batcherOf({ a: 1, b: 2 }, () => token);

    void batcher.read('a', 'sweep', never);
    await clock.advance(250);
    void batcher.read('b', 'urgent', never);
    await clock.advance(5);
    grant();
    await clock.advance(5);

    expect(calls).toEqual([
      { names: ['a'], priority: 'sweep' },
      { names: ['b'], priority: 'urgent' },
    ]);
  });

  test('asks anew after a call that failed before it was sent', async () => {
    let isSignedIn = false;
    const { clock, batcher } = batcherOf({ a: 1 }, async () => {
      if (!isSignedIn) throw new Error('no credentials');
    });

    const first = batcher.read('a', 'urgent', never).catch(String);
    await clock.advance(5);
    isSignedIn = true;
    const second = batcher.read('a', 'urgent', never);
    await clock.advance(5);

    expect([await first, await second]).toEqual(['Error: no credentials', 1]);
  });

  test('asks again in halves where one name may have failed the call, because the others are not to blame', async () => {
    const { clock, batcher, calls } = batcherOf({ a: 1, b: 2, secret: 3 });

    const reads = Promise.allSettled(['a', 'secret', 'b'].map((name) => batcher.read(name, 'urgent', never)));
    await clock.advance(5);

    expect((await reads).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(calls).toHaveLength(5);
  });

  test('goes on for the others when the first caller gives up', async () => {
    expect(await answersWhereTheFirstGivesUp((batcher) => batcher)).toEqual(['gave up', 2]);
  });

  test('would be caught by that if a batch went with its first caller', async () => {
    expect(await answersWhereTheFirstGivesUp(underTheFirstSignal)).toEqual(['gave up', 'gave up']);
  });

  test('fails one name alone where the answer says so, and all where the call failed', async () => {
    const { clock, batcher } = batcherOf({ a: 1, bad: new Error('not this one') });

    const some = Promise.allSettled(['a', 'bad'].map((name) => batcher.read(name, 'urgent', never)));
    await clock.advance(5);
    const all = Promise.allSettled(['b', 'poison'].map((name) => batcher.read(name, 'urgent', never)));
    await clock.advance(5);

    expect((await some).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
