import { describe, expect, test } from 'vitest';
import { aBox, BOX_KIND, BOXES, type ToyTypes } from '../../../test/support/toy-kind.ts';
import { createPlayground } from '../../../test/support/toy-operator.ts';
import { Failure } from '../../core/failure.ts';
import type { ManagedKind } from '../../core/managed-kind.ts';

const RED = { namespace: 'play', name: 'red' };

async function settled() {
  const playground = createPlayground();
  playground.api.apply(aBox('red'));
  const operator = playground.start();
  await playground.clock.runUntil(() => playground.condition(BOXES, 'red', 'Ready') === 'True InSync');
  const asked = (): unknown => playground.status(BOXES, 'red')['asked'];
  return { ...playground, operator, asked };
}

describe('an intent', () => {
  test.for(['Rejected', 'AccessDenied', 'Throttled', 'NotLeader'] as const)(
    'is taken back after %s, because certainly nothing came of it',
    async (code) => {
      const { api, clock, world, asked } = await settled();
      const during: unknown[] = [];
      world.onWrite = (_step, when) => void (when === 'before' && during.push(asked()));
      world.fail('ResizeBox', new Failure(code, 'it says no', { retryAfterMs: 60_000 }));

      api.apply(aBox('red', { size: 2 }));
      await clock.advance(10_000);

      expect(during).toEqual([2]);
      expect(asked()).toBe(1);
    },
  );

  test.for(['Unavailable', 'Bug'] as const)('stays after %s, because nobody knows what came of it', async (code) => {
    const { api, clock, world, asked } = await settled();
    world.fail('ResizeBox', new Failure(code, 'no answer', { retryAfterMs: 60_000 }));

    api.apply(aBox('red', { size: 2 }));
    await clock.advance(10_000);

    expect(asked()).toBe(2);
  });

  test('is taken back from the object as it is by then, where its write was overtaken while it waited for its turn', async () => {
    const { api, clock, world, operator, asked } = await settled();
    world.turn = (superseded) =>
      new Promise((_resolve, reject) => {
        superseded.addEventListener('abort', () => reject(superseded.reason as Error), { once: true });
      });
    api.apply(aBox('red', { size: 2 }));
    await clock.advance(1_000);
    expect(asked()).toBe(2);

    operator.controllers.forEach((controller) => controller.stop());
    const { resourceVersion } = api.object(BOXES, RED)?.metadata ?? {};
    api.edit(BOXES, RED, { metadata: { resourceVersion, labels: { a: 'b' } } });
    await clock.advance(1_000);

    expect(asked()).toBe(1);
    expect(world.writes.map(({ call }) => call)).toEqual(['CreateBox']);
  });
});

/** Announces when its steps were sent. */
const STAMPING: ManagedKind<ToyTypes> = {
  ...BOX_KIND,
  plan(goal, observed, now) {
    const plan = BOX_KIND.plan(goal, observed, now);
    if (plan.verdict !== 'change') return plan;
    const stamp = { intent: 'sent', call: plan.steps[0].call };
    return { ...plan, intents: { ...plan.intents, sent: { at: new Date(now).toISOString() } }, stamp };
  },
};

/** A box whose creation waits so long for its turn. */
function start(waitsMs: number) {
  const playground = createPlayground();
  const { api, clock, world, status } = playground;
  world.turn = () => clock.sleep(waitsMs, new AbortController().signal);
  api.apply(aBox('red'));
  playground.start({ boxKind: STAMPING, timeoutMs: 300_000 });
  const startedAt = clock.now();
  const sentAfterMs = (): number => {
    const { at } = status(BOXES, 'red')['sent'] as { at: string };
    return Date.parse(at) - startedAt;
  };
  return { ...playground, sentAfterMs };
}

describe('the moment of an intent', () => {
  test('is that of the sending, because a step may wait long for its turn', async () => {
    const { clock, sentAfterMs } = start(100_000);
    await clock.advance(90_000);
    expect(sentAfterMs()).toBe(0);

    await clock.advance(10_500);

    expect(sentAfterMs()).toBe(100_000);
  });

  test('is that of the sending although no answer came, because it may have taken effect', async () => {
    const { clock, world, sentAfterMs } = start(100_000);
    world.fail('CreateBox', new Failure('Unavailable', 'no answer', { retryAfterMs: 60_000 }));

    await clock.advance(100_500);

    expect(sentAfterMs()).toBe(100_000);
  });

  test('is not written once more for a few moments', async () => {
    const { clock, api, sentAfterMs } = start(500);

    await clock.advance(600);

    expect(sentAfterMs()).toBe(0);
    expect(api.writes.filter(({ subresource }) => subresource === 'status')).toHaveLength(1);
  });
});

/** Dusts a box before whatever else is to be done, and announces that. */
const DUSTING: ManagedKind<ToyTypes> = {
  ...STAMPING,
  plan(goal, observed, now) {
    const plan = STAMPING.plan(goal, observed, now);
    if (plan.verdict !== 'change' || goal.want === 'absent') return plan;
    return { ...plan, steps: [{ call: 'DustBox', name: goal.desired.name }, ...plan.steps] };
  },
};

describe('an intent that announces a later step', () => {
  test.for([
    { name: 'is taken back where that step was refused', call: 'CreateBox', code: 'Rejected', isKept: false },
    { name: 'is taken back where it was not sent', call: 'DustBox', code: 'Unavailable', isKept: false },
    { name: 'stays where nobody knows what came of it', call: 'CreateBox', code: 'Unavailable', isKept: true },
  ] as const)('$name', async ({ call, code, isKept }) => {
    const { api, clock, world, start: startOperator, status } = createPlayground();
    const during: unknown[] = [];
    world.onWrite = (_step, when) => void (when === 'before' && during.push(status(BOXES, 'red')['sent']));
    world.fail(call, new Failure(code, 'it says no', { retryAfterMs: 60_000 }));
    api.apply(aBox('red'));

    startOperator({ boxKind: DUSTING });
    await clock.advance(10_000);

    expect(during[0]).toBeDefined();
    expect(status(BOXES, 'red')['sent']).toEqual(isKept ? during[0] : undefined);
  });
});

/** Remembers in `sent` that its step was answered. */
const REMEMBERING: ManagedKind<ToyTypes> = {
  ...BOX_KIND,
  plan(goal, observed, now) {
    const plan = BOX_KIND.plan(goal, observed, now);
    return plan.verdict === 'change' ? { ...plan, done: { sent: { at: 'once answered' } } } : plan;
  },
};

describe('what is to be remembered of a step', () => {
  test.for([
    { name: 'is written once it was answered', failure: undefined, wanted: [undefined, { at: 'once answered' }] },
    { name: 'is not written after a failure', failure: 'Unavailable', wanted: [undefined, undefined] },
  ] as const)('$name', async ({ failure, wanted }) => {
    const { api, clock, world, start: startOperator, status } = createPlayground();
    const sent = (): unknown => status(BOXES, 'red')['sent'];
    const seen: unknown[] = [];
    world.onWrite = (_step, when) => void (when === 'before' && seen.push(sent()));
    if (failure !== undefined) world.fail('CreateBox', new Failure(failure, 'no answer', { retryAfterMs: 60_000 }));
    api.apply(aBox('red'));
    startOperator({ boxKind: REMEMBERING });

    await clock.advance(500);

    expect([...seen, sent()]).toEqual(wanted);
  });
});
