import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beginStory, type ServiceStory } from '../../../test/support/service-story.ts';
import { EcsServiceSpec } from './schema.ts';

type Wish = Partial<EcsServiceSpec>;

const TG = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup';
const BALANCER = { targetGroupArn: `${TG}/a/0123456789abcdef`, containerName: 'web', containerPort: 80 };

/** Each member, stated in one of some ways or not at all. */
const wishes: fc.Arbitrary<Wish> = fc
  .record(
    {
      taskDefinition: fc.constantFrom('web:1', 'web:2', 'web'),
      desiredCount: fc.integer({ min: 1, max: 3 }),
      platformVersion: fc.constantFrom('LATEST', '1.4.0'),
      deploymentConfiguration: fc.record(
        {
          // With less, ECS could neither start nor stop the only task of a service.
          maximumPercent: fc.constantFrom(200, 300),
          minimumHealthyPercent: fc.constantFrom(50, 100),
          deploymentCircuitBreaker: fc.record({ enable: fc.boolean(), rollback: fc.boolean() }),
          alarms: fc.constant({ alarmNames: ['b', 'a'], enable: true, rollback: true }),
          bakeTimeInMinutes: fc.constant(0),
        },
        { requiredKeys: [] },
      ),
      networkConfiguration: fc.record({
        awsvpcConfiguration: fc.record(
          {
            subnets: fc.constantFrom(['subnet-b', 'subnet-a'], ['subnet-a']),
            securityGroups: fc.constantFrom(['sg-2', 'sg-1'], []),
            assignPublicIp: fc.constantFrom('ENABLED', 'DISABLED'),
          },
          { requiredKeys: ['subnets'] },
        ),
      }),
      loadBalancers: fc.constantFrom([BALANCER], []),
      enableECSManagedTags: fc.boolean(),
      propagateTags: fc.constantFrom('NONE', 'SERVICE', 'TASK_DEFINITION'),
      serviceConnectConfiguration: fc.constantFrom(
        { enabled: false },
        { enabled: true, namespace: 'shop', services: [{ portName: 'http', clientAliases: [{ port: 80 }] }] },
        {
          enabled: true,
          namespace: 'shop',
          logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'x' } },
        },
      ),
      monitoring: fc.constantFrom({
        metricConfigurations: [{ metricNames: ['CPUUtilization'], resolutionSeconds: 20 }],
      }),
      tags: fc.uniqueArray(fc.record({ key: fc.constantFrom('a', 'b'), value: fc.constantFrom('1', '2') }), {
        selector: ({ key }) => key,
      }),
    },
    { requiredKeys: ['taskDefinition', 'networkConfiguration'] },
  )
  .map((wish): Wish => EcsServiceSpec.parse(wish));

/** A member that a wish leaves out is taken back from the one before. */
const NOTHING: Wish = Object.fromEntries(
  [
    'desiredCount',
    'platformVersion',
    'deploymentConfiguration',
    'loadBalancers',
    'enableECSManagedTags',
    'propagateTags',
    'serviceConnectConfiguration',
    'monitoring',
    'tags',
  ].map((name) => [name, undefined]),
);

async function begin(wish: Wish, seed: number): Promise<ServiceStory> {
  const story = await beginStory({ launchType: 'FARGATE', ...wish }, { shuffleAnswers: true, seed });
  await story.define('web:2');
  story.writes();
  return story;
}

describe('a service', { timeout: 60_000 }, () => {
  test('converges from any wish to any other, and is silent once there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(wishes, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 1_000 }),
        async (walk, seed) => {
          const story = await begin(walk[0] ?? {}, seed);
          for (const wish of walk) {
            story.wish({ ...NOTHING, ...wish });
            await story.lookUntil('in-sync');
          }
          story.writes();

          await story.look();
          story.forget();
          await story.look();
          await story.pass(600_000);
          await story.look();

          expect(story.writes()).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('reaches the same end by any way, but for what others own', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, wishes, async (detour, wish) => {
        const story = await begin(detour, 1);
        await story.lookUntil('in-sync');
        story.wish({ ...NOTHING, ...wish });
        await story.lookUntil('in-sync');
        const straight = await begin(wish, 1);
        await straight.lookUntil('in-sync');

        const [a, b] = [story, straight].map(({ simulator }) => [...simulator.world.services.values()][0]);

        expect(sayOf(a?.service, wish)).toEqual(sayOf(b?.service, wish));
        expect(a?.tags.toSorted(byKey)).toEqual(b?.tags.toSorted(byKey));
      }),
      { numRuns: 25 },
    );
  });

  test('never stops or forgets anything that it was not asked to', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, wishes, async (first, second) => {
        const story = await begin(first, 1);
        await story.lookUntil('in-sync');
        const [record] = story.simulator.world.services.values();
        record?.tags.push({ key: 'theirs', value: '1' });
        story.wish({ ...NOTHING, ...second });
        await story.lookUntil('in-sync');

        const inputs = story.simulator.writes().map(({ action, input }) => ({ action, input }));

        expect(inputs.filter(({ action }) => action === 'DeleteService')).toEqual([]);
        expect(inputs.filter(({ input }) => Reflect.get(input, 'desiredCount') === 0)).toEqual([]);
        expect(record?.tags).toContainEqual({ key: 'theirs', value: '1' });
      }),
      { numRuns: 20 },
    );
  });
});

/** What the service is, in the members that the end must not owe to the way. */
function sayOf(service: object | undefined, wish: Wish): unknown {
  const members = [
    'deploymentConfiguration',
    'loadBalancers',
    'propagateTags',
    'enableECSManagedTags',
    'healthCheckGracePeriodSeconds',
  ];
  const owned = [...members, ...('desiredCount' in wish ? ['desiredCount'] : [])];
  return Object.fromEntries(owned.map((name) => [name, Reflect.get(service ?? {}, name)]));
}

function byKey(a: { key?: string | undefined }, b: { key?: string | undefined }): number {
  return (a.key ?? '') < (b.key ?? '') ? -1 : 1;
}
