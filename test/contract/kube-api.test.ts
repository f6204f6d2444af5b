import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  type KubeApi,
  KubeError,
  type KubeObject,
  type KubeWatchEvent,
  type MergePatch,
} from '../../src/runtime/kube/kube-api.ts';
import { EVENTS, LEASES } from '../support/fake-kube-api.ts';
import { TOYS, toy } from '../support/toy-objects.ts';
import { waitFor } from '../support/wait-for.ts';
import { type KubeBacking, type KubeBackingSource, locateKubeBackings } from './kube-backings.ts';

const FOREVER = new AbortController().signal;
const FINALIZER = 'toys.example.com/kept';

async function refusalOf(promise: Promise<unknown>): Promise<{ readonly code: number; readonly reason: string }> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof KubeError)) throw new Error('a KubeError was expected', { cause: error });
  return { code: error.status.code, reason: error.status.reason };
}

function eventOf(name: string, namespace: string): KubeObject {
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name, namespace },
    eventTime: '2026-01-01T00:00:00.000000Z',
    type: 'Normal',
    reason: 'Applied',
    action: 'Reconcile',
    note: 'size is 2 now',
    regarding: { apiVersion: 'toys.example.com/v1', kind: 'Toy', name: 'a', namespace, uid: 'u' },
    reportingController: 'toys.example.com/controller',
    reportingInstance: 'pod-1',
  };
}

interface Watching {
  readonly events: KubeWatchEvent[];
  readonly ended: Promise<void>;
  readonly types: () => readonly string[];
}

