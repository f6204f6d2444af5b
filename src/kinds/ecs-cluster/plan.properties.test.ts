import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFakeGateway } from '../../../test/support/fake-gateway.ts';
import { managed, settle } from '../../../test/support/settle.ts';
import { ecsCluster } from './kind.ts';
import type { EcsClusterSpec } from './schema.ts';

const OPTIONAL = { requiredKeys: [] };

const providers = fc.subarray(['FARGATE', 'FARGATE_SPOT', 'mine']);

const specs: fc.Arbitrary<EcsClusterSpec> = fc.record(
  {
    settings: fc.constantFrom(
      [],
      [{ name: 'containerInsights' as const, value: 'enabled' }],
      [{ name: 'containerInsights' as const, value: 'disabled' }],
    ),
    configuration: fc.record(
      {
        executeCommandConfiguration: fc.record(
          {
            kmsKeyId: fc.constantFrom('', 'a', 'b'),
            logging: fc.constantFrom('DEFAULT' as const, 'NONE' as const),
          },
          OPTIONAL,
        ),
        managedStorageConfiguration: fc.record({ kmsKeyId: fc.constantFrom('a', 'b') }, OPTIONAL),
      },
      OPTIONAL,
    ),
    serviceConnectDefaults: fc.record({ namespace: fc.constantFrom('', 'shop', 'arn:aws:servicediscovery:ns') }),
    capacityProviders: providers,
    defaultCapacityProviderStrategy: providers.map((names) =>
      names.map((capacityProvider) => ({ capacityProvider, weight: 1 })),
    ),
    tags: fc.subarray(['a', 'b', 'c']).map((keys) => keys.map((key) => ({ key, value: 'x' }))),
  },
  OPTIONAL,
);

describe('planCluster', () => {
  test('converges from any spec to any other, and is silent once there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(specs, { minLength: 1, maxLength: 4 }), async (walk) => {
        const gateway = createFakeGateway();
        let object = managed(ecsCluster, {});
        for (const spec of walk) {
          const settled = await settle({ kind: ecsCluster, object: { ...object, spec }, gateway });
          expect(settled.last).toEqual({ verdict: 'in-sync' });
          expect(settled.plans.length).toBeLessThanOrEqual(2);
          ({ object } = settled);
        }
        const before = gateway.writes.length;

        for (const status of [object.status, {}])
          await settle({ kind: ecsCluster, object: { ...object, status }, gateway });

        expect(gateway.writes).toHaveLength(before);
      }),
    );
  });

  test('is never destructive without being asked', async () => {
    await fc.assert(
      fc.asyncProperty(specs, specs, async (first, second) => {
        const gateway = createFakeGateway();
        const { object } = await settle({ kind: ecsCluster, object: managed(ecsCluster, first), gateway });

        await settle({ kind: ecsCluster, object: { ...object, spec: second }, gateway });

        expect(gateway.writes.map(({ call }) => call)).not.toContain('DeleteCluster');
        expect([...gateway.clusters.keys()]).toEqual(['web']);
      }),
    );
  });

  test('ends at the same cluster by whatever way, but for what stays', async () => {
    await fc.assert(
      fc.asyncProperty(specs, specs, async (detour, spec) => {
        const [walked, direct] = [createFakeGateway(), createFakeGateway()];
        const { object } = await settle({ kind: ecsCluster, object: managed(ecsCluster, detour), gateway: walked });
        await settle({ kind: ecsCluster, object: { ...object, spec }, gateway: walked });

        const settled = await settle({ kind: ecsCluster, object: managed(ecsCluster, spec), gateway: direct });

        const crossed = await settle({ kind: ecsCluster, object: settled.object, gateway: walked });
        expect(crossed.plans).toEqual([{ verdict: 'in-sync' }]);
      }),
    );
  });
});
