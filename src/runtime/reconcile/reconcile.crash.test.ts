import { describe, expect, test } from 'vitest';
import { aBox, aShelf, BOXES, SHELVES } from '../../../test/support/toy-kind.ts';
import { createPlayground, type Playground } from '../../../test/support/toy-operator.ts';

const RED = { namespace: 'play', name: 'red' };
const OAK = { namespace: 'play', name: 'oak' };

/** What users do, one after the other, each once the one before has come true. */
const STORY: readonly {
  readonly act: (playground: Playground) => void;
  readonly isDone: (playground: Playground) => boolean;
}[] = [
  {
    act: ({ api }) => {
      api.apply(aBox('red', { size: 2, shelfRef: { name: 'oak' } }));
      api.apply(aShelf('oak'));
    },
    isDone: ({ condition }) =>
      condition(BOXES, 'red', 'Ready') === 'True InSync' && condition(SHELVES, 'oak', 'Ready') === 'True InSync',
  },
  {
    act: ({ api }) => void api.apply(aBox('red', { size: 4, shelfRef: { name: 'oak' } })),
    isDone: ({ condition, status }) =>
      condition(BOXES, 'red', 'Ready') === 'True InSync' && status(BOXES, 'red').observedGeneration === 2,
  },
  {
    act: ({ api }) => {
      api.delete(SHELVES, OAK);
      api.delete(BOXES, RED);
    },
    isDone: ({ api }) => api.objects(BOXES).length + api.objects(SHELVES).length === 0,
  },
];

interface Perturbation {
  readonly where: 'Kubernetes' | 'the world';
  readonly nth: number;
  readonly when: 'before' | 'after';
}

/** Plays the story with at most one crash, after which another operator goes on with empty memory. */
async function play(perturbation?: Perturbation) {
  const playground = createPlayground();
  const { api, clock, world } = playground;
  let operator = playground.start();
  let crashes = 0;
  function crash(): void {
    crashes += 1;
    operator.crash();
    operator = playground.start();
  }
  if (perturbation?.where === 'Kubernetes') {
    const { nth, when } = perturbation;
    api.faults.add({ verb: 'patch', nth, when, error: 'reset', onFire: crash });
  }
  let worldWrites = 0;
  const numbers = new Map<object, number>();
  world.onWrite = (step, when) => {
    if (when === 'before') numbers.set(step, ++worldWrites);
    const isHit =
      perturbation?.where === 'the world' && perturbation.nth === numbers.get(step) && perturbation.when === when;
    if (!isHit || crashes > 0) return;
    crash();
    throw new Error('the process is gone');
  };
  const worlds: unknown[] = [];
  for (const { act, isDone } of STORY) {
    act(playground);
    await clock.runUntil(() => isDone(playground), { limitMs: 3_600_000 });
    worlds.push([...world.boxes].map(([name, { size, owner }]) => ({ name, size, owner })));
  }
  const kubeWrites = api.writes.length;
  const settledWrites = world.writes.length;
  await clock.advance(3 * 600_000);
  expect([api.writes.length, world.writes.length], 'silence afterwards').toEqual([kubeWrites, settledWrites]);
  return { worlds, kubeWrites, worldWrites, crashes };
}

describe('a crash', async () => {
  const undisturbed = await play();
  const points: readonly Perturbation[] = (['before', 'after'] as const).flatMap((when) => [
    ...Array.from({ length: undisturbed.kubeWrites }, (_, i) => ({ where: 'Kubernetes' as const, nth: i + 1, when })),
    ...Array.from({ length: undisturbed.worldWrites }, (_, i) => ({ where: 'the world' as const, nth: i + 1, when })),
  ]);

  test('has points to come at', () => {
    expect(undisturbed.worlds).toHaveLength(3);
    expect(points.length).toBeGreaterThan(20);
  });

  test.for(points)('$when write $nth to $where changes nothing of what comes in the end', async (point) => {
    const { worlds, crashes } = await play(point);

    expect(crashes).toBe(1);
    expect(worlds).toEqual(undisturbed.worlds);
  });
});
