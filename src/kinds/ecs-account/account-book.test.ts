import { describe, expect, test } from 'vitest';
import { AccountBook, type Standing } from './account-book.ts';
import type { OperatorIdentity } from './resolution.ts';

const OBJECTS: readonly Standing[] = ['shop', 'jobs'].flatMap((namespace) =>
  [undefined, 'live'].map((accountRef) => ({ namespace, accountRef })),
);

/** Which of the objects were woken by each change, as `shop` or `shop/live`. */
function openBook(operatorIdentity: OperatorIdentity = 'without-accounts') {
  const woken: (readonly string[])[] = [];
  const book = new AccountBook({
    operatorIdentity,
    onChange: (isConcerned) =>
      void woken.push(
        OBJECTS.filter(isConcerned).map(({ namespace, accountRef }) =>
          [namespace, accountRef].filter(Boolean).join('/'),
        ),
      ),
  });
  for (const name of ['shop', 'jobs']) book.noteNamespace({ metadata: { name, labels: { team: name } } }, false);
  woken.length = 0;
  return { book, woken };
}

function stored(name: string, team: string, spec: object = {}) {
  const roleArn = `arn:aws:iam::123456789012:role/${name}`;
  return { metadata: { name }, spec: { roleArn, namespaceSelector: { matchLabels: { team } }, ...spec } };
}

describe('the book of accounts', () => {
  test('wakes everybody at the first account, because it ends the use of the operator’s identity', () => {
    const { book, woken } = openBook();

    book.noteAccount(stored('live', 'shop'), false);

    expect(woken).toEqual([['shop', 'shop/live', 'jobs']]);
    expect(book.resolve({ namespace: 'jobs', accountRef: undefined }).is).toBe('refused');
  });

  test('wakes those whom a change of an account concerns, and nobody for its status', () => {
    const { book, woken } = openBook();
    book.noteAccount(stored('live', 'shop'), false);
    book.noteAccount(stored('test', 'jobs'), false);
    woken.length = 0;

    book.noteAccount({ ...stored('live', 'shop'), metadata: { name: 'live' } }, false);
    book.noteAccount(stored('live', 'shop', { region: 'eu-west-1' }), false);
    book.noteAccount(stored('live', 'jobs', { region: 'eu-west-1' }), false);

    expect(woken).toEqual([
      ['shop', 'shop/live'],
      ['shop', 'shop/live', 'jobs', 'jobs/live'],
    ]);
  });

  test('wakes those of a namespace whose labels change, and nobody for anything else of it', () => {
    const { book, woken } = openBook();
    book.noteAccount(stored('live', 'shop'), false);
    woken.length = 0;

    book.noteNamespace({ metadata: { name: 'jobs', labels: { team: 'jobs' } } }, false);
    book.noteNamespace({ metadata: { name: 'jobs', labels: { team: 'shop' } } }, false);

    expect(woken).toEqual([['jobs', 'jobs/live']]);
    expect(book.resolve({ namespace: 'jobs', accountRef: undefined }).is).toBe('account');
  });

  test('knows nothing of a namespace that is gone', () => {
    const { book } = openBook();
    book.noteAccount(stored('live', 'shop'), false);

    book.noteNamespace({ metadata: { name: 'shop' } }, true);

    expect(book.resolve({ namespace: 'shop', accountRef: undefined }).is).toBe('unseen');
  });

  test('lets an account that does not fit the schema select nothing, and count all the same', () => {
    const { book } = openBook();

    book.noteAccount({ metadata: { name: 'live' }, spec: { namespaceSelector: {} } }, false);

    for (const standing of OBJECTS) expect(book.resolve(standing)).toMatchObject({ reason: 'NoAccount' });
  });

  test('forgets an account that is gone', () => {
    const { book } = openBook();
    book.noteAccount(stored('live', 'shop'), false);

    book.noteAccount(stored('live', 'shop'), true);

    expect(book.resolve({ namespace: 'shop', accountRef: undefined }).is).toBe('operator');
  });
});