function describeContract(source: KubeBackingSource): void {
  describe.skipIf(source.missing !== undefined)(`${source.name} as a KubeApi`, () => {
    let backing: KubeBacking;
    let api: KubeApi;
    let namespace: string;

    beforeAll(async () => {
      backing = await source.start();
      api = backing.api;
    });
    afterAll(async () => {
      await backing[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      namespace = await backing.createNamespace();
    });

    function follow(
      resourceVersion: string,
      options: { timeoutSeconds?: number; labelSelector?: string } = {},
    ): Watching {
      const events: KubeWatchEvent[] = [];
      const life = new AbortController();
      onTestFinished(() => life.abort());
      const { timeoutSeconds = 60, labelSelector } = options;
      const stream = api.watch(TOYS, { namespace, resourceVersion, timeoutSeconds, labelSelector }, life.signal);
      const ended = (async () => {
        for await (const each of stream) events.push(each);
      })();
      ended.catch(() => undefined);
      return { events, ended, types: () => events.map(({ type }) => type).filter((type) => type !== 'BOOKMARK') };
    }

    const make = (name: string, spec: Readonly<Record<string, unknown>> = {}): Promise<KubeObject> =>
      api.create(TOYS, toy(name, spec, namespace), FOREVER);
    const patch = (name: string, body: MergePatch['body'], subresource?: 'status'): Promise<KubeObject> =>
      api.patch(TOYS, { namespace, name }, { body, subresource }, FOREVER);
    const look = (name: string): Promise<KubeObject | undefined> => api.get(TOYS, { namespace, name }, FOREVER);

    describe('create', () => {
      test('gives identity, version, generation 1 and the default status, whatever status was sent', async () => {
        const created = await api.create(TOYS, { ...toy('a', { size: 1 }, namespace), status: { size: 9 } }, FOREVER);

        expect(created).toMatchObject({
          apiVersion: 'toys.example.com/v1',
          kind: 'Toy',
          metadata: {
            name: 'a',
            namespace,
            generation: 1,
            uid: expect.any(String),
            resourceVersion: expect.any(String),
          },
          spec: { size: 1 },
        });
        expect(created.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        expect((await look('a'))?.['status']).toEqual({ observedGeneration: -1 });
      });

      test('refuses a name that is taken', async () => {
        await make('a');

        expect(await refusalOf(make('a'))).toEqual({ code: 409, reason: 'AlreadyExists' });
      });

      test('refuses a version', async () => {
        const object = toy('a', {}, namespace);
        const given = { ...object, metadata: { ...object.metadata, resourceVersion: '7' } };

        expect((await refusalOf(api.create(TOYS, given, FOREVER))).code).toBe(500);
      });
    });

    describe('get', () => {
      test('gives undefined for what is not there', async () => {
        expect(await look('nobody')).toBeUndefined();
      });

      test('fails for a resource that is not there, because that says nothing of its objects', async () => {
        const unknown = api.get({ ...TOYS, plural: 'dolls' }, { namespace, name: 'a' }, FOREVER);

        expect((await refusalOf(unknown)).code).toBe(404);
      });
    });

    describe('a merge patch', () => {
      test('of the spec counts the generation, removes by null and leaves the status alone', async () => {
        await make('a', { size: 1, deep: { kept: 1, gone: 1 } });

        const patched = await patch('a', { spec: { size: 2, deep: { gone: null } }, status: { size: 9 } });

        expect(patched).toMatchObject({ metadata: { generation: 2 }, spec: { size: 2, deep: { kept: 1 } } });
        expect(patched['spec']).toEqual({ size: 2, deep: { kept: 1 } });
        expect(patched['status']).toEqual({ observedGeneration: -1 });
      });

      test('of metadata does not count the generation', async () => {
        await make('a');

        const patched = await patch('a', { metadata: { annotations: { note: 'x' }, finalizers: [FINALIZER] } });

        expect(patched.metadata).toMatchObject({ generation: 1, annotations: { note: 'x' }, finalizers: [FINALIZER] });
      });

      test('that changes nothing keeps the version, once the default status is stored', async () => {
        await make('a', { size: 1 });
        const { metadata } = await patch('a', { metadata: { annotations: { note: 'x' } } });

        const patched = await patch('a', { spec: { size: 1 } });

        expect(patched.metadata.resourceVersion).toBe(metadata.resourceVersion);
      });

      test('of the status changes nothing else, and not the generation', async () => {
        await make('a', { size: 1 });

        const patched = await patch(
          'a',
          { metadata: { annotations: { n: 'x' } }, spec: { size: 2 }, status: { size: 1 } },
          'status',
        );

        expect(patched).toMatchObject({ metadata: { generation: 1 }, spec: { size: 1 } });
        expect(patched.metadata.annotations).toBeUndefined();
        expect(patched['status']).toEqual({ observedGeneration: -1, size: 1 });
      });

      test('that removes the status brings the default back', async () => {
        await make('a');
        await patch('a', { status: { size: 1, observedGeneration: 1 } }, 'status');

        await patch('a', { status: null }, 'status');

        expect((await look('a'))?.['status']).toEqual({ observedGeneration: -1 });
      });

      test.for([{ subresource: undefined }, { subresource: 'status' as const }])(
        'with an old version is refused, subresource $subresource',
        async ({ subresource }) => {
          const { metadata } = await make('a');
          await patch('a', { spec: { size: 2 } });

          const late = patch(
            'a',
            { metadata: { resourceVersion: metadata.resourceVersion }, status: { x: 1 } },
            subresource,
          );

          expect(await refusalOf(late)).toEqual({ code: 409, reason: 'Conflict' });
        },
      );

      test.for([{ subresource: undefined }, { subresource: 'status' as const }])(
        'with the current version is taken, subresource $subresource',
        async ({ subresource }) => {
          const { metadata } = await make('a');
          const { uid, resourceVersion } = metadata;

          const taken = patch(
            'a',
            { metadata: { uid, resourceVersion }, spec: { x: 1 }, status: { x: 1 } },
            subresource,
          );

          expect((await taken).metadata.resourceVersion).not.toBe(resourceVersion);
        },
      );

      test.for([{ subresource: undefined }, { subresource: 'status' as const }])(
        'with version and uid of a predecessor is refused, subresource $subresource',
        async ({ subresource }) => {
          const { uid, resourceVersion } = (await make('a')).metadata;
          await backing.delete({ namespace, name: 'a' });
          await make('a');

          const late = patch('a', { metadata: { uid, resourceVersion }, status: { x: 1 } }, subresource);

          expect(await refusalOf(late)).toEqual({ code: 409, reason: 'Conflict' });
        },
      );

      test('with a wrong uid alone is refused as invalid, but taken by the status, so it is no precondition', async () => {
        await make('a');

        const refused = await refusalOf(patch('a', { metadata: { uid: 'x' }, spec: { size: 2 } }));
        const taken = await patch('a', { metadata: { uid: 'x' }, status: { size: 2 } }, 'status');

        expect(refused).toEqual({ code: 422, reason: 'Invalid' });
        expect(taken['status']).toMatchObject({ size: 2 });
      });

      test('of what is not there is refused', async () => {
        expect(await refusalOf(patch('nobody', { spec: {} }))).toEqual({ code: 404, reason: 'NotFound' });
      });
    });

    describe('replace', () => {
      test('takes the current version, keeps the status and refuses an old version', async () => {
        const created = await make('a', { size: 1 });

        const replaced = await api.replace(TOYS, { ...created, spec: { size: 2 }, status: { size: 9 } }, FOREVER);

        expect(replaced).toMatchObject({ metadata: { generation: 2 }, spec: { size: 2 } });
        expect(replaced['status']).toEqual({ observedGeneration: -1 });
        const late = api.replace(TOYS, { ...created, spec: { size: 3 } }, FOREVER);
        expect(await refusalOf(late)).toEqual({ code: 409, reason: 'Conflict' });
      });

      test('refuses a toy without a version', async () => {
        await make('a');

        expect((await refusalOf(api.replace(TOYS, toy('a', { size: 2 }, namespace), FOREVER))).code).toBe(422);
      });

      test('of a Lease is how an election is decided', async () => {
        const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l', namespace } };
        const spec = { holderIdentity: 'a', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z' };
        const created = await api.create(LEASES, { ...lease, spec }, FOREVER);

        const taken = await api.replace(LEASES, { ...created, spec: { ...spec, holderIdentity: 'b' } }, FOREVER);
        const late = api.replace(LEASES, { ...created, spec: { ...spec, holderIdentity: 'c' } }, FOREVER);

        expect(taken['spec']).toEqual({ ...spec, holderIdentity: 'b' });
        expect(await refusalOf(late)).toEqual({ code: 409, reason: 'Conflict' });
        expect(await api.get(LEASES, { namespace, name: 'l' }, FOREVER)).toEqual(taken);
      });
    });

    describe('deletion', () => {
      test('without finalizers removes at once', async () => {
        await make('a');

        await backing.delete({ namespace, name: 'a' });

        expect(await look('a')).toBeUndefined();
      });

      test('with a finalizer waits, counts the generation, takes no further finalizers, and ends with the last one', async () => {
        await make('a', { size: 1 });
        await patch('a', { metadata: { finalizers: [FINALIZER] } });

        await backing.delete({ namespace, name: 'a' });
        const deleting = await look('a');
        expect(deleting?.metadata).toMatchObject({ generation: 2, finalizers: [FINALIZER] });
        expect(deleting?.metadata.deletionTimestamp).toMatch(/Z$/);
        await backing.delete({ namespace, name: 'a' });
        expect((await look('a'))?.metadata.resourceVersion).toBe(deleting?.metadata.resourceVersion);
        const more = patch('a', { metadata: { finalizers: [FINALIZER, 'toys.example.com/more'] } });
        expect((await refusalOf(more)).code).toBe(422);
        await patch('a', { status: { size: 0 } }, 'status');
        await patch('a', { spec: { size: 0 } });

        await patch('a', { metadata: { finalizers: null, uid: deleting?.metadata.uid } });

        expect(await look('a')).toBeUndefined();
      });
    });

    describe('list', () => {
      test('comes in pages of one version', async () => {
        for (const name of ['e', 'b', 'a', 'd', 'c']) await make(name);
        const names: string[] = [];
        const versions = new Set<string>();
        let token: string | undefined;
        do {
          const page = await api.list(TOYS, { namespace, limit: 2, continue: token }, FOREVER);
          names.push(...page.items.map(({ metadata }) => metadata.name));
          versions.add(page.resourceVersion);
          token = page.continue;
          if (names.length === 2) await make('aa');
        } while (token !== undefined);

        expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
        expect(versions.size).toBe(1);
      });

      test('is of one namespace or of all, and of the labels that were asked for', async () => {
        await make('a');
        await patch('a', { metadata: { labels: { colour: 'red' } } });
        await make('b');
        const other = await backing.createNamespace();
        await api.create(TOYS, toy('c', {}, other), FOREVER);

        const own = await api.list(TOYS, { namespace }, FOREVER);
        const all = await api.list(TOYS, {}, FOREVER);
        const red = await api.list(TOYS, { namespace, labelSelector: 'colour=red' }, FOREVER);

        expect(own.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
        expect(all.items.filter((item) => item.metadata.namespace === other)).toHaveLength(1);
        expect(red.items).toMatchObject([{ apiVersion: 'toys.example.com/v1', kind: 'Toy', metadata: { name: 'a' } }]);
      });
    });

    describe('watch', () => {
      test('brings what happened since the list, in order and with rising versions', async () => {
        await make('before');
        const { resourceVersion } = await api.list(TOYS, { namespace }, FOREVER);
        const watching = follow(resourceVersion);

        await make('a');
        await patch('a', { metadata: { finalizers: [FINALIZER] } });
        await backing.delete({ namespace, name: 'a' });
        const removed = await patch('a', { metadata: { finalizers: null } });
        await waitFor('the events', watching.types, (types) => types.includes('DELETED'));

        expect(watching.types()).toEqual(['ADDED', 'MODIFIED', 'MODIFIED', 'DELETED']);
        const versions = watching.events.map((each) =>
          'object' in each ? Number(each.object.metadata.resourceVersion) : 0,
        );
        expect(versions).toEqual(versions.toSorted((a, b) => a - b));
        expect(versions.at(-1)).toBeGreaterThan(Number(resourceVersion));
        expect(removed.metadata.name).toBe('a');
      });

      test('resumes within the history', async () => {
        const { resourceVersion } = await api.list(TOYS, { namespace }, FOREVER);
        const { metadata } = await make('a');
        await make('b');

        const watching = follow(metadata.resourceVersion ?? resourceVersion);
        await waitFor('the event', watching.types, (types) => types.length > 0);

        expect(watching.events[0]).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
      });

      test('with a selector shows an object that ceases to match as deleted', async () => {
        const { resourceVersion } = await api.list(TOYS, { namespace }, FOREVER);
        const watching = follow(resourceVersion, { labelSelector: 'colour=red' });
        await make('a');

        await patch('a', { metadata: { labels: { colour: 'red' } } });
        await patch('a', { metadata: { labels: { colour: 'blue' } } });
        await waitFor('the events', watching.types, (types) => types.length === 2);

        expect(watching.types()).toEqual(['ADDED', 'DELETED']);
      });

      test('ends in due time, with a bookmark before where others of the resource have changed', async () => {
        const { resourceVersion } = await api.list(TOYS, { namespace }, FOREVER);
        const watching = follow(resourceVersion, { timeoutSeconds: 6 });
        const other = await api.create(TOYS, toy('a', {}, await backing.createNamespace()), FOREVER);

        await watching.ended;

        const versions = watching.events.map((each) =>
          each.type === 'BOOKMARK' ? each.object.metadata.resourceVersion : each.type,
        );
        expect(versions.at(-1)).toBe(other.metadata.resourceVersion);
        expect(watching.types()).toEqual([]);
      });

      test('brings no event and does not fail at a version that is yet to come', async () => {
        const watching = follow('99999999', { timeoutSeconds: 4 });
        await make('a');

        await watching.ended;

        expect(watching.types()).toEqual([]);
      });

      test('answers 410, in either way, where it cannot resume', async () => {
        const watching = follow(await backing.expiredVersion());

        const refusal = await watching.ended.then(
          () => undefined,
          (error: unknown) => error,
        );

        const told = watching.events.at(-1);
        const code = refusal instanceof KubeError ? refusal.status.code : told?.type === 'ERROR' ? told.status.code : 0;
        expect(code).toBe(410);
      });

      test('ends with the signal', async () => {
        const life = new AbortController();
        const reason = new Error('enough');
        const { resourceVersion } = await api.list(TOYS, { namespace }, FOREVER);
        const stream = api.watch(TOYS, { namespace, resourceVersion, timeoutSeconds: 60 }, life.signal);
        const ended = Array.fromAsync(stream);

        life.abort(reason);

        await expect(ended).rejects.toBe(reason);
      });
    });

    describe('a user and us', () => {
      test('change an object in turns', async () => {
        await backing.apply(toy('a', { size: 1 }, namespace));
        await patch('a', { metadata: { finalizers: [FINALIZER] } });
        await patch('a', { status: { observedGeneration: 1 } }, 'status');

        await backing.apply(toy('a', { size: 2 }, namespace));

        expect(await look('a')).toMatchObject({
          metadata: { generation: 2, finalizers: [FINALIZER] },
          spec: { size: 2 },
          status: { observedGeneration: 1 },
        });
        await patch('a', { metadata: { finalizers: null } });
      });
    });

    describe('an Event', () => {
      test('is taken once under its name, and counts in its series', async () => {
        await api.create(EVENTS, eventOf('a.1', namespace), FOREVER);

        expect(await refusalOf(api.create(EVENTS, eventOf('a.1', namespace), FOREVER))).toEqual({
          code: 409,
          reason: 'AlreadyExists',
        });
        const series = { count: 2, lastObservedTime: '2026-01-01T00:01:00.000000Z' };
        const counted = await api.patch(EVENTS, { namespace, name: 'a.1' }, { body: { series } }, FOREVER);
        expect(counted['series']).toEqual(series);
      });
    });
  });
}

for (const source of await locateKubeBackings(process.env)) {
  if (source.missing !== undefined)
    console.log(`the contract of the API server is not held against ${source.name}: ${source.missing}`);
  describeContract(source);
}
