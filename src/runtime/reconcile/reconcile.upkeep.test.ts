import { describe, expect, test } from 'vitest';
import { aBox, aShelf, BOXES, SHELVES } from '../../../test/support/toy-kind.ts';
import { createPlayground } from '../../../test/support/toy-operator.ts';
import { Failure } from '../../core/failure.ts';

const OAK = 'Shelf/play/oak';

/** A shelf that a box stands on, both Ready, and then dust on the shelf. */
async function dusty() {
  const playground = createPlayground();
  const { api, clock, world, start, condition } = playground;
  api.apply(aShelf('oak'));
  api.apply(aBox('red', { shelfRef: { name: 'oak' } }));
  const operator = start();
  await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');
  Object.assign(world.boxes.get(OAK) ?? {}, { isDusty: true });
  const calls = (): readonly string[] => world.writes.map(({ call }) => call);
  return { ...playground, operator, calls };
}

/** What Ready says of the shelf and of the box on it, and how many writes it took from now on. */
function watchReady({ api, condition }: Awaited<ReturnType<typeof dusty>>): () => readonly (string | undefined)[] {
  const before = api.writes.length;
  return () => [
    ...new Set([condition(SHELVES, 'oak', 'Ready'), condition(BOXES, 'red', 'Ready')]),
    `${api.writes.length - before} writes`,
  ];
}

describe('housekeeping', () => {
  test('is done without a write to the status, because the wish has come true already', async () => {
    const playground = await dusty();
    const seen = watchReady(playground);

    await playground.clock.advance(700_000);

    expect(playground.calls()).toContain('DustBox');
    expect(seen()).toEqual(['True InSync', '0 writes']);
    expect(playground.operator.corrected).toBe(0);
  });

  test.for(['AccessDenied', 'Rejected'] as const)(
    'that fails with %s leaves the object Ready and those who refer to it alone, and is told by an Event',
    async (code) => {
      const playground = await dusty();
      const { clock, world, operator, condition } = playground;
      const seen = watchReady(playground);
      world.fail('DustBox', new Failure(code, 'dusting is not allowed'), 2);

      await clock.advance(1_300_000);

      expect(seen()).toEqual(['True InSync', '0 writes']);
      expect(condition(SHELVES, 'oak', 'Stalled')).toBeUndefined();
      expect(operator.events.filter(({ reason }) => reason === code)).toEqual([
        expect.objectContaining({ name: 'oak', type: 'Warning', message: 'dusting is not allowed' }),
        expect.objectContaining({ name: 'oak', type: 'Warning', message: 'dusting is not allowed' }),
      ]);
      expect(operator.results.filter((result) => result === 'error')).toHaveLength(2);
    },
  );

  test('that failed is repeated as its failure demands, until it is done', async () => {
    const playground = await dusty();
    const { clock, world, calls } = playground;
    const seen = watchReady(playground);
    world.fail('DustBox', new Failure('Throttled', 'too fast'), 3);

    await clock.advance(640_000);

    expect(calls()).toContain('DustBox');
    expect(seen()).toEqual(['True InSync', '0 writes']);
  });

  test('that lost the race for the object gives up its turn, because the wish may be another now', async () => {
    const playground = await dusty();
    const { clock, world, operator, calls } = playground;
    const seen = watchReady(playground);
    world.fail('DustBox', new Failure('Conflict', 'the wish was replaced'));

    await clock.advance(640_000);

    expect(operator.results).toContain('requeue');
    expect(calls()).toContain('DustBox');
    expect(seen()).toEqual(['True InSync', '0 writes']);
  });
});
