import { beforeEach, describe, expect, test } from 'vitest';
import { NETWORK, openShop, type Shop } from './simulated-shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});

/** Counts how often a map is gone through as a whole, which is what makes each step dear in a large account. */
function countScans(map: Map<unknown, unknown>): () => number {
  let scans = 0;
  function counted<Args extends unknown[], Answer>(method: (...args: Args) => Answer): (...args: Args) => Answer {
    return (...args) => {
      scans += 1;
      return method.apply(map, args);
    };
  }
  map.values = counted(map.values);
  map.keys = counted(map.keys);
  map.entries = counted(map.entries);
  map.forEach = counted(map.forEach);
  map[Symbol.iterator] = counted(map[Symbol.iterator]);
  return () => scans;
}

async function createServices(count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `web-${index}`);
  for (const serviceName of names) {
    await shop.ecs.createService({
      cluster: 'shop',
      serviceName,
      taskDefinition: 'web:1',
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: NETWORK,
    });
  }
  return names;
}

describe('a large account', () => {
  test('rolls out and describes services without going through all there is, because thousands must stay usable', async () => {
    const { clusters, services, tasks, taskDefinitions } = shop.simulator.world;
    const scans = [clusters, services, tasks, taskDefinitions].map(countScans);

    const names = await createServices(10);
    await shop.pass(120_000);
    const answer = await shop.ecs.describeServices({ cluster: 'shop', services: names, include: ['TAGS'] });

    expect(answer.services?.map(({ runningCount }) => runningCount)).toEqual(names.map(() => 2));
    expect(scans.map((count) => count())).toEqual([0, 0, 0, 0]);
  });

  test('settles one service without turning the others, because each has its own events only', async () => {
    const names = await createServices(10);
    await shop.pass(120_000);
    const others = names.slice(1);
    const before = await shop.ecs.describeServices({ cluster: 'shop', services: others });

    await shop.define('web:2');
    await shop.ecs.updateService({ cluster: 'shop', service: names[0], taskDefinition: 'web:2' });
    const turned = new Set<string>();
    for (const [arn, record] of shop.simulator.world.services) {
      record.rollouts.get = (id) => {
        turned.add(arn.split('/').at(-1) ?? '');
        return Map.prototype.get.call(record.rollouts, id) as ReturnType<typeof record.rollouts.get>;
      };
    }
    await shop.pass(120_000);

    expect([...turned]).toEqual([names[0]]);
    expect(await shop.ecs.describeServices({ cluster: 'shop', services: others })).toMatchObject({
      services: before.services,
    });
  });
});
