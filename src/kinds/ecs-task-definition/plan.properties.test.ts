import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFakeGateway, type FakeGateway, revisionArn } from '../../../test/support/fake-gateway.ts';
import { lookOnce, managed, settle } from '../../../test/support/settle.ts';
import { ownerTags } from '../../api/ownership.ts';
import type { Managed } from '../../core/managed-kind.ts';
import { ecsTaskDefinition } from './kind.ts';
import type { EcsTaskDefinitionTypes } from './model.ts';
import type { EcsTaskDefinitionSpec } from './schema.ts';

type Object = Managed<EcsTaskDefinitionTypes>;

const variables = fc.uniqueArray(fc.constantFrom('A', 'B', 'C'), { maxLength: 3 });

const containers = variables.chain((names) =>
  fc.record({
    image: fc.constantFrom('a', 'b', 'c'),
    environment: fc.constant(names.map((name) => ({ name, value: 'x' }))),
    portMappings: fc.subarray([{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }]),
  }),
);

const specs: fc.Arbitrary<EcsTaskDefinitionSpec> = fc
  .record({
    web: containers,
    sidecar: fc.option(containers, { nil: undefined }),
    isOnFargate: fc.boolean(),
    cpu: fc.constantFrom('256', '.25 vCPU', '512'),
    tagKeys: fc.subarray(['a', 'b']),
  })
  .map(({ web, sidecar, isOnFargate, cpu, tagKeys }) => ({
    containerDefinitions: [{ name: 'web', ...web }, ...(sidecar ? [{ name: 'sidecar', ...sidecar }] : [])],
    ...(isOnFargate && { requiresCompatibilities: ['FARGATE' as const] }),
    cpu,
    tags: tagKeys.map((key) => ({ key, value: 'x' })),
  }));

/** A spec, and what happens before it comes true: nothing, a loss of status, or a crash at some point. */
const stories = fc.array(
  fc.record({ spec: specs, mishap: fc.constantFrom('none', 'status-lost', 'crash-before', 'crash-after') }),
  { minLength: 1, maxLength: 6 },
);

/** One look whose process dies right before or after its writes; the intents were persisted. */
async function crash(object: Object, gateway: FakeGateway, isAfter: boolean, now: number): Promise<Object> {
  const { plan, status } = await lookOnce({ kind: ecsTaskDefinition, object, gateway, now });
  if (plan === 'not-owned' || plan.verdict !== 'change') return object;
  if (isAfter) for (const step of plan.steps) await gateway.write(step, new AbortController().signal);
  return { ...object, status: { ...status, ...plan.intents } };
}

function userKeysOf({ taskDefinitions }: FakeGateway, arn = ''): (string | undefined)[] {
  const { tags = [] } = taskDefinitions.get(arn) ?? {};
  return tags.map(({ key }) => key).filter((key) => !key?.startsWith('ecs-operator.dev/'));
}

describe('planTaskDefinition', () => {
  test('converges through mishaps with one revision for each content, and is silent once there', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const gateway = createFakeGateway();
        let object: Object = managed(ecsTaskDefinition, { containerDefinitions: [] });
        let now = 0;
        let isRemembered = true;
        for (const { spec, mishap } of story) {
          object = { ...object, spec, status: mishap === 'status-lost' ? {} : object.status };
          if (mishap.startsWith('crash')) object = await crash(object, gateway, mishap === 'crash-after', now);
          const settled = await settle({ kind: ecsTaskDefinition, object, gateway, now, looks: 100 });
          expect(settled.last).toEqual({ verdict: 'in-sync' });
          ({ object, now } = settled);
          isRemembered &&= mishap !== 'status-lost';
          const stated: readonly unknown[] = spec.tags?.map(({ key }) => key) ?? [];
          const there = userKeysOf(gateway, object.status.arn).filter((key) => isRemembered || stated.includes(key));
          expect(new Set(there)).toEqual(new Set(stated));
        }

        const hashes = [...gateway.taskDefinitions.values()].map(
          ({ tags }) => tags.find(({ key }) => key?.endsWith('/content'))?.value,
        );
        expect(new Set(hashes).size).toBe(hashes.length);
        const before = gateway.writes.length;
        for (const status of [object.status, {}]) {
          const again = await settle({ kind: ecsTaskDefinition, object: { ...object, status }, gateway, now });
          expect(again.object.status.arn).toBe(object.status.arn);
        }
        expect(gateway.writes).toHaveLength(before);
      }),
      { numRuns: 60 },
    );
  });

  test('is never destructive without being asked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(specs, { minLength: 1, maxLength: 8 }), fc.nat(3), async (walk, limit) => {
        const gateway = createFakeGateway();
        let object: Object = managed(ecsTaskDefinition, { containerDefinitions: [] });
        let now = 0;
        for (const spec of walk) {
          const limited = { ...spec, revisionHistoryLimit: limit };
          ({ object, now } = await settle({
            kind: ecsTaskDefinition,
            object: { ...object, spec: limited },
            gateway,
            now,
          }));
          const active = [...gateway.taskDefinitions.values()].filter(
            ({ definition }) => definition.status === 'ACTIVE',
          );
          expect(active.length).toBeGreaterThanOrEqual(Math.min(limit + 1, gateway.taskDefinitions.size));
          now += 1_800_000;
        }
        expect(gateway.writes.map(({ call }) => call)).not.toContain('DeleteTaskDefinitions');
        expect(gateway.taskDefinitions.get(object.status.arn ?? '')?.definition.status).toBe('ACTIVE');
      }),
      { numRuns: 40 },
    );
  });

  test('never writes to what is not its own, whatever a family holds', async () => {
    const theirs = ownerTags({ clusterId: 'prod-2', kind: 'EcsTaskDefinition', namespace: 'shop', name: 'web' });
    const strangers = fc.array(fc.constantFrom([], theirs), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(strangers, specs, fc.boolean(), async (tags, spec, isDeleting) => {
        const taskDefinitions = tags.map((own, index) => ({
          definition: {
            family: 'web',
            revision: index + 1,
            taskDefinitionArn: revisionArn('web', index + 1),
            status: 'ACTIVE' as const,
            containerDefinitions: [{ name: 'web', image: 'a' }],
          },
          tags: own,
        }));
        const gateway = createFakeGateway({ taskDefinitions });

        await settle({
          kind: ecsTaskDefinition,
          object: managed(ecsTaskDefinition, spec),
          gateway,
          isDeleting,
          now: 1e10,
        });

        expect(gateway.writes).toEqual([]);
      }),
    );
  });
});
