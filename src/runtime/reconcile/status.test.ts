import { describe, expect, test } from 'vitest';
import { statusAfter } from './status.ts';

const NOW = Date.UTC(2026, 0, 2);
const READY = { ready: 'True', reason: 'InSync', message: 'm' } as const;

function stored(status: object) {
  return { metadata: { name: 'red', generation: 3 }, status };
}

describe('statusAfter', () => {
  test('takes the report as the whole of what the kind has to say', () => {
    const status = statusAfter(stored({ old: 1, observedGeneration: 2 }), READY, { report: { size: 1 } }, NOW);

    expect(status).toMatchObject({ size: 1, observedGeneration: 3 });
    expect(status).not.toHaveProperty('old');
  });

  test('keeps what the kind said before where nothing was learnt', () => {
    const before = { size: 1, location: { place: 'here' } };

    expect(statusAfter(stored(before), READY, {}, NOW)).toMatchObject(before);
  });

  test('kept leaves conditions and both observedGenerations alone', () => {
    const before = { observedGeneration: 2, conditions: [{ type: 'Ready', status: 'True', observedGeneration: 2 }] };

    expect(statusAfter(stored(before), 'kept', { report: { size: 1 } }, NOW)).toMatchObject({ ...before, size: 1 });
  });

  test.for([
    {
      name: 'is dropped',
      when: 'a new word is said',
      because: 'it belonged to another look',
      answer: READY,
      shown: false,
    },
    { name: 'stays', when: 'the conditions do', because: 'the trouble may be over soon', answer: 'kept', shown: true },
  ] as const)('old drift $name where $when without a look at the resource, because $because', ({ answer, shown }) => {
    const status = statusAfter(stored({ drift: [{ path: 'x' }] }), answer, {}, NOW);

    expect(status['drift'] !== undefined).toBe(shown);
  });

  test('lets intents stand above the report', () => {
    expect(statusAfter(stored({}), READY, { report: { asked: 1 }, intents: { asked: 2 } }, NOW)['asked']).toBe(2);
  });

  test('bounds what it says of drift', () => {
    const drift = Array.from({ length: 30 }, (_, index) => ({
      path: `p${index}`,
      wanted: 'x'.repeat(999),
      found: undefined,
    }));

    const shown = statusAfter(stored({}), READY, { drift }, NOW)['drift'];

    expect(shown).toHaveLength(20);
    expect(JSON.stringify(shown).length).toBeLessThan(7_000);
    expect((shown as object[])[0]).not.toHaveProperty('found');
  });
});
