import { describe, expect, test } from 'vitest';
import { Failure } from '../../core/failure.ts';
import type { Reference } from '../../core/managed-kind.ts';
import type { KubeObject } from '../kube/kube-api.ts';
import { FreshObjects } from '../watch/fresh-objects.ts';
import type { StoreChange } from '../watch/object-store.ts';
import { Neighbourhood } from './neighbourhood.ts';

function object(name: string, status: object = {}, generation = 1): KubeObject {
  return { metadata: { namespace: 'play', name, generation }, status };
}

function added(stored: KubeObject): StoreChange {
  return { is: 'added', key: `play/${stored.metadata.name}`, object: stored, previous: undefined, isInitial: true };
}

function updated(previous: KubeObject, stored: KubeObject): StoreChange {
  return { is: 'updated', key: `play/${stored.metadata.name}`, object: stored, previous, isInitial: false };
}

/** Box `red` refers to shelf `oak`. */
function setUp(
  reference: Partial<Reference> = {},
  onRetract: (store: Map<string, KubeObject>, key: string) => Promise<void> = () => Promise.resolve(),
) {
  const neighbourhood = new Neighbourhood();
  const woken: string[] = [];
  const retracted: string[] = [];
  const stores = { Box: new Map([['play/red', object('red')]]), Shelf: new Map([['play/oak', object('oak')]]) };
  for (const kind of ['Box', 'Shelf'] as const) {
    neighbourhood.join(kind, {
      objects: new FreshObjects(stores[kind]),
      wake: (key, priority) => void woken.push(`${kind} ${key} ${priority}`),
      retract: (key, { code }) => {
        retracted.push(`${kind} ${key} ${code}`);
        return onRetract(stores[kind], key);
      },
    });
  }
  const references: readonly Reference[] = [{ path: 'spec.shelfRef', kind: 'Shelf', name: 'oak', ...reference }];
  neighbourhood.note('Box', added(object('red')), references);
  return { neighbourhood, woken, retracted, stores };
}

describe('those who refer to an object', () => {
  test('are known, from the same namespace only', () => {
    const { neighbourhood } = setUp();

    expect(neighbourhood.referrers('Shelf', 'play', 'oak').map(({ metadata }) => metadata.name)).toEqual(['red']);
    expect(neighbourhood.referrers('Shelf', 'other', 'oak')).toEqual([]);
    expect(neighbourhood.find('Shelf', 'play', 'oak')?.metadata.name).toBe('oak');
    expect(neighbourhood.find('Unheard', 'play', 'oak')).toBeUndefined();
  });

  test('are not all that there are: those of a kind are known from every namespace', () => {
    const { neighbourhood, stores } = setUp();
    stores.Box.set('other/blue', { metadata: { namespace: 'other', name: 'blue' } });

    expect(neighbourhood.all('Box').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      'play/red',
      'other/blue',
    ]);
    expect(neighbourhood.all('Unheard')).toEqual([]);
  });

  test('are woken by a new generation like by an edit of their own', () => {
    const { neighbourhood, woken } = setUp({ uses: () => 'nothing' });

    neighbourhood.note('Shelf', updated(object('oak'), object('oak', {}, 2)), []);

    expect(woken).toEqual(['Box play/red edit']);
  });

  test.for<{ name: string; reference: Partial<Reference>; before: object; after: object; isWoken: boolean }>([
    { name: 'by any change of the status', reference: {}, before: { a: 1 }, after: { a: 2 }, isWoken: true },
    { name: 'by nothing where nothing changed', reference: {}, before: { a: 1 }, after: { a: 1 }, isWoken: false },
    {
      name: 'not by what they do not use',
      reference: { isUsable: () => true, uses: ({ status }) => status['arn'] },
      before: { arn: 'x', count: 1 },
      after: { arn: 'x', count: 2 },
      isWoken: false,
    },
    {
      name: 'by what they use',
      reference: { isUsable: () => true, uses: ({ status }) => status['arn'] },
      before: { arn: 'x' },
      after: { arn: 'y' },
      isWoken: true,
    },
    {
      name: 'by whether it can be used',
      reference: { isUsable: ({ status }) => status['state'] === 'ACTIVE', uses: () => 'nothing' },
      before: { state: 'PROVISIONING' },
      after: { state: 'ACTIVE' },
      isWoken: true,
    },
  ])('are woken $name', ({ reference, before, after, isWoken }) => {
    const { neighbourhood, woken } = setUp(reference);

    neighbourhood.note('Shelf', updated(object('oak', before), object('oak', after)), []);

    expect(woken).toEqual(isWoken ? ['Box play/red follow-up'] : []);
  });

  test('let those go at last that waited for them: only deleting ones are woken', () => {
    const { neighbourhood, woken, stores } = setUp();
    const gone: StoreChange = {
      is: 'deleted',
      key: 'play/red',
      object: object('red'),
      previous: object('red'),
      isInitial: false,
    };
    neighbourhood.note('Box', gone, []);
    expect(woken).toEqual([]);

    neighbourhood.note('Box', added(object('red')), [{ path: 'x', kind: 'Shelf', name: 'oak' }]);
    stores.Shelf.set('play/oak', { metadata: { ...object('oak').metadata, deletionTimestamp: 'now' } });
    neighbourhood.note('Box', gone, []);

    expect(woken).toEqual(['Shelf play/oak follow-up']);
  });
});

const READY = { conditions: [{ type: 'Ready', status: 'True', observedGeneration: 1 }] };

describe('before anything comes of a change', () => {
  const { signal } = new AbortController();

  test.for([
    { name: 'those who say Ready take it back', box: READY, shelf: {}, wanted: ['Box play/red DependencyNotReady'] },
    { name: 'those who do not say so are left alone', box: {}, shelf: {}, wanted: [] },
    { name: 'those to whom the object is usable are left alone', box: READY, shelf: READY, wanted: [] },
  ])('$name', async ({ box, shelf, wanted }) => {
    const { neighbourhood, retracted, stores } = setUp({}, (store, key) => {
      store.set(key, object('red'));
      return Promise.resolve();
    });
    stores.Box.set('play/red', object('red', box));
    stores.Shelf.set('play/oak', object('oak', shelf));

    await neighbourhood.retract('Shelf', 'play', 'oak', signal);

    expect(retracted).toEqual(wanted);
  });

  test('one whose status the API server refuses holds nobody up, because only its own owner can mend it', async () => {
    const { neighbourhood, stores, retracted } = setUp({}, () => Promise.reject(new Failure('Bug', 'invalid')));
    stores.Box.set('play/red', object('red', READY));

    await neighbourhood.retract('Shelf', 'play', 'oak', signal);

    expect(retracted).toEqual(['Box play/red DependencyNotReady']);
  });

  test('nobody is waited for without end, because a worker waits meanwhile', async () => {
    const { neighbourhood, stores } = setUp();
    stores.Box.set('play/red', object('red', READY));

    await expect(neighbourhood.retract('Shelf', 'play', 'oak', signal)).rejects.toMatchObject({ code: 'Conflict' });
  });
});
