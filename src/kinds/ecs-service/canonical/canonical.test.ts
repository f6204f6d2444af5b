import type { Service, ServiceRevision } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import {
  aDeployment,
  anObject,
  aService,
  observed,
  planFor,
  updateOf,
} from '../../../../test/support/ecs-service-builders.ts';
import type { EcsServiceSpec } from '../schema.ts';

const TG = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/a/1';
const OTHER_TG = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/b/2';

const SECRET_A = { name: 'a', valueFrom: 'arn:a' };
const SECRET_B = { name: 'b', valueFrom: 'arn:b' };

interface Rule {
  readonly rule: string;
  readonly says: string;
  readonly spec: Partial<EcsServiceSpec>;
  readonly live?: Partial<Service>;
  readonly revision?: ServiceRevision;
}

const hook = { hookTargetArn: 'arn:f', roleArn: 'arn:r' };
const filledHook = {
  ...hook,
  targetType: 'AWS_LAMBDA',
  timeoutConfiguration: { action: 'ROLLBACK', timeoutInMinutes: 1440 },
};
const vpc = (more: object): Pick<Service, 'networkConfiguration'> => ({
  networkConfiguration: { awsvpcConfiguration: { subnets: ['b', 'a'], ...more } },
});
const connected = (more: object): Partial<Service> => ({
  deployments: [aDeployment({ serviceConnectConfiguration: { enabled: true, ...more } })],
});

