import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DeleteServiceCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  ListTaskDefinitionsCommand,
  type Service,
} from '@aws-sdk/client-ecs';
import type { Cluster } from '../support/kubectl.ts';
import type { Stack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';
import { conditionOf, readObjects, type Shown } from './table.ts';

export interface Stage {
  readonly cluster: Cluster;
  readonly stack: Stack;
}

/** One step of the story: what is done, and what must then be true of the objects and, seen apart, of ECS. */
export interface Step {
  readonly title: string;
  act(stage: Stage): Promise<void>;
  /** Throws, in words, what is not yet so. */
  look(stage: Stage): Promise<void>;
}

const SHOP = join(import.meta.dirname, 'shop');
/** Container instances of the cluster, each of which has the daemon. */
export const INSTANCES = 2;
const BROKEN_IMAGE = 'shop/web:1.2-broken';

export const STORY: readonly Step[] = [
  {
    title: 'A shop is applied: a cluster, a web service with two sidecars, a worker on a Spot mix, a daemon',
    async act(stage) {
      for (const file of (await readdir(SHOP)).toSorted()) await apply(stage, await readFile(join(SHOP, file), 'utf8'));
    },
    async look(stage) {
      const objects = await readObjects(stage.cluster, stage.stack.namespace);
      demand(objects.length === 7, 'seven objects are there');
      for (const object of objects) demandReady(object);
      const { clusters } = await stage.stack.ecs.send(new DescribeClustersCommand({ clusters: ['shop'] }));
      demand(clusters?.[0]?.activeServicesCount === 3, 'ECS has a cluster with three services');
      await demandService(stage, 'web', { revision: 'web:1', running: 3 });
      const worker = await demandService(stage, 'worker', { revision: 'worker:1', running: 2 });
      const providers = worker.capacityProviderStrategy?.map(({ capacityProvider }) => capacityProvider);
      demand(providers?.includes('FARGATE_SPOT') === true, 'in ECS the worker runs on a Spot mix');
      const agent = await demandService(stage, 'agent', { revision: 'agent:1', running: INSTANCES });
      demand(agent.schedulingStrategy === 'DAEMON', 'in ECS the agent is a daemon');
    },
  },
  {
    title: 'A new image: one new revision, and the service rolls',
    act: (stage) => setWebImage(stage, 'shop/web:1.1'),
    async look(stage) {
      const web = await serviceObject(stage, 'web');
      demandReady(web);
      demand(web?.status.revision === 'web:2', 'the object says web:2');
      await demandService(stage, 'web', { revision: 'web:2', running: 3 });
      await demandRevisions(stage, 'web', 2);
    },
  },
  {
    title: 'An image that cannot be pulled: the circuit breaker answers, and the object says so',
    act: (stage) => setWebImage(stage, BROKEN_IMAGE),
    async look(stage) {
      const web = await serviceObject(stage, 'web');
      const stalled = conditionOf(web, 'Stalled');
      demand(stalled?.reason === 'DeploymentFailed', 'the object is Stalled with DeploymentFailed');
      demand(conditionOf(web, 'Ready')?.status === 'False', 'the object is not Ready');
      demand(/CannotPullContainer/.test(stalled?.message ?? ''), "the message has the tasks' reason");
      await demandService(stage, 'web', { revision: 'web:2', running: 3 });
    },
  },
  {
    title: 'The image is mended: the service rolls on',
    act: (stage) => setWebImage(stage, 'shop/web:1.3'),
    async look(stage) {
      const web = await serviceObject(stage, 'web');
      demandReady(web);
      demand(web?.status.revision === 'web:4', 'the object says web:4');
      await demandService(stage, 'web', { revision: 'web:4', running: 3 });
      await demandRevisions(stage, 'web', 4);
    },
  },
  {
    title: 'Somebody deletes the worker in ECS: it comes back',
    async act({ stack }) {
      await stack.ecs.send(new DeleteServiceCommand({ cluster: 'shop', service: 'worker', force: true }));
      await waitFor(
        'ECS to have deleted it',
        () => liveService(stack, 'worker'),
        (live) => live?.status !== 'ACTIVE',
      );
    },
    async look(stage) {
      const worker = await serviceObject(stage, 'worker');
      demandReady(worker);
      await demandService(stage, 'worker', { revision: 'worker:1', running: 2 });
    },
  },
];

async function apply({ cluster, stack }: Stage, manifest: string): Promise<void> {
  await cluster.apply(manifest, '--server-side', '--namespace', stack.namespace);
}

/** Changes one line of the manifest, as a person would, and applies it. */
async function setWebImage(stage: Stage, image: string): Promise<void> {
  const manifest = await readFile(join(SHOP, 'web.yaml'), 'utf8');
  await apply(stage, manifest.replace('shop/web:1.0', image));
}

async function serviceObject({ cluster, stack }: Stage, name: string): Promise<Shown | undefined> {
  const objects = await readObjects(cluster, stack.namespace);
  return objects.find(({ kind, metadata }) => kind === 'EcsService' && metadata.name === name);
}

async function liveService({ ecs }: Stack, name: string): Promise<Service | undefined> {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: [name] }));
  return services?.[0];
}

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`not yet: ${what}`);
}

function demandReady(object: Shown | undefined): void {
  const ready = conditionOf(object, 'Ready');
  const isCurrent = object !== undefined && object.status.observedGeneration === object.metadata.generation;
  demand(
    isCurrent && ready?.status === 'True',
    `${object?.kind} ${object?.metadata.name} is Ready (${ready?.message})`,
  );
}

/** Asked of ECS itself, by a plain client that knows nothing of the operator. */
async function demandService(
  { stack }: Stage,
  name: string,
  wanted: { readonly revision: string; readonly running: number },
): Promise<Service> {
  const live = await liveService(stack, name);
  const what = `in ECS ${name} runs ${wanted.running} tasks of ${wanted.revision} and nothing else`;
  const isRight =
    live?.status === 'ACTIVE' &&
    live.deployments?.length === 1 &&
    live.runningCount === wanted.running &&
    live.taskDefinition?.endsWith(`/${wanted.revision}`) === true;
  demand(isRight, what);
  return live;
}

async function demandRevisions({ stack }: Stage, familyPrefix: string, count: number): Promise<void> {
  const { taskDefinitionArns } = await stack.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix }));
  demand(taskDefinitionArns?.length === count, `ECS has ${count} revisions of ${familyPrefix}`);
}
