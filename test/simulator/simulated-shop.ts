import { type CreateServiceCommandInput, ECS, type Service } from '@aws-sdk/client-ecs';
import { firstInstanceArns } from './addresses.ts';
import { createManualClock } from './clock.ts';
import { createSimulator, type Simulator } from './simulator.ts';

/** One cluster, a few definitions and a client: what most tests of services begin with. */
export interface Shop {
  readonly ecs: ECS;
  readonly simulator: Simulator;
  /** Lets time pass, and everything happen that is due in it. */
  pass(ms: number): Promise<void>;
  /** Registers a revision and answers its ARN. */
  define(
    image: string,
    options?: { family?: string; networkMode?: 'awsvpc' | 'bridge'; isChecked?: boolean },
  ): Promise<string>;
  /** Registers so many container instances with the cluster. */
  registerInstances(count: number): void;
  /** Creates the service `web` on Fargate with two tasks, or what is said instead. */
  create(input?: Partial<CreateServiceCommandInput>): Promise<Service>;
  /** The service as it is described now. */
  see(name?: string): Promise<Service>;
  /** The messages of a service's events, oldest first. */
  events(name?: string): Promise<string[]>;
}

export const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-0a1'] } };

export const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };

const START_MS = Date.UTC(2026, 0, 1);

export async function openShop(): Promise<Shop> {
  const clock = createManualClock(START_MS);
  const simulator = createSimulator({ clock, seed: 7 });
  const ecs = new ECS({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: simulator.requestHandler(),
  });
  const shop: Shop = {
    ecs,
    simulator,
    async pass(ms) {
      await clock.advance(ms);
      simulator.settle();
    },
    async define(image, { family = 'web', networkMode = 'awsvpc', isChecked = false } = {}) {
      const { taskDefinition } = await ecs.registerTaskDefinition({
        family,
        networkMode,
        requiresCompatibilities: networkMode === 'awsvpc' ? ['FARGATE', 'EC2'] : ['EC2'],
        cpu: '256',
        memory: '512',
        containerDefinitions: [
          {
            name: 'web',
            image,
            portMappings: [{ containerPort: 80, name: 'http' }],
            ...(isChecked ? { healthCheck: { command: ['CMD', 'true'] } } : {}),
          },
        ],
      });
      return taskDefinition?.taskDefinitionArn ?? '';
    },
    registerInstances(count) {
      const record = simulator.world.clusters.get('shop');
      for (const arn of firstInstanceArns(record?.cluster.clusterArn ?? '', count)) record?.containerInstances.add(arn);
    },
    async create(input = {}) {
      const { service } = await ecs.createService({
        cluster: 'shop',
        serviceName: 'web',
        taskDefinition: 'web',
        desiredCount: 2,
        launchType: 'FARGATE',
        networkConfiguration: NETWORK,
        ...input,
      });
      return service ?? {};
    },
    async see(name = 'web') {
      const { services } = await ecs.describeServices({ cluster: 'shop', services: [name], include: ['TAGS'] });
      return services?.[0] ?? {};
    },
    async events(name = 'web') {
      const { events } = await shop.see(name);
      return (events ?? []).map(({ message }) => message ?? '').toReversed();
    },
  };
  await ecs.createCluster({ clusterName: 'shop' });
  await shop.define('web:1');
  return shop;
}
