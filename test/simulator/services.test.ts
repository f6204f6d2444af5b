import { beforeEach, describe, expect, test } from 'vitest';
import { openShop, type Shop } from './simulated-shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});

describe('DescribeServices', () => {
  test('reports what is missing as a failure, because one unknown name must not hide the others', async () => {
    await shop.create();

    const { services, failures } = await shop.ecs.describeServices({ cluster: 'shop', services: ['web', 'nope'] });

    expect(services).toHaveLength(1);
    expect(failures).toEqual([{ arn: expect.stringMatching(/:service\/shop\/nope$/) as string, reason: 'MISSING' }]);
  });

  test('shows tags only where they are asked for, because ECS does so', async () => {
    await shop.create({ tags: [{ key: 'team', value: 'a' }] });

    const plain = await shop.ecs.describeServices({ cluster: 'shop', services: ['web'] });

    expect(plain.services?.[0]?.tags).toBeUndefined();
    expect((await shop.see()).tags).toEqual([{ key: 'team', value: 'a' }]);
  });

  test('takes ten names at most, because that is the size of a batch', async () => {
    const services = Array.from({ length: 11 }, (_, at) => `web-${at}`);

    await expect(shop.ecs.describeServices({ cluster: 'shop', services })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  test('finds nothing by the ARN of another cluster, because names are only unique within one', async () => {
    await shop.ecs.createCluster({ clusterName: 'other' });
    const { serviceArn } = await shop.create();

    const { failures } = await shop.ecs.describeServices({ cluster: 'other', services: [serviceArn ?? ''] });

    expect(failures).toMatchObject([{ reason: 'MISSING' }]);
  });
});

describe('ListServices', () => {
  test('answers in pages of ten, because that is the default', async () => {
    for (let at = 0; at < 12; at += 1) await shop.create({ serviceName: `web-${at}` });

    const first = await shop.ecs.listServices({ cluster: 'shop' });
    const second = await shop.ecs.listServices({ cluster: 'shop', nextToken: first.nextToken });

    expect([first.serviceArns?.length, second.serviceArns?.length]).toEqual([10, 2]);
    expect(second.nextToken).toBeUndefined();
    expect(new Set([...(first.serviceArns ?? []), ...(second.serviceArns ?? [])]).size).toBe(12);
  });
});

describe('DeleteService', () => {
  test('refuses a service with tasks, because it was not forced', async () => {
    await shop.create();

    await expect(shop.ecs.deleteService({ cluster: 'shop', service: 'web' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'The service cannot be stopped while it is scaled above 0.',
    });
  });

  test('drains before it is INACTIVE, because its tasks take time to stop', async () => {
    await shop.create();
    await shop.pass(10_000);

    const { service } = await shop.ecs.deleteService({ cluster: 'shop', service: 'web', force: true });
    const during = await shop.see();
    await shop.pass(5_000);
    const after = await shop.see();

    expect(service).toMatchObject({ status: 'DRAINING', desiredCount: 0 });
    expect(during.status).toBe('DRAINING');
    expect(after).toMatchObject({ status: 'INACTIVE', runningCount: 0 });
    expect((await shop.ecs.listServices({ cluster: 'shop' })).serviceArns).toEqual([]);
  });

  test('keeps the name while it drains, and frees it then, because AWS says so', async () => {
    await shop.create();
    await shop.pass(10_000);
    await shop.ecs.deleteService({ cluster: 'shop', service: 'web', force: true });

    await expect(shop.create()).rejects.toMatchObject({ message: 'Unable to Start a service that is still Draining.' });
    await shop.pass(5_000);
    await shop.create();

    expect(await shop.see()).toMatchObject({ status: 'ACTIVE' });
  });

  test('is forgotten after an hour, because INACTIVE services linger only so long', async () => {
    await shop.create({ desiredCount: 0 });
    await shop.ecs.deleteService({ cluster: 'shop', service: 'web' });
    await shop.pass(2 * 3_600_000);

    expect(await shop.see()).toEqual({});
  });

  test('is held by a protected task, because protection outlasts the scheduler', async () => {
    await shop.create();
    await shop.pass(10_000);
    const { taskArns = [] } = await shop.ecs.listTasks({ cluster: 'shop', serviceName: 'web' });
    const tasks = taskArns.slice(0, 1);
    await shop.ecs.updateTaskProtection({ cluster: 'shop', tasks, protectionEnabled: true, expiresInMinutes: 30 });

    await shop.ecs.deleteService({ cluster: 'shop', service: 'web', force: true });
    await shop.pass(60_000);
    const held = await shop.see();
    await shop.pass(31 * 60_000);

    expect(held).toMatchObject({ status: 'DRAINING', runningCount: 1 });
    expect(await shop.see()).toMatchObject({ status: 'INACTIVE' });
  });

  test('does not know a service twice, because INACTIVE is the end', async () => {
    await shop.create({ desiredCount: 0 });
    await shop.ecs.deleteService({ cluster: 'shop', service: 'web' });
    await shop.pass(5_000);

    await expect(shop.ecs.deleteService({ cluster: 'shop', service: 'web' })).rejects.toMatchObject({
      name: 'ServiceNotActiveException',
    });
    await expect(shop.ecs.deleteService({ cluster: 'shop', service: 'nope' })).rejects.toMatchObject({
      name: 'ServiceNotFoundException',
    });
  });
});

test('a cluster counts its services and tasks, because DescribeClusters shows them', async () => {
  await shop.create();
  await shop.pass(10_000);

  const { clusters } = await shop.ecs.describeClusters({ clusters: ['shop'] });

  expect(clusters).toMatchObject([{ activeServicesCount: 1, runningTasksCount: 2, pendingTasksCount: 0 }]);
});
