import { describe, expect, test } from 'vitest';
import { KubeError } from '../../../src/runtime/kube/kube-api.ts';
import { openStage, type Stage } from '../../support/operator-stage.ts';
import { serviceNamed } from '../../support/shop-objects.ts';
import { cluster, definition, SERVICE, STACK } from '../scenarios/acts.ts';
import { watchTruth } from './told.ts';

const WRITE = { to: 'Kubernetes', what: 'patch ecsservices/web status' } as const;
const LIE = 'EcsService/web says Ready, and the service is not ACTIVE';
const KEY = { namespace: 'shop', name: 'web' };

/** A service that says Ready, is no more, and whose operator is gone. */
async function openLie(): Promise<Stage> {
  const stage = await openStage();
  stage.start();
  stage.apply(cluster, definition(), serviceNamed('web'));
  await stage.clock.runUntil(() => stage.areReady(...STACK), { limitMs: 600_000 });
  stage.crash();
  await stage.simulator.call('DeleteService', { cluster: 'shop', service: 'web', force: true });
  return stage;
}

/** A write to the status of the service that changes nothing of what it says. */
async function write({ api, object }: Stage, isRefused: boolean): Promise<void> {
  const resource = { group: 'ecs-operator.dev', version: 'v1alpha1', plural: 'ecsservices' };
  const error = new KubeError({ code: 403, reason: 'Forbidden', message: 'not now' });
  if (isRefused) api.faults.add({ verb: 'any write', when: 'before', error });
  const body = { status: { ...object(SERVICE)?.status, completedDeploymentId: 'another' } };
  await Promise.allSettled([api.patch(resource, KEY, { body, subresource: 'status' }, new AbortController().signal)]);
}

describe('watchTruth', () => {
  test('tells of a lie in the status that was written', async () => {
    const stage = await openLie();
    const truth = watchTruth(stage, () => undefined);

    await write(stage, false);

    expect(truth.after(WRITE)).toEqual([LIE]);
  });

  test('tells of one whose end was refused only once nobody has ended it for a minute', async () => {
    const stage = await openLie();
    const told: string[] = [];
    const truth = watchTruth(stage, (lies) => told.push(...lies));

    await write(stage, true);
    const atOnce = truth.after(WRITE);
    await stage.clock.advance(59_000);
    const before = [...told];
    await stage.clock.advance(2_000);

    expect([atOnce, before]).toEqual([[], []]);
    expect(told).toEqual([`${LIE}, though a look would have said otherwise`]);
  });

  test('tells nothing where the next write has ended it', async () => {
    const stage = await openLie();
    const told: string[] = [];
    const truth = watchTruth(stage, (lies) => told.push(...lies));

    await write(stage, true);
    truth.after(WRITE);
    stage.writeStatus(SERVICE, { ...stage.object(SERVICE)?.status, conditions: [] });
    await write(stage, false);
    const after = truth.after(WRITE);
    await stage.clock.advance(120_000);

    expect([after, told]).toEqual([[], []]);
  });
});
