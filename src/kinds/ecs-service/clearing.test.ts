import * as ecs from '@aws-sdk/client-ecs';
import { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, test } from 'vitest';
import {
  aDeployment,
  anObject,
  aService,
  NOW,
  observed,
  planFor,
  surroundings,
  updateOf,
} from '../../../test/support/ecs-service-builders.ts';
import { CLEARINGS, statedFields } from './clearing.ts';
import { desireService } from './desire.ts';
import { reportService } from './report.ts';
import type { EcsServiceSpec } from './schema.ts';

/** Members that say which service is meant. */
const ADDRESS = ['cluster', 'service'];

function membersOf(...path: string[]): string[] {
  let schema = NormalizedSchema.of((ecs.UpdateService$ as unknown as readonly unknown[])[4] as never);
  for (const name of path) schema = schema.getMemberSchema(name);
  return [...schema.structIterator()].map(([name]) => name);
}

describe('the table of clearings', () => {
  test('has every member of UpdateService, whole or by its members', () => {
    const known = Object.keys(CLEARINGS).map((path) => path.split('.')[0]);

    expect(membersOf().filter((name) => !ADDRESS.includes(name) && !known.includes(name))).toEqual([]);
  });

  test.for([
    ['deploymentConfiguration'],
    ['networkConfiguration', 'awsvpcConfiguration'],
    ['serviceConnectConfiguration'],
    ['monitoring'],
  ])('has every member of %s, as it is compared member by member', (path) => {
    const missing = membersOf(...path).filter((name) => CLEARINGS[[...path, name].join('.')] === undefined);

    // Whether Service Connect is on is the block itself.
    expect(missing).toEqual(path[0] === 'serviceConnectConfiguration' ? ['enabled'] : []);
  });

  test('says why whatever stays does', () => {
    const reasons = Object.values(CLEARINGS).flatMap((clearing) => ('stays' in clearing ? clearing.stays : []));

    expect(reasons.length).toBeGreaterThan(5);
    expect(reasons.filter((reason) => reason.length < 10)).toEqual([]);
  });
});

const applied = (...fields: string[]) => ({ status: { lastApplied: { fields, tagKeys: [] } } });

