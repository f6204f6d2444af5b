import { expect, test } from 'vitest';
import { type ObjectName, openStage, type Stage } from '../support/operator-stage.ts';
import { clusterNamed, definitionOf, type StoryManifest, serviceNamed } from '../support/shop-objects.ts';

const SERVICE: ObjectName = 'EcsService/web';
const MINUTE_MS = 60_000;
const POLICIES = 10;

function tracking(index: number) {
  return {
    name: `cpu-${index}`,
    policyType: 'TargetTrackingScaling',
    targetTrackingScalingPolicyConfiguration: {
      targetValue: 50 + index,
      predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    },
  };
}

function scaledService(): StoryManifest {
  const { desiredCount: _, ...spec } = serviceNamed('web').spec;
  const policies = Array.from({ length: POLICIES }, (_policy, index) => tracking(index));
  return { ...serviceNamed('web'), spec: { ...spec, scaling: { minCapacity: 2, maxCapacity: 6, policies } } };
}

/** Whatever the service says against being Ready until it holds. */
async function saidUntil(stage: Stage, limitMs: number, holds: () => boolean): Promise<ReadonlySet<string>> {
  const said = new Set<string>();
  const look = (): boolean => {
    const reason = stage.unreadyBy(SERVICE);
    if (reason !== undefined) said.add(reason);
    if (stage.stalledBy(SERVICE) !== undefined) said.add('Stalled');
    return holds();
  };
  await stage.clock.runUntil(look, { limitMs });
  return said;
}

function refusalsIn({ simulator }: Stage): number {
  return simulator.calls.filter(({ outcome }) => outcome === 'ConcurrentUpdateException').length;
}

test.for([
  { pendingMs: 300, within: MINUTE_MS, trouble: [] },
  { pendingMs: 2_000, within: 2 * MINUTE_MS, trouble: [] },
  { pendingMs: 20_000, within: 30 * MINUTE_MS, trouble: ['Unavailable'] },
])(
  'ten policies come and go one after the other where each change is pending for $pendingMs ms, and it never stalls',
  async ({ pendingMs, within, trouble }) => {
    const stage = await openStage();
    stage.simulator.world.timings.scalingChangeMs = pendingMs;
    stage.start();
    stage.apply(clusterNamed('shop'), definitionOf('web', 'shop/web:1'), scaledService());

    const said = await saidUntil(stage, within, () => stage.areReady(SERVICE));
    const made = stage.simulator.world.scaling.targets.get('service/shop/web')?.policies.size;
    const refusals = refusalsIn(stage);
    stage.removeAll();
    await stage.clock.runUntil(() => stage.object(SERVICE) === undefined, { limitMs: within });

    expect(made).toBe(POLICIES);
    expect([...said].filter((reason) => reason === 'Unavailable' || reason === 'Stalled')).toEqual(trouble);
    expect(refusals).toBeGreaterThan(0);
    expect(refusals).toBeLessThan(10 * POLICIES);
    expect(stage.simulator.world.scaling.targets.size).toBe(0);
    stage.crash();
  },
);
