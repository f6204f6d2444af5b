import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { connectEcs } from '../../src/aws/ecs-gateway.ts';
import type { KindTypes, ManagedKind } from '../../src/core/managed-kind.ts';
import { ecsCluster } from '../../src/kinds/ecs-cluster/kind.ts';
import { ecsTaskDefinition } from '../../src/kinds/ecs-task-definition/kind.ts';
import { createSimulator } from '../simulator/simulator.ts';
import { readGuides, readKindExamples } from '../support/examples.ts';
import { managed, type Settled, settle } from '../support/settle.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const EXAMPLES = [...readGuides(), ...readKindExamples('*')].flatMap(({ path, objects }) =>
  objects.map(({ kind, metadata, spec }) => ({
    title: `${kind} ${metadata.name} of ${path}`,
    kind,
    name: metadata.name,
    spec,
  })),
);

function nothing(): void {}

/** ECS as the simulator plays it, with lists in another order at each answer, behind the operator's own gateway. */
async function begin() {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, shuffleAnswers: true });
  const config = {
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: simulator.requestHandler(),
    maxAttempts: 1,
  };
  const [client, scaling] = [new ECSClient(config), new ApplicationAutoScalingClient(config)];
  // The SDK loads a part of itself at its first call, which no virtual clock waits for.
  await client.send(new ListClustersCommand());
  const metrics = { onRequest: nothing, onPaced: nothing, onBatch: nothing };
  const connection = connectEcs({ client, scaling, clock, random: () => 0.5, metrics, quotaShare: 0.9 });

  /** The work, with all the time that it wants. */
  async function within<Answer>(work: Promise<Answer>): Promise<Answer> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    done.catch(nothing);
    await clock.runUntil(() => isDone);
    return await done;
  }

  async function bring<T extends KindTypes>(
    kind: ManagedKind<T>,
    object: ReturnType<typeof managed<T>>,
    isDeleting = false,
  ): Promise<Settled<T>> {
    const gateway = connection.gateway('urgent');
    const pass = (ms: number): Promise<void> => clock.sleep(ms);
    return await within(settle({ kind, object, gateway, isDeleting, pass, now: clock.now(), looks: 60 }));
  }

  return { simulator, bring };
}

const GROUP = {
  autoScalingGroupProvider: {
    autoScalingGroupArn:
      'arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:00000000-0000-4000-8000-000000000000:autoScalingGroupName/a',
  },
};

/** Those of the spec that are not AWS's own, and so must be there before. */
function foreignProviders(spec: object): readonly string[] {
  const named: unknown = Reflect.get(spec, 'capacityProviders');
  return (Array.isArray(named) ? named : []).filter((name) => !String(name).startsWith('FARGATE'));
}

async function story<T extends KindTypes>(kind: ManagedKind<T>, spec: unknown, name: string) {
  const { simulator, bring } = await begin();
  const parsed = kind.definition.spec.safeParse(spec);
  if (!parsed.success) throw new Error(JSON.stringify(parsed.error.issues));
  for (const provider of foreignProviders(parsed.data)) {
    await simulator.call('CreateCapacityProvider', { name: provider, ...GROUP });
  }
  simulator.forgetCalls();
  const first = await bring(kind, managed(kind, parsed.data, { name }));
  const made = simulator.writes().map(({ action }) => action);
  simulator.forgetCalls();

  const again = await bring(kind, first.object);
  const wiped = await bring(kind, { ...first.object, status: {} });
  const rewritten = simulator.writes().map(({ action }) => action);
  const gone = await bring(kind, first.object, true);
  return { made, settled: [first, again, wiped], rewritten, gone };
}

describe('every example', () => {
  test.for(EXAMPLES.filter(({ kind }) => kind === 'EcsTaskDefinition'))(
    '$title makes one revision and is silent ever after, with status lost as well',
    async ({ spec, name }) => {
      const { made, settled, rewritten, gone } = await story(ecsTaskDefinition, spec, name);

      expect(settled.map(({ last }) => last)).toEqual([
        { verdict: 'in-sync' },
        { verdict: 'in-sync' },
        { verdict: 'in-sync' },
      ]);
      expect(made).toEqual(['RegisterTaskDefinition']);
      expect(rewritten).toEqual([]);
      expect(settled.flatMap(({ notices }) => notices)).toEqual([]);
      expect(gone.last).toEqual({ verdict: 'in-sync' });
    },
  );

  test.for(EXAMPLES.filter(({ kind }) => kind === 'EcsCluster'))(
    '$title makes one cluster and is silent ever after, with status lost as well',
    async ({ spec, name }) => {
      const { made, settled, rewritten, gone } = await story(ecsCluster, spec, name);

      expect(settled.map(({ last }) => last)).toEqual([
        { verdict: 'in-sync' },
        { verdict: 'in-sync' },
        { verdict: 'in-sync' },
      ]);
      expect(made).toEqual(['CreateCluster']);
      expect(rewritten).toEqual([]);
      expect(gone.last).toEqual({ verdict: 'in-sync' });
    },
  );
});