describe('a field that was stated and is removed', () => {
  const TG = { targetGroupArn: 'arn:tg', containerName: 'web', containerPort: 80 };

  test.for([
    ['loadBalancers', { loadBalancers: [TG] }, { loadBalancers: [] }],
    ['healthCheckGracePeriodSeconds', { healthCheckGracePeriodSeconds: 30 }, { healthCheckGracePeriodSeconds: 0 }],
    ['enableExecuteCommand', { enableExecuteCommand: true }, { enableExecuteCommand: false }],
    ['propagateTags', { propagateTags: 'SERVICE' }, { propagateTags: 'NONE' }],
    ['platformVersion', { platformVersion: '1.3.0' }, { platformVersion: 'LATEST' }],
    [
      'capacityProviderStrategy',
      { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }] },
      { capacityProviderStrategy: [], forceNewDeployment: true },
    ],
    [
      'deploymentConfiguration.deploymentCircuitBreaker',
      { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
      { deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: false } } },
    ],
    [
      'deploymentConfiguration.maximumPercent',
      { deploymentConfiguration: { maximumPercent: 150 } },
      { deploymentConfiguration: { maximumPercent: 200 } },
    ],
  ] as const)('%s goes back to its default', ([field, live, sent]) => {
    const verdict = planFor(anObject({}, applied(field)), observed(aService(live as object)));

    expect(updateOf(verdict)).toEqual({ cluster: anObject().spec.cluster, service: 'web', ...sent });
  });

  test.for(['desiredCount', 'availabilityZoneRebalancing', 'deploymentController'])(
    '%s stays, as the table says why',
    (field) => {
      const verdict = planFor(anObject({}, applied(field)), observed(aService({ desiredCount: 5, runningCount: 5 })));

      expect(verdict).toEqual({ verdict: 'in-sync' });
    },
  );

  test('is left alone where the memory is lost, because it may be somebody else’s', () => {
    expect(planFor(anObject(), observed(aService({ loadBalancers: [TG] })))).toEqual({ verdict: 'in-sync' });
  });

  test('is not sent where ECS shows its default already', () => {
    expect(planFor(anObject({}, applied('loadBalancers')), observed(aService()))).toEqual({ verdict: 'in-sync' });
  });

  test('inside a block goes only while the block is stated, because ECS takes the block whole', () => {
    const field = 'networkConfiguration.awsvpcConfiguration.securityGroups';
    const networkConfiguration = { awsvpcConfiguration: { subnets: ['a'], securityGroups: ['x'] } };
    const stated = { networkConfiguration: { awsvpcConfiguration: { subnets: ['a'] } } };
    const live = observed(aService({ networkConfiguration }));

    expect(updateOf(planFor(anObject(stated, applied(field)), live))).toMatchObject({
      networkConfiguration: { awsvpcConfiguration: { subnets: ['a'], securityGroups: [] } },
    });
    expect(planFor(anObject({}, applied('networkConfiguration', field)), live)).toEqual({ verdict: 'in-sync' });
  });

  test.for([
    [
      'deploymentCircuitBreaker',
      'thresholdConfiguration',
      { type: 'COUNT', value: 3 },
      { type: 'BOUNDED_PERCENT', value: 50 },
    ],
    ['deploymentCircuitBreaker', 'resetOnHealthyTask', false, true],
    ['earlySuccessCriteria', 'healthyPercent', 80, 100],
    ['earlySuccessCriteria', 'sourceServiceRevisionCleanup', 'ASYNC', 'BLOCKING'],
    ['linearConfiguration', 'stepPercent', 25, 10],
    ['linearConfiguration', 'stepBakeTimeInMinutes', 2, 6],
    ['canaryConfiguration', 'canaryPercent', 25, 5],
    ['canaryConfiguration', 'canaryBakeTimeInMinutes', 2, 10],
  ] as const)('inside %s, %s goes back to its default', ([block, member, live, normal]) => {
    const rest = { deploymentCircuitBreaker: { enable: true, rollback: true }, earlySuccessCriteria: { enable: true } };
    const stated = Reflect.get(rest, block) ?? {};
    const object = anObject(
      { deploymentConfiguration: { [block]: stated } },
      applied(`deploymentConfiguration.${block}`, `deploymentConfiguration.${block}.${member}`),
    );
    const running = aService({ deploymentConfiguration: { [block]: { ...stated, [member]: live } } });

    expect(updateOf(planFor(object, observed(running)))).toMatchObject({
      deploymentConfiguration: { [block]: { ...stated, [member]: normal } },
    });
  });

  test.for([
    [
      'LINEAR',
      'linearConfiguration',
      { stepPercent: 25, stepBakeTimeInMinutes: 2 },
      { stepPercent: 10, stepBakeTimeInMinutes: 6 },
    ],
    [
      'CANARY',
      'canaryConfiguration',
      { canaryPercent: 25, canaryBakeTimeInMinutes: 2 },
      { canaryPercent: 5, canaryBakeTimeInMinutes: 10 },
    ],
  ] as const)(
    'as the steps of strategy %s, goes back to ECS’s own while that strategy is stated',
    ([strategy, block, steps, normal]) => {
      const memory = applied('deploymentConfiguration.strategy', `deploymentConfiguration.${block}`);
      const running = observed(aService({ deploymentConfiguration: { strategy, [block]: steps } }));
      const others = { deploymentConfiguration: { strategy: strategy === 'LINEAR' ? 'CANARY' : 'LINEAR' } } as const;

      expect(updateOf(planFor(anObject({ deploymentConfiguration: { strategy } }, memory), running))).toMatchObject({
        deploymentConfiguration: { strategy, [block]: normal },
      });
      expect(updateOf(planFor(anObject(others, memory), running))).not.toHaveProperty(
        `deploymentConfiguration.${block}`,
      );
    },
  );

  test('goes with what was stated inside of it, because ECS shows that of a block that is off as well', () => {
    const breaker = 'deploymentConfiguration.deploymentCircuitBreaker';
    const object = anObject({}, applied(breaker, `${breaker}.thresholdConfiguration`));
    const live = { enable: false, rollback: false, thresholdConfiguration: { type: 'COUNT', value: 3 } } as const;

    const verdict = planFor(
      object,
      observed(aService({ deploymentConfiguration: { deploymentCircuitBreaker: live } })),
    );

    expect(updateOf(verdict)).toMatchObject({
      deploymentConfiguration: {
        deploymentCircuitBreaker: { ...live, thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 } },
      },
    });
  });

  test('as all metrics of a monitoring that is still stated, goes', () => {
    const monitoring = { metricConfigurations: [{ metricNames: ['CPUUtilization'], resolutionSeconds: 20 }] };
    const object = anObject({ monitoring: {} }, applied('monitoring', 'monitoring.metricConfigurations'));

    const verdict = planFor(object, observed(aService(), { revision: { monitoring } }));

    expect(updateOf(verdict)).toMatchObject({ monitoring: { metricConfigurations: [] } });
  });

  test('that has no empty value is left out of its block', () => {
    const serviceConnectConfiguration = {
      enabled: true,
      namespace: 'shop',
      logConfiguration: { logDriver: 'awslogs' as const },
    };
    const object = anObject(
      { serviceConnectConfiguration: { enabled: true } },
      applied('serviceConnectConfiguration', 'serviceConnectConfiguration.logConfiguration'),
    );

    const verdict = planFor(
      object,
      observed(aService({ deployments: [aDeployment({ serviceConnectConfiguration })] })),
    );

    expect(updateOf(verdict)).toMatchObject({ serviceConnectConfiguration: { enabled: true, namespace: 'shop' } });
    expect(updateOf(verdict)).not.toHaveProperty('serviceConnectConfiguration.logConfiguration');
  });

  test('as a tag is taken off if we put it, and only then', () => {
    const tags = [...(aService().tags ?? []), { key: 'ours', value: '1' }, { key: 'theirs', value: '1' }];
    const object = anObject({}, { status: { lastApplied: { fields: [], tagKeys: ['ours'] } } });

    expect(planFor(object, observed(aService({ tags })))).toMatchObject({
      steps: [{ call: 'UntagResource', input: { tagKeys: ['ours'] } }],
    });
  });
});

