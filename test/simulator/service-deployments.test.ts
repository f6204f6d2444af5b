import { beforeEach, describe, expect, test } from 'vitest';
import { openShop, type Shop } from './simulated-shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
  await shop.create();
  await shop.pass(10_000);
});

async function roll(image: string) {
  await shop.ecs.updateService({ cluster: 'shop', service: 'web', taskDefinition: await shop.define(image) });
  return newest();
}

async function newest() {
  const { serviceDeployments } = await shop.ecs.listServiceDeployments({ cluster: 'shop', service: 'web' });
  const serviceDeploymentArns = [serviceDeployments?.[0]?.serviceDeploymentArn ?? ''];
  return (await shop.ecs.describeServiceDeployments({ serviceDeploymentArns })).serviceDeployments?.[0];
}

describe('ListServiceDeployments', () => {
  test('filters by status, because a reader may look for failures only', async () => {
    await roll('web:2');

    const { serviceDeployments } = await shop.ecs.listServiceDeployments({
      cluster: 'shop',
      service: 'web',
      status: ['SUCCESSFUL'],
    });

    expect(serviceDeployments).toMatchObject([{ status: 'SUCCESSFUL' }]);
  });

  test('filters by time of creation and answers in pages, because the history grows', async () => {
    const at = new Date((await newest())?.createdAt?.getTime() ?? 0);
    for (let version = 2; version < 5; version += 1) {
      await roll(`web:${version}`);
      await shop.pass(20_000);
    }

    const page = await shop.ecs.listServiceDeployments({
      cluster: 'shop',
      service: 'web',
      createdAt: { after: at },
      maxResults: 2,
    });
    const rest = await shop.ecs.listServiceDeployments({
      cluster: 'shop',
      service: 'web',
      createdAt: { after: at },
      nextToken: page.nextToken,
    });

    expect([page.serviceDeployments?.length, rest.serviceDeployments?.length]).toEqual([2, 1]);
  });
});

describe('DescribeServiceRevisions', () => {
  test('shows what only a revision knows, because DescribeServices leaves it out', async () => {
    const monitoring = { metricConfigurations: [{ metricNames: ['CPUUtilization'], resolutionSeconds: 20 }] };
    await shop.ecs.updateService({ cluster: 'shop', service: 'web', monitoring });
    const { currentServiceRevisions } = await shop.see();
    const serviceRevisionArns = (currentServiceRevisions ?? []).map(({ arn }) => arn ?? '');

    const { serviceRevisions } = await shop.ecs.describeServiceRevisions({ serviceRevisionArns });

    expect(serviceRevisions).toContainEqual(expect.objectContaining({ monitoring }));
    expect(serviceRevisions?.[0]).toMatchObject({ platformVersion: '1.4.0', containerImages: [{ image: 'web:1' }] });
    expect(await shop.see()).not.toHaveProperty('monitoring');
  });

  test('reports an unknown ARN as missing, because the others are still wanted', async () => {
    const arn = 'arn:aws:ecs:eu-central-1:123456789012:service-revision/shop/web/1';

    const { failures } = await shop.ecs.describeServiceRevisions({ serviceRevisionArns: [arn] });

    expect(failures).toEqual([{ arn, reason: 'MISSING' }]);
  });
});

describe('StopServiceDeployment', () => {
  test('rolls back on request, because no breaker is needed for that', async () => {
    const before = await shop.see();
    const deployment = await roll('web:2');
    await shop.ecs.stopServiceDeployment({
      serviceDeploymentArn: deployment?.serviceDeploymentArn,
      stopType: 'ROLLBACK',
    });
    const requested = await newest();
    await shop.pass(20_000);

    expect(requested?.status).toBe('ROLLBACK_REQUESTED');
    expect(await newest()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect((await shop.see()).taskDefinition).toBe(before.taskDefinition);
  });

  test('leaves a newer deployment alone, because only the older one was asked for', async () => {
    const deployment = await roll('web:2');
    await shop.ecs.stopServiceDeployment({ serviceDeploymentArn: deployment?.serviceDeploymentArn, stopType: 'ABORT' });
    await roll('web:3');
    await shop.pass(20_000);

    expect(await newest()).toMatchObject({ status: 'SUCCESSFUL' });
    expect((await shop.see()).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  });

  test('refuses what has ended, because there is nothing to stop', async () => {
    const deployment = await newest();

    const stopped = shop.ecs.stopServiceDeployment({ serviceDeploymentArn: deployment?.serviceDeploymentArn });

    await expect(stopped).rejects.toMatchObject({ name: 'ConflictException' });
  });

  test('does not know a strange ARN, because it was never made', async () => {
    const serviceDeploymentArn = 'arn:aws:ecs:eu-central-1:123456789012:service-deployment/shop/web/nope';

    await expect(shop.ecs.stopServiceDeployment({ serviceDeploymentArn })).rejects.toMatchObject({
      name: 'ServiceDeploymentNotFoundException',
    });
  });
});
