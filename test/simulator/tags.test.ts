import { beforeEach, describe, expect, test } from 'vitest';
import { openShop, type Shop } from './simulated-shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});

/** The ARN of one of each kind of resource that can be tagged. */
async function arns(): Promise<Record<string, string>> {
  const { serviceArn = '' } = await shop.create();
  await shop.pass(10_000);
  const { taskArns = [] } = await shop.ecs.listTasks({ cluster: 'shop' });
  const { capacityProviders } = await shop.ecs.describeCapacityProviders({});
  const { clusterArns = [] } = await shop.ecs.listClusters({});
  return {
    service: serviceArn,
    task: taskArns[0] ?? '',
    'task definition': (await shop.see()).taskDefinition ?? '',
    cluster: clusterArns[0] ?? '',
    'capacity provider': capacityProviders?.[0]?.capacityProviderArn ?? '',
  };
}

describe('tags', () => {
  test('are added, overwritten and removed on every kind of resource, because ownership is written in them', async () => {
    const before = [
      { key: 'a', value: '1' },
      { key: 'b', value: '1' },
    ];
    const seen: Record<string, unknown> = {};
    const resources = await arns();

    for (const [kind, resourceArn] of Object.entries(resources)) {
      await shop.ecs.tagResource({ resourceArn, tags: before });
      await shop.ecs.tagResource({ resourceArn, tags: [{ key: 'a', value: '2' }] });
      await shop.ecs.untagResource({ resourceArn, tagKeys: ['b', 'never'] });
      seen[kind] = (await shop.ecs.listTagsForResource({ resourceArn })).tags;
    }

    const expected = Object.keys(resources).map((kind) => [kind, [{ key: 'a', value: '2' }]]);
    expect(seen).toEqual(Object.fromEntries(expected));
  });

  test.for([
    ['a text that is no ARN', 'it names nothing', 'shop', 'InvalidParameterException'],
    ['an unknown service', 'it is not there', 'service/shop/none', 'InvalidParameterException'],
    ['an unknown cluster', 'it is not there', 'cluster/none', 'ClusterNotFoundException'],
    ['the short ARN of a service', 'only long ones can be tagged', 'service/web', 'InvalidParameterException'],
    ['a container', 'it has no tags', 'container/shop/1/2', 'UnsupportedFeatureException'],
  ] as const)('are refused on %s, because %s', async ([, , resource, name]) => {
    await shop.create();
    const resourceArn = resource === 'shop' ? 'shop' : `arn:aws:ecs:eu-central-1:123456789012:${resource}`;

    await expect(shop.ecs.tagResource({ resourceArn, tags: [] })).rejects.toMatchObject({ name });
  });

  test('are refused on a deleted cluster, because it only lingers', async () => {
    const { clusterArns = [] } = await shop.ecs.listClusters({});
    await shop.ecs.deleteCluster({ cluster: 'shop' });

    await expect(shop.ecs.tagResource({ resourceArn: clusterArns[0], tags: [] })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  test('are fifty at most after merging, because the limit is on the resource', async () => {
    const { clusterArns = [] } = await shop.ecs.listClusters({});
    const resourceArn = clusterArns[0];
    const tags = Array.from({ length: 50 }, (_, at) => ({ key: `k${at}`, value: '' }));
    await shop.ecs.tagResource({ resourceArn, tags });

    await expect(shop.ecs.tagResource({ resourceArn, tags: [{ key: 'one', value: '' }] })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(shop.ecs.tagResource({ resourceArn, tags: [{ key: 'k0', value: 'x' }] })).resolves.toBeDefined();
  });
});