function arn(id: string): string {
  return `arn:aws:servicediscovery:eu-west-1:123456789012:namespace/${id}`;
}

function wants(namespace: string, ...fields: string[]): ReturnType<typeof anObject> {
  return anObject({ serviceConnectConfiguration: { enabled: true, namespace } }, applied(...fields));
}

function shows(namespace: string): ReturnType<typeof observed> {
  const serviceConnectConfiguration = { enabled: true, namespace };
  return observed(aService({ deployments: [aDeployment({ serviceConnectConfiguration })] }));
}

describe('the memory of what was put', () => {
  const spec: Partial<EcsServiceSpec> = { desiredCount: 3, tags: [{ key: 'team', value: 'a' }] };

  test('is widened before the write, because a crash after it must still know what to clear', () => {
    const object = anObject(spec, { status: { lastApplied: { fields: ['loadBalancers'], tagKeys: ['old'] } } });

    expect(planFor(object, observed(aService()))).toMatchObject({
      intents: {
        lastApplied: { fields: ['desiredCount', 'loadBalancers', 'taskDefinition'], tagKeys: ['old', 'team'] },
      },
    });
  });

  test('is narrowed once nothing differs any more', () => {
    const tags = [...(aService().tags ?? []), { key: 'team', value: 'a' }];
    const status = { lastApplied: { fields: ['loadBalancers'], tagKeys: ['old'] } };
    const object = anObject(spec, { status });
    const goal = { want: 'present', desired: desireService(object, surroundings()) } as const;

    const settled = reportService(object, goal, observed(aService({ tags, desiredCount: 3 })), NOW);
    const differing = reportService(object, goal, observed(aService({ tags, desiredCount: 2 })), NOW);

    expect(settled.status.lastApplied).toEqual({ fields: ['desiredCount', 'taskDefinition'], tagKeys: ['team'] });
    expect(differing.status.lastApplied).toEqual(status.lastApplied);
  });

  test('is kept of what stays with a block that is not stated, because it goes once the block is stated again', () => {
    const field = 'networkConfiguration.awsvpcConfiguration.assignPublicIp';
    const networkConfiguration = { awsvpcConfiguration: { subnets: ['a'], assignPublicIp: 'ENABLED' as const } };
    const running = observed(aService({ networkConfiguration }));
    const object = anObject({}, applied('networkConfiguration', field, 'loadBalancers'));
    const goal = { want: 'present', desired: desireService(object, surroundings()) } as const;

    const { status } = reportService(object, goal, running, NOW);
    const again = anObject({ networkConfiguration: { awsvpcConfiguration: { subnets: ['a'] } } }, { status });

    expect(status.lastApplied?.fields).toEqual([field, 'taskDefinition']);
    expect(updateOf(planFor(again, running))).toMatchObject({
      networkConfiguration: { awsvpcConfiguration: { subnets: ['a'], assignPublicIp: 'DISABLED' } },
    });
  });

  test('has the paths that the table knows', () => {
    const { stated } = desireService(
      anObject({ deploymentConfiguration: { strategy: 'ROLLING' }, loadBalancers: [] }),
      surroundings(),
    );

    expect(statedFields(stated).toSorted()).toEqual([
      'deploymentConfiguration.strategy',
      'loadBalancers',
      'taskDefinition',
    ]);
  });

  describe('of a namespace, which ECS shows by an ARN that does not hold the name', () => {
    const memory = `serviceConnectConfiguration.namespace=shop@${arn('ns-1')}`;

    test('is kept once ECS has shown it', () => {
      const object = wants('shop');
      const goal = { want: 'present', desired: desireService(object, surroundings()) } as const;

      expect(reportService(object, goal, shows(arn('ns-1')), NOW).status.lastApplied?.fields).toContain(memory);
    });

    test('tells another name from the one it was shown for', () => {
      expect(planFor(wants('shop', memory), shows(arn('ns-1')))).toEqual({ verdict: 'in-sync' });
      expect(updateOf(planFor(wants('other', memory), shows(arn('ns-1'))))).toMatchObject({
        serviceConnectConfiguration: { namespace: 'other' },
      });
      expect(planFor(wants('other', memory), shows(arn('ns-2')))).toEqual({ verdict: 'in-sync' });
    });

    test('tells when somebody else changed it, and is forgotten for the write that may bring another', () => {
      expect(planFor(wants('shop', memory), shows(arn('ns-2')))).toMatchObject({
        verdict: 'change',
        intents: { lastApplied: { fields: expect.not.arrayContaining([memory]) } },
      });
    });
  });
});