/** What a user states and ECS shows otherwise, although nothing differs. Each row fails without its rule. */
const EQUAL: readonly Rule[] = [
  {
    rule: 'S1',
    says: 'REPLICA is the default',
    spec: { schedulingStrategy: 'REPLICA' },
    live: { schedulingStrategy: undefined },
  },
  { rule: 'S2', says: 'a count that is not stated is not ours', spec: {}, live: { desiredCount: 7, runningCount: 7 } },
  {
    rule: 'S2',
    says: 'ECS decides how many a DAEMON service runs',
    spec: { schedulingStrategy: 'DAEMON', desiredCount: 5 },
    live: { schedulingStrategy: 'DAEMON' },
  },
  {
    rule: 'S3',
    says: 'REPLICA has 200 and 100 percent',
    spec: { deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 } },
    live: { deploymentConfiguration: {} },
  },
  {
    rule: 'S3',
    says: 'DAEMON has 100 and 0 percent',
    spec: { schedulingStrategy: 'DAEMON', deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 0 } },
    live: { schedulingStrategy: 'DAEMON', deploymentConfiguration: {} },
  },
  {
    rule: 'S4',
    says: 'ROLLING is the default strategy',
    spec: { deploymentConfiguration: { strategy: 'ROLLING' } },
    live: { deploymentConfiguration: {} },
  },
  {
    rule: 'S5',
    says: 'no bake time is the default',
    spec: { deploymentConfiguration: { bakeTimeInMinutes: 0 } },
    live: { deploymentConfiguration: {} },
  },
  {
    rule: 'S6',
    says: 'an absent circuit breaker is one that is off',
    spec: {
      deploymentConfiguration: {
        deploymentCircuitBreaker: {
          enable: false,
          rollback: false,
          resetOnHealthyTask: true,
          thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 },
        },
      },
    },
    live: { deploymentConfiguration: {} },
  },
  {
    rule: 'S6',
    says: 'what is not stated of the breaker is not ours',
    spec: { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
    live: {
      deploymentConfiguration: {
        deploymentCircuitBreaker: { enable: true, rollback: true, thresholdConfiguration: { type: 'COUNT', value: 3 } },
      },
    },
  },
  {
    rule: 'S7',
    says: 'absent alarms are none',
    spec: { deploymentConfiguration: { alarms: { alarmNames: [], enable: false, rollback: false } } },
    live: { deploymentConfiguration: {} },
  },
  {
    rule: 'S7',
    says: 'names of alarms are a set',
    spec: { deploymentConfiguration: { alarms: { alarmNames: ['b', 'a'], enable: true, rollback: true } } },
    live: { deploymentConfiguration: { alarms: { alarmNames: ['a', 'b'], enable: true, rollback: true } } },
  },
  {
    rule: 'S8',
    says: 'hooks are a set with defaults, their parameters JSON',
    spec: {
      deploymentConfiguration: {
        lifecycleHooks: [
          { ...hook, lifecycleStages: ['PRE_SCALE_UP', 'POST_SCALE_UP'], hookDetails: '{"b": 1, "a": [2]}' },
          { targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] },
        ],
      },
    },
    live: {
      deploymentConfiguration: {
        lifecycleHooks: [
          {
            targetType: 'PAUSE',
            lifecycleStages: ['POST_SCALE_UP'],
            timeoutConfiguration: { action: 'ROLLBACK', timeoutInMinutes: 1440 },
          },
          {
            ...filledHook,
            targetType: 'AWS_LAMBDA',
            timeoutConfiguration: { action: 'ROLLBACK', timeoutInMinutes: 1440 },
            lifecycleStages: ['POST_SCALE_UP', 'PRE_SCALE_UP'],
            hookDetails: { a: [2], b: 1 },
          },
        ],
      },
    },
  },
  {
    rule: 'S9',
    says: 'early success is off unless stated',
    spec: {
      deploymentConfiguration: {
        earlySuccessCriteria: { enable: false, healthyPercent: 100, sourceServiceRevisionCleanup: 'BLOCKING' },
      },
    },
    live: { deploymentConfiguration: {} },
  },
  {
    rule: 'S10',
    says: 'steps have defaults',
    spec: {
      deploymentConfiguration: {
        strategy: 'LINEAR',
        linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 6 },
        canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 10 },
      },
    },
    live: { deploymentConfiguration: { strategy: 'LINEAR' } },
  },
  {
    rule: 'S11',
    says: 'ECS is the default controller',
    spec: { deploymentController: { type: 'ECS' } },
    live: { deploymentController: undefined },
  },
  {
    rule: 'S12',
    says: 'a strategy is a set, base and weight 0 unless stated',
    spec: {
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE_SPOT', weight: 1 },
        { capacityProvider: 'FARGATE', base: 1 },
      ],
    },
    live: {
      launchType: undefined,
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1, weight: 0 },
        { capacityProvider: 'FARGATE_SPOT', base: 0, weight: 1 },
      ],
    },
  },
  {
    rule: 'S12',
    says: 'a strategy that the cluster chose is not ours',
    spec: {},
    live: {
      launchType: undefined,
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }],
    },
  },
  {
    rule: 'S13',
    says: 'LATEST is the default',
    spec: { platformVersion: 'LATEST' },
    live: { platformVersion: undefined },
  },
  {
    rule: 'S13',
    says: 'LATEST may be shown by its number',
    spec: { platformVersion: 'LATEST' },
    live: { platformVersion: '1.4.0' },
  },
  {
    rule: 'S14',
    says: 'subnets and groups are sets',
    spec: { networkConfiguration: { awsvpcConfiguration: { subnets: ['a', 'b'], securityGroups: ['x', 'y'] } } },
    live: vpc({ securityGroups: ['y', 'x'] }),
  },
  {
    rule: 'S15',
    says: 'no public address is the default',
    spec: { networkConfiguration: { awsvpcConfiguration: { subnets: ['a', 'b'], assignPublicIp: 'DISABLED' } } },
    live: vpc({}),
  },
  {
    rule: 'S16',
    says: 'groups that nobody states are not ours',
    spec: { networkConfiguration: { awsvpcConfiguration: { subnets: ['a', 'b'] } } },
    live: vpc({ securityGroups: ['default-of-the-vpc'] }),
  },
  {
    rule: 'S17',
    says: 'no grace is the default',
    spec: { healthCheckGracePeriodSeconds: 0 },
    live: { healthCheckGracePeriodSeconds: undefined },
  },
  {
    rule: 'S18',
    says: 'managed tags and commands are off',
    spec: { enableECSManagedTags: false, enableExecuteCommand: false },
    live: { enableECSManagedTags: undefined, enableExecuteCommand: undefined },
  },
  { rule: 'S19', says: 'nothing is propagated', spec: { propagateTags: 'NONE' }, live: { propagateTags: undefined } },
  {
    rule: 'S20',
    says: 'a service that never had it does not rebalance',
    spec: { availabilityZoneRebalancing: 'DISABLED' },
    live: { availabilityZoneRebalancing: undefined },
  },
  {
    rule: 'S20',
    says: 'rebalancing that ECS chose is not ours',
    spec: {},
    live: { availabilityZoneRebalancing: 'ENABLED' },
  },
  {
    rule: 'S21',
    says: 'constraints are a set',
    spec: { placementConstraints: [{ type: 'memberOf', expression: 'x' }, { type: 'distinctInstance' }] },
    live: { placementConstraints: [{ type: 'distinctInstance' }, { type: 'memberOf', expression: 'x' }] },
  },
  {
    rule: 'S22',
    says: 'fields of preferences have other names',
    spec: {
      placementStrategy: [{ type: 'spread', field: 'HOST' }, { type: 'binpack', field: 'MEMORY' }, { type: 'random' }],
    },
    live: {
      placementStrategy: [
        { type: 'spread', field: 'instanceId' },
        { type: 'binpack', field: 'memory' },
        { type: 'random', field: '' },
      ],
    },
  },
  {
    rule: 'S23',
    says: 'target groups of blue/green change places',
    spec: {
      loadBalancers: [
        {
          targetGroupArn: TG,
          containerName: 'web',
          containerPort: 80,
          advancedConfiguration: { alternateTargetGroupArn: OTHER_TG },
        },
      ],
    },
    live: {
      loadBalancers: [
        {
          targetGroupArn: OTHER_TG,
          containerName: 'web',
          containerPort: 80,
          advancedConfiguration: { alternateTargetGroupArn: TG },
        },
      ],
    },
  },
  {
    rule: 'S23',
    says: 'load balancers are a set',
    spec: { loadBalancers: [{ targetGroupArn: TG }, { targetGroupArn: OTHER_TG }] },
    live: { loadBalancers: [{ targetGroupArn: OTHER_TG }, { targetGroupArn: TG }] },
  },
  {
    rule: 'S24',
    says: 'port 0 is none',
    spec: { serviceRegistries: [{ registryArn: 'arn:x' }] },
    live: { serviceRegistries: [{ registryArn: 'arn:x', port: 0, containerPort: 0 }] },
  },
  {
    rule: 'S25',
    says: 'it is read from the PRIMARY deployment',
    spec: { serviceConnectConfiguration: { enabled: true, namespace: 'shop' } },
    live: connected({ namespace: 'shop' }),
  },
  {
    rule: 'S25',
    says: 'a namespace has a name and an ARN',
    spec: { serviceConnectConfiguration: { enabled: true, namespace: 'shop' } },
    live: connected({ namespace: 'arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-1' }),
  },
  {
    rule: 'S25',
    says: 'names that are not stated follow from the port',
    spec: {
      serviceConnectConfiguration: { enabled: true, services: [{ portName: 'http', clientAliases: [{ port: 80 }] }] },
    },
    live: connected({
      services: [
        {
          portName: 'http',
          discoveryName: 'http',
          ingressPortOverride: 0,
          clientAliases: [{ port: 80, dnsName: 'http.shop' }],
        },
      ],
    }),
  },
  {
    rule: 'S25',
    says: 'absent is disabled',
    spec: { serviceConnectConfiguration: { enabled: false } },
    live: {},
  },
  {
    rule: 'S25',
    says: 'query parameters are not logged unless stated',
    spec: {
      serviceConnectConfiguration: {
        enabled: true,
        accessLogConfiguration: { format: 'JSON', includeQueryParameters: 'DISABLED' },
      },
    },
    live: connected({ accessLogConfiguration: { format: 'JSON' } }),
  },
  {
    rule: 'S26',
    says: 'volumes are read from the PRIMARY deployment, with defaults',
    spec: { volumeConfigurations: [{ name: 'data', managedEBSVolume: { roleArn: 'arn:r', sizeInGiB: 10 } }] },
    live: {
      deployments: [
        aDeployment({
          volumeConfigurations: [
            {
              name: 'data',
              managedEBSVolume: {
                roleArn: 'arn:r',
                sizeInGiB: 10,
                encrypted: true,
                filesystemType: 'xfs',
                volumeType: 'gp3',
              },
            },
          ],
        }),
      ],
    },
  },
  {
    rule: 'S25',
    says: 'its ports, secrets and settings are sets',
    spec: {
      serviceConnectConfiguration: {
        enabled: true,
        services: [{ portName: 'b' }, { portName: 'a' }],
        logConfiguration: { logDriver: 'awslogs', secretOptions: [SECRET_B, SECRET_A] },
        containerConfigurations: [{ logLevel: 'info' }, { logLevel: 'debug' }],
      },
    },
    live: connected({
      services: [{ portName: 'a' }, { portName: 'b' }],
      logConfiguration: { logDriver: 'awslogs', secretOptions: [SECRET_A, SECRET_B] },
      containerConfigurations: [{ logLevel: 'debug' }, { logLevel: 'info' }],
    }),
  },
  {
    rule: 'S26',
    says: 'volumes and their tags are sets, with defaults',
    spec: {
      volumeConfigurations: [
        { name: 'b', managedEBSVolume: { roleArn: 'arn:r', snapshotId: 's' } },
        {
          name: 'a',
          managedEBSVolume: {
            roleArn: 'arn:r',
            sizeInGiB: 1,
            tagSpecifications: [{ resourceType: 'volume', tags: [{ key: 'y' }, { key: 'x' }] }],
          },
        },
      ],
    },
    live: {
      deployments: [
        aDeployment({
          volumeConfigurations: [
            {
              name: 'a',
              managedEBSVolume: {
                roleArn: 'arn:r',
                sizeInGiB: 1,
                tagSpecifications: [
                  {
                    resourceType: 'volume',
                    propagateTags: 'NONE',
                    tags: [
                      { key: 'x', value: '' },
                      { key: 'y', value: '' },
                    ],
                  },
                ],
              },
            },
            { name: 'b', managedEBSVolume: { roleArn: 'arn:r', snapshotId: 's', volumeInitializationRate: 0 } },
          ],
        }),
      ],
    },
  },
  {
    rule: 'S27',
    says: 'target groups of VPC Lattice are read from the PRIMARY deployment, as a set',
    spec: {
      vpcLatticeConfigurations: [
        { roleArn: 'arn:r', targetGroupArn: 'arn:b', portName: 'b' },
        { roleArn: 'arn:r', targetGroupArn: 'arn:a', portName: 'a' },
      ],
    },
    live: {
      deployments: [
        aDeployment({
          vpcLatticeConfigurations: [
            { roleArn: 'arn:r', targetGroupArn: 'arn:a', portName: 'a' },
            { roleArn: 'arn:r', targetGroupArn: 'arn:b', portName: 'b' },
          ],
        }),
      ],
    },
  },
  {
    rule: 'S28',
    says: 'connectors and monitoring are read from the revision',
    spec: {
      gatewayConnectors: [{ portName: 'http', filters: { accessTypes: ['PUBLIC', 'PRIVATE'] } }],
      monitoring: {
        metricConfigurations: [{ metricNames: ['MemoryUtilization', 'CPUUtilization'], resolutionSeconds: 20 }],
      },
    },
    revision: {
      gatewayConnectors: [
        { portName: 'http', healthCheck: { healthCheckPath: '/' }, filters: { accessTypes: ['PRIVATE', 'PUBLIC'] } },
      ],
      monitoring: {
        metricConfigurations: [{ metricNames: ['CPUUtilization', 'MemoryUtilization'], resolutionSeconds: 20 }],
      },
    },
  },
  { rule: 'S29', says: 'the service-linked role is not ours', spec: {} },
  {
    rule: 'S29',
    says: 'a role has a name and an ARN',
    spec: { role: 'ops/lb' },
    live: { roleArn: 'arn:aws:iam::123456789012:role/ops/lb' },
  },
  { rule: 'S30', says: 'family:revision is an ARN', spec: { taskDefinition: 'web:1' } },
  { rule: 'S30', says: 'a bare family is never a difference', spec: { taskDefinition: 'web' } },
  {
    rule: 'S31',
    says: 'tags of AWS and of others are not ours',
    spec: { tags: [{ key: 'team', value: 'a' }] },
    live: {
      tags: [{ key: 'aws:x', value: '1' }, { key: 'other' }, { key: 'team', value: 'a' }, ...(aService().tags ?? [])],
    },
  },
  {
    rule: 'S32',
    says: 'what only ECS writes is no difference',
    spec: {},
    live: { events: [{ id: '1', message: 'x' }], platformFamily: 'WINDOWS', createdBy: 'arn:x' },
  },
];

