import { describe, expect, test } from 'vitest';
import { aBox, BOX_KIND } from '../../../test/support/toy-kind.ts';
import { parseManaged, referentOf } from './managed-object.ts';

const { definition } = BOX_KIND;

describe('parseManaged', () => {
  test('gives the object with its owner', () => {
    const parsed = parseManaged(aBox('red', { size: 2 }), definition, 'nursery');

    expect(parsed).toMatchObject({
      is: 'valid',
      object: { spec: { size: 2 }, owner: { clusterId: 'nursery', kind: 'Box', namespace: 'play', name: 'red' } },
    });
  });

  test('takes a deleting object as it stands, because it must be able to go', () => {
    const stored = {
      ...aBox('red'),
      metadata: { name: 'red', namespace: 'play', deletionTimestamp: 'x' },
      spec: 'nonsense',
    };

    expect(parseManaged(stored, definition, 'nursery')).toMatchObject({ is: 'valid', object: { spec: {} } });
  });

  test.for([
    { name: 'no object', status: 'text' },
    { name: 'of other forms', status: { conditions: 'none', observedGeneration: 'x', location: [1] } },
  ])('reads a status that is $name as empty', ({ status }) => {
    const parsed = parseManaged({ ...aBox('red'), status }, definition, 'nursery');

    expect(parsed.is === 'valid' && parsed.object.status).toMatchObject({
      conditions: undefined,
      observedGeneration: undefined,
      location: undefined,
    });
  });

  test('keeps the location though the rest of the status does not fit, as writes depend on it', () => {
    const picky = { ...definition, status: { safeParse: () => ({ success: false as const, error: { issues: [] } }) } };
    const stored = { ...aBox('red'), status: { size: 'x', location: { place: 'here' } } };

    expect(parseManaged(stored, picky, 'nursery')).toMatchObject({
      object: { status: { location: { place: 'here' } } },
    });
  });
});

describe('referentOf', () => {
  test('is plain JSON with the metadata filled', () => {
    expect(referentOf(aBox('red', { size: 2 }), 'Box')).toMatchObject({
      kind: 'Box',
      metadata: { name: 'red', finalizers: [], annotations: {} },
      spec: { size: 2 },
      status: {},
    });
  });
});
