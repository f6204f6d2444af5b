import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createRandom } from '../simulator/random.ts';
import { type KubeHttp, openKubeHttp } from '../support/kube-http.ts';
import { connectCluster } from '../support/kubectl.ts';
import { loadWithWrites, type Pause, pauseInTurns, unfenced } from '../support/pauses.ts';
import { startReplicas } from '../support/replicas.ts';
import { makeUnfencedBundle } from '../support/unfenced-bundle.ts';

const access = inject('cluster');
const cluster = connectCluster(access);
const PAIRS = [11, 12, 13, 14];
const PAUSES_EACH = 50;
/** Not every pause comes right before a write. */
const PAUSES_UNFENCED = 10;
const pauses: Pause[] = [];
let kube: KubeHttp;

beforeAll(async () => {
  kube = await openKubeHttp(access);
});

afterAll(async () => {
  await kube[Symbol.asyncDispose]();
  const late = pauses.flatMap((pause) => pause.late);
  console.log(`${pauses.length} pauses; ${late.length} writes arrived after them, signed before them`);
});

describe.concurrent('a leader that stands still at a random moment, 200 times in all', () => {
  test.for(PAIRS)('decides nothing once it wakes (seed %i)', { timeout: 3_600_000 }, async (seed) => {
    await using replicas = await startReplicas(cluster);
    await using _ = await loadWithWrites(cluster, kube, replicas);

    const seen = await pauseInTurns(replicas, PAUSES_EACH, createRandom(seed));
    pauses.push(...seen);

    expect(seen).toHaveLength(PAUSES_EACH);
    expect(seen.flatMap(unfenced)).toEqual([]);
  });
});

test('an operator that does not ask for the lease before it writes would be noticed', {
  timeout: 1_200_000,
}, async () => {
  await using bundle = await makeUnfencedBundle();
  await using replicas = await startReplicas(cluster, bundle.path);
  await using _ = await loadWithWrites(cluster, kube, replicas);

  const seen = await pauseInTurns(replicas, PAUSES_UNFENCED, createRandom(21));

  const caught = seen.filter((pause) => unfenced(pause).length > 0);
  console.log(`${caught.length} of ${seen.length} pauses show that the lease is not asked for`);
  expect(caught.length).toBeGreaterThan(0);
});