describe('what ECS shows in other words is no difference', () => {
  test.for(EQUAL)('$rule: $says', ({ spec, live, revision }) => {
    const verdict = planFor(anObject(spec), observed(aService(live), { revision }));

    expect(verdict).toEqual({ verdict: 'in-sync' });
  });

  test.for(EQUAL.filter(({ spec }) => Object.keys(spec).length > 0))(
    '$rule holds also for the reverse order of lists',
    (row) => {
      const live = reversed(aService(row.live)) as Service;
      const verdict = planFor(
        anObject(row.spec),
        observed(live, { revision: reversed(row.revision) as ServiceRevision }),
      );

      // S22: the order of placement preferences has a meaning.
      expect(verdict.verdict).toBe(row.rule === 'S22' ? 'change' : 'in-sync');
    },
  );
});

describe('what differs is seen', () => {
  test.for<{ rule: string; spec: Partial<EcsServiceSpec>; live?: Partial<Service>; path: string }>([
    { rule: 'S2', spec: { desiredCount: 3 }, path: 'desiredCount' },
    {
      rule: 'S6',
      spec: { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } } },
      path: 'deploymentConfiguration.deploymentCircuitBreaker.enable',
    },
    { rule: 'S13', spec: { platformVersion: 'LATEST' }, live: { platformVersion: '1.3.0' }, path: 'platformVersion' },
    { rule: 'S13', spec: { platformVersion: '1.4.0' }, path: 'platformVersion' },
    {
      rule: 'S12',
      spec: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 0 }] },
      live: { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }] },
      path: 'capacityProviderStrategy',
    },
    {
      rule: 'S12',
      spec: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
      live: { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 0, base: 2 }] },
      path: 'capacityProviderStrategy',
    },
    { rule: 'S22', spec: { placementStrategy: [{ type: 'random' }] }, path: 'placementStrategy' },
    {
      rule: 'S23',
      spec: { loadBalancers: [] },
      live: { loadBalancers: [{ targetGroupArn: TG }] },
      path: 'loadBalancers',
    },
    {
      rule: 'S25',
      // Which was stated once: not the one that ECS chooses.
      spec: {
        serviceConnectConfiguration: { enabled: true, services: [{ portName: 'http', clientAliases: [{ port: 80 }] }] },
      },
      live: connected({
        services: [{ portName: 'http', discoveryName: 'http', clientAliases: [{ port: 80, dnsName: 'prices' }] }],
      }),
      path: 'serviceConnectConfiguration.services',
    },
    {
      rule: 'S25',
      spec: { serviceConnectConfiguration: { enabled: true, namespace: 'shop' } },
      live: connected({ namespace: 'other' }),
      path: 'serviceConnectConfiguration.namespace',
    },
    {
      rule: 'S25',
      spec: { serviceConnectConfiguration: { enabled: true, logConfiguration: logs('a') } },
      live: connected({ logConfiguration: { ...logs('a'), options: { 'splunk-token': 'a', 'splunk-url': 'b' } } }),
      path: 'serviceConnectConfiguration.logConfiguration.options.splunk-url',
    },
    {
      rule: 'S25',
      spec: { serviceConnectConfiguration: { enabled: true, logConfiguration: logs('a') } },
      live: connected({ logConfiguration: { ...logs('a'), secretOptions: [SECRET_A] } }),
      path: 'serviceConnectConfiguration.logConfiguration.secretOptions',
    },
    {
      rule: 'S25',
      spec: { serviceConnectConfiguration: { enabled: true, accessLogConfiguration: { format: 'JSON' } } },
      live: connected({ accessLogConfiguration: { format: 'JSON', includeQueryParameters: 'ENABLED' } }),
      path: 'serviceConnectConfiguration.accessLogConfiguration.includeQueryParameters',
    },
    { rule: 'S30', spec: { taskDefinition: 'web:2' }, path: 'taskDefinition' },
    {
      rule: 'S30',
      spec: { taskDefinition: 'arn:aws:ecs:eu-west-1:999999999999:task-definition/web:1' },
      path: 'taskDefinition',
    },
    { rule: 'S31', spec: { tags: [{ key: 'team', value: 'a' }] }, path: 'tags[team]' },
  ])('$rule: at $path', ({ spec, live, path }) => {
    const verdict = planFor(anObject(spec), observed(aService(live)));

    expect(verdict).toMatchObject({ verdict: 'change', because: [{ path }] });
  });

  test('S34: a forced deployment is no wish that could differ', () => {
    expect(updateOf(planFor(anObject({ desiredCount: 3 }), observed(aService())))).not.toHaveProperty(
      'forceNewDeployment',
    );
  });
});

function logs(token: string): { logDriver: 'splunk'; options: Record<string, string> } {
  return { logDriver: 'splunk', options: { 'splunk-token': token } };
}

describe('values that could be secret', () => {
  test('are told to differ, and not what they are', () => {
    const spec = { serviceConnectConfiguration: { enabled: true, logConfiguration: logs('s3cret') } };

    const verdict = planFor(anObject(spec), observed(aService(connected({ logConfiguration: logs('old') }))));

    expect(verdict).toMatchObject({
      because: [
        {
          path: 'serviceConnectConfiguration.logConfiguration.options.splunk-token',
          wanted: '(hidden)',
          found: '(hidden)',
        },
      ],
    });
    expect(JSON.stringify(verdict.verdict === 'change' && verdict.because)).not.toContain('s3cret');
  });
});

function reversed(value: unknown): unknown {
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.toReversed().map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, reversed(member)]));
}
