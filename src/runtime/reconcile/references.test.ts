import { describe, expect, test } from 'vitest';
import { aShelf } from '../../../test/support/toy-kind.ts';
import type { Condition, Reference } from '../../core/managed-kind.ts';
import { referentOf } from './managed-object.ts';
import { resolveLeniently, resolveReferences } from './references.ts';

const REFERENCE: Reference = { path: 'spec.shelfRef', kind: 'Shelf', name: 'oak' };

function condition(type: string, observedGeneration: number): Condition {
  return { type, status: 'True', reason: 'TooBig', message: '', lastTransitionTime: '', observedGeneration };
}

function oak({
  conditions = [],
  isDeleting = false,
}: {
  conditions?: readonly Condition[];
  isDeleting?: boolean;
} = {}) {
  const stored = aShelf('oak');
  const metadata = { ...stored.metadata, generation: 2, ...(isDeleting && { deletionTimestamp: 'now' }) };
  return referentOf({ ...stored, metadata, status: { conditions } }, 'Shelf');
}

describe('resolveReferences', () => {
  test('gives what is Ready for its newest generation', () => {
    const referent = oak({ conditions: [condition('Ready', 2)] });

    expect(resolveReferences([REFERENCE], () => referent)).toEqual({ 'spec.shelfRef': referent });
  });

  test.for([
    { name: 'missing', referent: undefined, says: 'does not exist yet' },
    { name: 'new', referent: oak(), says: 'is not ready yet' },
    {
      name: 'Ready for an older generation',
      referent: oak({ conditions: [condition('Ready', 1)] }),
      says: 'is not ready yet',
    },
    {
      name: 'going',
      referent: oak({ conditions: [condition('Ready', 2)], isDeleting: true }),
      says: 'is being deleted',
    },
    {
      name: 'stalled',
      referent: oak({ conditions: [condition('Stalled', 2)] }),
      says: 'is not ready and needs help (TooBig)',
    },
    {
      name: 'mended since it stalled',
      referent: oak({ conditions: [condition('Stalled', 1)] }),
      says: 'is not ready yet',
    },
  ])('waits for what is $name, naming it', ({ referent, says }) => {
    expect(() => resolveReferences([REFERENCE], () => referent)).toThrow(
      expect.objectContaining({ code: 'DependencyNotReady', message: `spec.shelfRef: Shelf oak ${says}` }),
    );
  });

  test('lets the reference say what it takes', () => {
    const reference = { ...REFERENCE, isUsable: () => true };

    expect(Object.keys(resolveReferences([reference], () => oak()))).toEqual(['spec.shelfRef']);
  });
});

describe('resolveLeniently', () => {
  test('takes whatever is there, and leaves out what is not', () => {
    const referent = oak({ isDeleting: true });
    const find = (_kind: string, name: string) => (name === 'oak' ? referent : undefined);

    expect(resolveLeniently([REFERENCE, { ...REFERENCE, path: 'other', name: 'none' }], find)).toEqual({
      'spec.shelfRef': referent,
    });
  });
});
