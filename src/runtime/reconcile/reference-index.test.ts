import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ObjectRef, ReferenceIndex } from './reference-index.ts';

const ref = fc.record({ kind: fc.constantFrom('Box', 'Shelf'), key: fc.constantFrom('play/a', 'play/b', 'other/a') });

test('the referrers are always those whose newest targets name the object', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(ref, fc.uniqueArray(ref, { selector: idOf }))), (changes) => {
      const index = new ReferenceIndex();
      const model = new Map<string, readonly ObjectRef[]>();
      for (const [from, targets] of changes) {
        index.set(from, targets);
        model.set(idOf(from), targets);
      }

      for (const kind of ['Box', 'Shelf']) {
        for (const key of ['play/a', 'play/b', 'other/a']) {
          const expected = [...model].filter(([, targets]) =>
            targets.some((target) => idOf(target) === idOf({ kind, key })),
          );

          expect(index.referrers({ kind, key }).map(idOf).toSorted()).toEqual(
            expected.map(([from]) => from).toSorted(),
          );
        }
      }
    }),
  );
});

function idOf({ kind, key }: ObjectRef): string {
  return `${kind} ${key}`;
}
