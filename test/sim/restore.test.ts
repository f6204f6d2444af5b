import { describe, expect, test } from 'vitest';
import { openStage, type Stage } from '../support/operator-stage.ts';
import type { ExampleObject } from '../support/rule-examples.ts';
import { orphansIn, ownedIn } from './oracles/ownership.ts';
import { STACK, stackOf } from './scenarios/acts.ts';

/** What `kubectl get -o yaml` is good for on another server: no status, uid or version. */
function exported(stage: Stage): readonly ExampleObject[] {
  return stage.objects().map(({ apiVersion = '', kind = '', metadata: { name }, spec }) => {
    return { apiVersion, kind, metadata: { name }, spec };
  });
}

async function openWithStack(): Promise<Stage> {
  const stage = await openStage();
  stage.start();
  for (const { act, until } of stackOf()) {
    await act(stage);
    await stage.clock.runUntil(() => until(stage));
  }
  await stage.clock.advance(60_000);
  stage.crash();
  stage.simulator.forgetCalls();
  return stage;
}

describe('objects that are restored on a new API server', () => {
  test('own again what they owned, and nothing is written to ECS', async () => {
    const lost = await openWithStack();
    const owned = ownedIn(lost);
    const stage = await openStage({ after: lost });

    stage.apply(...exported(lost));
    stage.start();
    await stage.clock.runUntil(() => stage.areReady(...STACK));
    await stage.clock.advance(1_800_000);

    expect(stage.simulator.writes().map(({ action }) => action)).toEqual([]);
    expect(owned).toHaveLength(3);
    expect(ownedIn(stage)).toEqual(owned);
    expect(orphansIn(stage)).toEqual([]);
    expect(stage.areReady(...STACK)).toBe(true);
    stage.crash();
  });

  test('can be deleted there as before', async () => {
    const lost = await openWithStack();
    const stage = await openStage({ after: lost });
    stage.apply(...exported(lost));
    stage.start();
    await stage.clock.runUntil(() => stage.areReady(...STACK));

    stage.removeAll();
    await stage.clock.runUntil(() => stage.objects().length === 0, { limitMs: 600_000 });

    expect(ownedIn(stage)).toEqual([]);
    stage.crash();
  });
});
