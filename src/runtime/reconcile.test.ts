import { describe, expect, test } from 'vitest';
import { box, BOXES } from '../../test/support/toy-kind.ts';
import { createPlayground } from '../../test/support/toy-operator.ts';

const KEY = { namespace: 'play', name: 'red' };

describe('an object', () => {
  test('becomes a resource, and Ready once that is seen', async () => {
    const { api, clock, world, start, condition } = createPlayground();
    api.apply(box('red', { size: 3 }));

    start();
    await clock.runUntil(() => condition(BOXES, 'red', 'Ready') === 'True InSync');

    expect(world.writes.map(({ call }) => call)).toEqual(['CreateBox']);
    expect(api.object(BOXES, KEY)?.['status']).toMatchObject({
      size: 3,
      location: { place: 'here' },
      observedGeneration: 1,
    });
    expect(condition(BOXES, 'red', 'Reconciling')).toBeUndefined();
  });
});
