import { randomBytes } from 'node:crypto';
import {
  CreateCapacityProviderCommand,
  CreateClusterCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import type { SimulatorOptions } from '../simulator/simulator.ts';
import { readWrites } from '../support/control-plane-audit.ts';
import { readGuides, readKindExamples } from '../support/examples.ts';
import { connectCluster } from '../support/kubectl.ts';
import type { ExampleObject } from '../support/rule-examples.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { type Story, tellStory } from '../support/story.ts';
import { waitFor } from '../support/wait-for.ts';
import { passLooks } from '../support/witness.ts';

/** What never becomes Ready here, by the reason that it tells; each is as silent as the others. */
const NOT_READY: Readonly<Record<string, string>> = {
  // No EcsAccount is there.
  'EcsCluster full-in-another-account': 'NoAccount',
  'EcsTaskDefinition full-in-another-account': 'NoAccount',
  'EcsService full-in-another-account': 'DependencyNotReady',
  // Its hook of the type PAUSE holds the deployment until somebody lets it go on.
  'EcsService full-linear': 'RolloutInProgress',
};

/** Its schedule moves it, however silent the operator is. */
const MOVED_BY_THE_CLOCK = 'examples/scaling/business-hours.yaml';

const EXAMPLES = [...readGuides(), ...readKindExamples('*')]
  .filter(({ path }) => path !== MOVED_BY_THE_CLOCK)
  .flatMap(({ objects }) => objects);

/** In one file. */
const ALL = EXAMPLES.map((object) => JSON.stringify(object)).join('\n---\n');

const kubernetes = connectCluster(inject('cluster'));

/** What the examples take to be there: instances' providers, and what `full-foreign` names. */
async function prepare({ ecs }: Stack): Promise<void> {
  const known = ['FARGATE', 'FARGATE_SPOT'];
  const providers = EXAMPLES.flatMap(({ spec }) => z.array(z.string()).catch([]).parse(spec['capacityProviders']));
  for (const name of new Set(providers.filter((provider) => !known.includes(provider)))) {
    const autoScalingGroupArn = `arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:0:autoScalingGroupName/${name}`;
    await ecs.send(new CreateCapacityProviderCommand({ name, autoScalingGroupProvider: { autoScalingGroupArn } }));
  }
  await ecs.send(new CreateClusterCommand({ clusterName: 'shop-shared' }));
  for (let revision = 1; revision <= 12; revision += 1) {
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'shop-worker',
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        containerDefinitions: [{ name: 'worker', image: `shop/worker:${revision}` }],
      }),
    );
  }
}

/** How a look at the object is told from others. Definitions are looked at together, by one list of the account's. */
function lookAt({ kind, metadata, spec }: ExampleObject): string {
  const name = (stated: unknown): string => (typeof stated === 'string' ? stated : metadata.name);
  if (kind === 'EcsTaskDefinition') return 'ListTaskDefinitions ACTIVE';
  return kind === 'EcsCluster'
    ? `DescribeClusters ${name(spec['clusterName'])}`
    : `DescribeServices ${name(spec['serviceName'])}`;
}

/** Those of another account are refused before anybody looks. */
const LOOKED_AT = EXAMPLES.filter(({ metadata }) => !metadata.name.endsWith('in-another-account')).map(lookAt);

const Listed = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      metadata: z.object({ name: z.string(), generation: z.number() }),
      status: z.looseObject({
        observedGeneration: z.number(),
        conditions: z
          .array(z.looseObject({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() }))
          .default([]),
      }),
    }),
  ),
});

/** The objects that have not come to rest, each with what it says. */
async function restless(story: Story): Promise<readonly string[]> {
  const { items } = Listed.parse(JSON.parse(await story.kubectl('get', 'ecs', '--output=json')));
  return items.flatMap(({ kind, metadata, status }) => {
    const title = `${kind} ${metadata.name}`;
    const ready = status.conditions.find(({ type }) => type === 'Ready');
    const isCurrent = status.observedGeneration === metadata.generation;
    const expected = NOT_READY[title];
    const isAtRest = expected === undefined ? ready?.status === 'True' : ready?.reason === expected;
    return isCurrent && isAtRest ? [] : [`${title}: ${ready?.reason} ${ready?.message}`];
  });
}

