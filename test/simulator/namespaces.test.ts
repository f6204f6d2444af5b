import type { ServiceConnectConfiguration } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, test } from 'vitest';
import { openShop, type Shop } from './simulated-shop.ts';

const ARN = /^arn:aws:servicediscovery:eu-central-1:123456789012:namespace\/ns-\w{16}$/;
const SERVICES = [{ portName: 'http', clientAliases: [{ port: 80 }] }];

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});

async function shownConnect(): Promise<ServiceConnectConfiguration | undefined> {
  return (await shop.see()).deployments?.find(({ status }) => status === 'PRIMARY')?.serviceConnectConfiguration;
}

describe('Service Connect on a deployment', () => {
  test('shows a namespace by its ARN, and the names that follow from it', async () => {
    await shop.create({ serviceConnectConfiguration: { enabled: true, namespace: 'internal', services: SERVICES } });

    expect(await shownConnect()).toEqual({
      enabled: true,
      namespace: expect.stringMatching(ARN) as string,
      services: [{ portName: 'http', discoveryName: 'http', clientAliases: [{ port: 80, dnsName: 'http.internal' }] }],
    });
  });

  test("shows the cluster's default where none was said, because that is what it joined", async () => {
    const { cluster } = await shop.ecs.updateCluster({
      cluster: 'shop',
      serviceConnectDefaults: { namespace: 'internal' },
    });
    await shop.create({ serviceConnectConfiguration: { enabled: true, services: SERVICES } });

    expect(await shownConnect()).toMatchObject({
      namespace: cluster?.serviceConnectDefaults?.namespace,
      services: [{ clientAliases: [{ dnsName: 'http.internal' }] }],
    });
  });

  test('stays when the same namespace is named again, because name and ARN are one', async () => {
    await shop.create({ serviceConnectConfiguration: { enabled: true, namespace: 'internal', services: SERVICES } });
    const before = await shop.see();
    const namespace = (await shownConnect())?.namespace;

    for (const same of ['internal', namespace]) {
      const serviceConnectConfiguration = { enabled: true, namespace: same, services: SERVICES };
      await shop.ecs.updateService({ cluster: 'shop', service: 'web', serviceConnectConfiguration });
    }

    expect((await shop.see()).deployments?.[0]?.id).toBe(before.deployments?.[0]?.id);
  });

  test('is switched off as it was said, because nothing is joined then', async () => {
    await shop.create({ serviceConnectConfiguration: { enabled: true, namespace: 'internal' } });

    const serviceConnectConfiguration = { enabled: false };
    await shop.ecs.updateService({ cluster: 'shop', service: 'web', serviceConnectConfiguration });

    expect(await shownConnect()).toEqual({ enabled: false });
  });
});
