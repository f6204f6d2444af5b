import { describe, expect, test } from 'vitest';
import { aBox, BOXES } from '../../../test/support/toy-kind.ts';
import { createPlayground } from '../../../test/support/toy-operator.ts';
import type { KubeObject } from '../kube/kube-api.ts';
import { ObjectWriter } from './object-writer.ts';

const RED = { namespace: 'play', name: 'red' };
const { signal } = new AbortController();

function setUp() {
  const { api } = createPlayground();
  const object = api.apply(aBox('red'));
  const remembered: KubeObject[] = [];
  const writer = new ObjectWriter({ api, resource: BOXES, object, remember: (answer) => void remembered.push(answer) });
  return { api, writer, object, remembered };
}

describe('a write', () => {
  test('names the very object that was read, and goes on from its answer', async () => {
    const { api, writer, object, remembered } = setUp();
    const { uid, resourceVersion } = object.metadata;

    await writer.writeFinalizers(['a/b'], signal);
    await writer.writeStatus({ size: 1 }, signal);

    expect(api.writes.map(({ body }) => body)).toEqual([
      { metadata: { finalizers: ['a/b'], uid, resourceVersion } },
      {
        metadata: { uid, resourceVersion: remembered[0]?.metadata.resourceVersion },
        status: { size: 1, observedGeneration: null },
      },
    ]);
    expect(writer.current).toBe(remembered[1]);
  });

  test('that changes nothing is not made', async () => {
    const { api, writer } = setUp();
    await writer.writeStatus({ size: 1, inner: { a: 1 } }, signal);

    await writer.writeStatus({ inner: { a: 1 }, size: 1, absent: undefined }, signal);

    expect(api.writes).toHaveLength(1);
  });

  test.for(['status', 'finalizers'])('of %s loses to whoever wrote meanwhile', async (what) => {
    const { api, writer, object } = setUp();
    api.edit(BOXES, RED, { metadata: { resourceVersion: object.metadata.resourceVersion, labels: { a: 'b' } } });

    const write = what === 'status' ? writer.writeStatus({ size: 1 }, signal) : writer.writeFinalizers([], signal);

    await expect(write).rejects.toMatchObject({ code: 'Conflict' });
    expect(api.object(BOXES, RED)?.['status']).toEqual({ observedGeneration: -1 });
  });

  test('never reaches an object that was made anew under the same name', async () => {
    const { api, writer } = setUp();
    api.delete(BOXES, RED);
    api.apply(aBox('red'));

    await expect(writer.writeStatus({ size: 1 }, signal)).rejects.toMatchObject({ code: 'Conflict' });
    expect(await writer.readLive(signal)).toBeUndefined();
  });

  test('is not begun once the work was given up', async () => {
    const { api, writer } = setUp();

    await expect(writer.writeStatus({ size: 1 }, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(api.writes).toEqual([]);
  });
});