/** As if somebody had restored the objects from a backup, which holds no status. */
async function wipeStatus({ namespace }: Stack): Promise<void> {
  const what = ['--subresource=status', '--type=merge', '--patch={"status":null}', '--filename=-'];
  const { code, stderr } = await kubernetes.kubectl(['patch', '--namespace', namespace, ...what], { input: ALL });
  if (code !== 0) throw new Error(stderr);
}

/** All as it should be, and all Events told. */
async function comeToRest(stack: Stack, story: Story): Promise<void> {
  const look = (): Promise<readonly string[]> => restless(story);
  await waitFor('all objects to be at rest', look, (all) => all.length === 0, {
    timeoutMs: 90_000,
    everyMs: 500,
    operator: stack.operator,
  });
  await waitFor(
    'the last Event to be written',
    () => kubernetesWrites(stack, () => passLooks(stack, 1, ...LOOKED_AT)),
    (writes) => writes.length === 0,
    { timeoutMs: 120_000, operator: stack.operator },
  );
}

/** What the operator asks of Kubernetes, but for its lease, while `work` goes on. None where nobody keeps record. */
async function kubernetesWrites(stack: Stack, work: () => Promise<void>): Promise<readonly string[]> {
  const { auditLogPath } = kubernetes.access;
  if (auditLogPath === undefined) {
    await work();
    return [];
  }
  const from = await mark(auditLogPath);
  await work();
  const to = await mark(auditLogPath);
  const user = `system:serviceaccount:${stack.namespace}:${stack.namespace}`;
  const writes = (await readWrites(auditLogPath)).slice(from, to);
  return writes
    .filter((write) => write.user === user && write.resource !== 'leases')
    .map(({ verb, resource, name, code }) => `${verb} ${resource} ${name}: ${code}`);
}

/** Writes something of our own and waits until it is recorded: what came before is recorded as well then. */
async function mark(auditLogPath: string): Promise<number> {
  const name = `mark-${randomBytes(4).toString('hex')}`;
  await kubernetes.kubectl(['create', 'namespace', name, '--dry-run=server']);
  return await waitFor(
    'the record of a write',
    async () => (await readWrites(auditLogPath)).findIndex((write) => write.name === name) + 1,
    (place) => place > 0,
  );
}

const ANSWERS: readonly { readonly name: string; readonly simulator: Partial<SimulatorOptions> }[] = [
  { name: 'as usual', simulator: {} },
  {
    name: 'in another order each time, with defaults spelled out',
    simulator: { shuffleAnswers: true, spellOut: true },
  },
];

describe.concurrent('all examples together', () => {
  test.for(ANSWERS)(
    'are made, and then nothing is written in three resyncs, with status lost as well, where ECS answers $name',
    { timeout: 400_000 },
    async ({ simulator }) => {
      const environment = { ECS_OPERATOR_RESYNC_INTERVAL: '2s', ECS_OPERATOR_LEADER_ELECTION: 'false' };
      await using stack = await startStack({
        cluster: kubernetes,
        // Some examples have traffic shifted, which takes ECS half an hour.
        speed: 200,
        simulator: { containerInstances: 10, ...simulator },
        environment,
      });
      const story = tellStory(kubernetes, stack);
      await prepare(stack);
      await story.apply(ALL);
      await comeToRest(stack, story);
      stack.simulator.forgetCalls();

      const written = await kubernetesWrites(stack, () => passLooks(stack, 3, ...LOOKED_AT));
      const sent = stack.simulator.writes().map(({ action }) => action);
      await stack.operator.kill();
      await wipeStatus(stack);
      stack.simulator.forgetCalls();
      await stack.restartOperator();
      await comeToRest(stack, story);
      const writtenAfter = await kubernetesWrites(stack, () => passLooks(stack, 3, ...LOOKED_AT));
      const sentAfter = stack.simulator.writes().map(({ action }) => action);

      expect({ sent, sentAfter }).toEqual({ sent: [], sentAfter: [] });
      expect(written).toEqual([]);
      expect(writtenAfter).toEqual([]);
    },
  );
});
