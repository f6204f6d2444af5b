import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../support/control-plane.ts';
import { locateControlPlane } from '../support/control-plane-binary.ts';
import { CRDS, type Crd, readCrds } from '../support/crds.ts';

const source = await locateControlPlane(process.env);
const FILES = readCrds();

const SERVER_SIDE = ['apply', '--server-side', '-f', CRDS];
const CLIENT_SIDE = ['apply', '-f', CRDS];

/** What client-side apply may put into its annotation. */
const MAX_ANNOTATION_BYTES = 262_144;

interface StoredCrd extends Crd {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

describe('the files of crds/', () => {
  test.for(FILES)('$file stays under 250 KB, because client-side apply keeps it in an annotation', ({ crd }) => {
    expect(JSON.stringify(crd).length).toBeLessThan(250_000);
  });
});

/**
 * Each form needs an API server that never had our CRDs, so not somebody's existing cluster. None is deleted in between:
 * kube-apiserver 1.36 may take over a minute to let go of a CRD that has only just been established ("storage is
 * (re)initializing", in its log).
 */
describe.runIf(source.from !== 'existing-cluster').each([
  { form: 'client-side', args: CLIENT_SIDE, again: 'unchanged', isAnnotated: true },
  { form: 'server-side', args: SERVER_SIDE, again: 'serverside-applied', isAnnotated: false },
])('kubectl apply -f crds/, $form', ({ args, again, isAnnotated }) => {
  let plane: ControlPlane;

  beforeAll(async () => {
    plane = await startControlPlane({ hasControllers: false });
  });

  afterAll(async () => {
    await plane[Symbol.asyncDispose]();
  });

  async function stored(): Promise<readonly StoredCrd[]> {
    const { stdout } = await plane.kubectl(['get', '-f', CRDS, '-o', 'json']);
    return (JSON.parse(stdout) as { readonly items: readonly StoredCrd[] }).items;
  }

  test('works, and a second time changes nothing', async () => {
    const first = await plane.kubectl(args);
    const waited = await plane.kubectl(['wait', '--for=condition=Established', '--timeout=30s', '-f', CRDS]);
    const before = await stored();
    const second = await plane.kubectl(args);
    const after = await stored();

    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(waited).toMatchObject({ code: 0 });
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout.trim().split('\n')).toEqual(FILES.map(() => expect.stringContaining(again)));
    expect(after.map(({ metadata }) => metadata)).toEqual(before.map(({ metadata }) => metadata));
  });

  test('makes CRDs that the API server has nothing against, because a condition is easily overlooked', async () => {
    const crds = await stored();

    expect(crds).toHaveLength(FILES.length);
    for (const { status, metadata } of crds) {
      const conditions = Object.fromEntries(status.conditions.map((condition) => [condition.type, condition.status]));
      expect(conditions).toEqual({ NamesAccepted: 'True', Established: 'True' });
      const annotations = Object.entries(metadata.annotations ?? {}).join('');
      expect(annotations.length > 0).toBe(isAnnotated);
      expect(annotations.length).toBeLessThan(MAX_ANNOTATION_BYTES);
    }
  });

  test('works server-side afterwards, because people change over', async () => {
    const changed = await plane.kubectl(SERVER_SIDE);

    expect(changed).toMatchObject({ code: 0, stderr: '' });
  });
});
