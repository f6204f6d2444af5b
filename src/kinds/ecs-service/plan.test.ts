import type { Service } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import {
  aDeployment,
  anObject,
  aReferent,
  aService,
  at,
  CLUSTER_ARN,
  OWNER,
  observed,
  planFor,
  revision,
  SERVICE_ARN,
  updateOf,
  wishFor,
} from '../../../test/support/ecs-service-builders.ts';
import { ownerTags } from '../../api/ownership.ts';
import { isEqual } from '../../lib/stable-json.ts';
import { ecsService } from './kind.ts';
import type { EcsServiceSpec } from './schema.ts';

const ABSENT = { exists: false } as const;

function creationOf(object = anObject(), formerly?: string): object {
  const verdict = planFor(object, formerly === undefined ? ABSENT : { exists: false, formerly });
  if (verdict.verdict !== 'change' || verdict.steps[0].call !== 'CreateService') throw new Error('no creation');
  return verdict.steps[0].input;
}

function tokenOf(input: object): unknown {
  return Reflect.get(input, 'clientToken');
}

describe('a service that is not there', () => {
  test('is made as it is stated, with the tags that make it ours', () => {
    const object = anObject({ desiredCount: 3, launchType: 'FARGATE', tags: [{ key: 'team', value: 'a' }] });

    expect(creationOf(object)).toMatchObject({
      cluster: CLUSTER_ARN,
      serviceName: 'web',
      taskDefinition: revision(1),
      desiredCount: 3,
      launchType: 'FARGATE',
      tags: [{ key: 'team', value: 'a' }, ...ownerTags(OWNER)],
    });
    expect(planFor(object, ABSENT)).toMatchObject({
      intents: {
        lastApplied: { fields: ['desiredCount', 'taskDefinition'], tagKeys: ['team'] },
        creating: { at: at(0).toISOString() },
      },
      stamp: { intent: 'creating', call: 'CreateService' },
    });
  });

  test('begins with one task where no count is stated, because REPLICA needs one', () => {
    expect(creationOf()).toMatchObject({ desiredCount: 1 });
  });

  test('has no count as DAEMON, because ECS refuses one', () => {
    expect(Reflect.get(creationOf(anObject({ schedulingStrategy: 'DAEMON' })), 'desiredCount')).toBeUndefined();
  });

  test('has the name that is stated, else the object’s', () => {
    expect(creationOf(anObject({ serviceName: 'shop-web' }))).toMatchObject({ serviceName: 'shop-web' });
  });

  test('is on the cluster named default where none is stated', () => {
    expect(creationOf(anObject({ cluster: undefined }))).toMatchObject({ cluster: 'default' });
  });
});

describe('the token of a creation', () => {
  test('is the same for the same wish, because an answer can get lost', () => {
    expect(tokenOf(creationOf())).toBe(tokenOf(creationOf()));
    expect(tokenOf(creationOf())).toMatch(/^[\x21-\x7e]{1,36}$/);
  });

  test('is another for another object, another wish and after each service that was there', () => {
    const tokens = [
      creationOf(),
      creationOf(anObject({}, { uid: 'uid-2' })),
      creationOf(anObject({ desiredCount: 2 })),
      creationOf(anObject(), '2026-01-01T00:00:00.000Z'),
      creationOf(anObject(), '2026-01-02T00:00:00.000Z'),
    ].map(tokenOf);

    expect(new Set(tokens).size).toBe(tokens.length);
  });

  test('takes the later of what ECS still shows and what status remembers', () => {
    const remembering = anObject({}, { status: { createdAt: '2026-01-02T00:00:00.000Z' } });

    expect(tokenOf(creationOf(remembering))).toBe(tokenOf(creationOf(anObject(), '2026-01-02T00:00:00.000Z')));
    expect(tokenOf(creationOf(remembering, '2026-01-01T00:00:00.000Z'))).toBe(tokenOf(creationOf(remembering)));
  });
});

describe('a service that differs', () => {
  test('is updated at what differs only, because the rest may be others’', () => {
    const object = anObject({ desiredCount: 3, enableExecuteCommand: false, propagateTags: 'SERVICE' });

    expect(updateOf(planFor(object, observed(aService())))).toEqual({
      cluster: CLUSTER_ARN,
      service: 'web',
      desiredCount: 3,
      propagateTags: 'SERVICE',
    });
  });

  test('gets a new revision even while it rolls, because waiting would pin users to a bad image', () => {
    const rolling = aService({ deployments: [aDeployment({ rolloutState: 'IN_PROGRESS', failedTasks: 3 })] });

    expect(updateOf(planFor(anObject({ taskDefinition: revision(2) }), observed(rolling)))).toMatchObject({
      taskDefinition: revision(2),
    });
  });

  test('keeps the subnets that are not stated anew, and the groups that nobody states', () => {
    const networkConfiguration = {
      awsvpcConfiguration: { subnets: ['a'], securityGroups: ['x'], assignPublicIp: 'ENABLED' as const },
    };
    const object = anObject({ networkConfiguration: { awsvpcConfiguration: { subnets: ['b'] } } });

    expect(updateOf(planFor(object, observed(aService({ networkConfiguration }))))).toMatchObject({
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['b'], securityGroups: ['x'], assignPublicIp: 'ENABLED' },
      },
    });
  });

  test('keeps the threshold of a breaker when only its rollback is stated anew', () => {
    const thresholdConfiguration = { type: 'COUNT', value: 3 } as const;
    const live = { deploymentCircuitBreaker: { enable: true, rollback: false, thresholdConfiguration } };
    const object = anObject({
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });

    expect(updateOf(planFor(object, observed(aService({ deploymentConfiguration: live }))))).toMatchObject({
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true, thresholdConfiguration } },
    });
  });

  test('sends the parameters of hooks as JSON, because ECS has a document there', () => {
    const lifecycleHooks = [{ hookTargetArn: 'arn:f', roleArn: 'arn:r', hookDetails: '{"a":1}' }];

    expect(
      updateOf(planFor(anObject({ deploymentConfiguration: { lifecycleHooks } }), observed(aService()))),
    ).toMatchObject({
      deploymentConfiguration: { lifecycleHooks: [{ hookDetails: { a: 1 } }] },
    });
  });

  test.for<{ what: string; spec: Partial<EcsServiceSpec>; live: Partial<Service>; strategy: object[] }>([
    {
      what: 'from launch type to strategy',
      spec: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] },
      live: {},
      strategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
    },
    {
      what: 'from strategy to launch type',
      spec: { launchType: 'FARGATE' },
      live: { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }] },
      strategy: [],
    },
  ])('is forced to deploy $what, because ECS refuses it else', ({ spec, live, strategy }) => {
    expect(updateOf(planFor(anObject(spec), observed(aService(live))))).toMatchObject({
      capacityProviderStrategy: strategy,
      forceNewDeployment: true,
    });
  });

  test('is tagged before it is changed, because it must be ours first', () => {
    const object = anObject({ desiredCount: 3, adoptionPolicy: 'Adopt' });

    expect(planFor(object, observed(aService({ tags: [] })))).toMatchObject({
      steps: [
        { call: 'TagResource', input: { resourceArn: SERVICE_ARN, tags: ownerTags(OWNER) } },
        { call: 'UpdateService' },
      ],
    });
  });

  test('is adopted by tags alone where it is equal', () => {
    const verdict = planFor(anObject({ desiredCount: 2 }), observed(aService({ tags: [] })));

    expect(verdict).toMatchObject({ verdict: 'change', steps: [{ call: 'TagResource' }] });
    expect(verdict.verdict === 'change' && verdict.steps).toHaveLength(1);
  });
});

describe('the task definition', () => {
  test('by reference is the exact revision of the object', () => {
    const refs = { 'spec.taskDefinitionRef': aReferent('EcsTaskDefinition', 'web', { status: { arn: revision(4) } }) };
    const object = anObject({ taskDefinition: undefined, taskDefinitionRef: { name: 'web' } });

    expect(updateOf(planFor(object, observed(aService()), refs))).toMatchObject({ taskDefinition: revision(4) });
  });

  test('by family means the newest revision when we write, and only then', () => {
    const family = anObject({ taskDefinition: 'web' });
    const scaled = anObject({ taskDefinition: 'web', desiredCount: 3 });

    expect(planFor(family, observed(aService()))).toEqual({ verdict: 'in-sync' });
    expect(updateOf(planFor(scaled, observed(aService())))).toMatchObject({ desiredCount: 3, taskDefinition: 'web' });
  });

  test('of another family differs', () => {
    // The family is what is stated, whatever its revision.
    expect(planFor(anObject({ taskDefinition: 'other' }), observed(aService()))).toMatchObject({
      verdict: 'change',
      because: [{ path: 'taskDefinition' }],
    });
  });

  test('is wished for only once its object has a revision', () => {
    expect(() => wishFor(anObject({ taskDefinition: undefined, taskDefinitionRef: { name: 'web' } }))).toThrow(
      'no revision',
    );
  });
});

describe('what ECS cannot change in place is refused, with the way out', () => {
  test.for<{ spec: Partial<EcsServiceSpec>; words: RegExp }>([
    { spec: { schedulingStrategy: 'DAEMON' }, words: /spec\.schedulingStrategy is "DAEMON".*"REPLICA".*new object/ },
    { spec: { role: 'lb' }, words: /spec\.role/ },
    { spec: { launchType: 'EC2' }, words: /spec\.launchType.*capacityProviderStrategy/ },
  ])('$spec', ({ spec, words }) => {
    const verdict = planFor(anObject(spec), observed(aService()));

    expect(verdict).toMatchObject({ verdict: 'refuse', reason: 'ImmutableField' });
    expect(verdict.verdict === 'refuse' && verdict.message).toMatch(words);
  });

  test('a service of Express Mode', () => {
    expect(planFor(anObject(), observed(aService({ resourceManagementType: 'ECS' })))).toMatchObject({
      verdict: 'refuse',
      reason: 'ManagedByExpress',
    });
  });

  test('a service that cannot be tagged', () => {
    const serviceArn = 'arn:aws:ecs:eu-west-1:123456789012:service/web';

    expect(planFor(anObject(), observed(aService({ serviceArn })))).toMatchObject({
      verdict: 'refuse',
      reason: 'UntaggableArn',
    });
  });
});

describe('a service of that name that is going away', () => {
  test('is waited for, because ECS takes no other meanwhile', () => {
    expect(planFor(anObject(), observed(aService({ status: 'DRAINING' })))).toMatchObject({
      verdict: 'wait',
      reason: 'Draining',
    });
  });
});

describe('a service that others deploy', () => {
  const live = aService({
    deploymentController: { type: 'CODE_DEPLOY' },
    deployments: [],
    taskSets: [{ id: 't1', status: 'PRIMARY', stabilityStatus: 'STEADY_STATE', taskDefinition: revision(7) }],
  });

  test('is not corrected in what they deploy, because it changes with every deployment of theirs', () => {
    const object = anObject({
      deploymentController: { type: 'CODE_DEPLOY' },
      loadBalancers: [{ targetGroupArn: 'arn:tg' }],
    });

    expect(planFor(object, observed(live))).toMatchObject({
      verdict: 'in-sync',
      message: expect.stringContaining('web:7'),
    });
  });

  test('is scaled', () => {
    const object = anObject({ deploymentController: { type: 'CODE_DEPLOY' }, desiredCount: 4 });

    expect(updateOf(planFor(object, observed(live)))).toEqual({
      cluster: CLUSTER_ARN,
      service: 'web',
      desiredCount: 4,
    });
  });

  test('can be taken over by ECS', () => {
    const object = anObject({ deploymentController: { type: 'ECS' } });

    expect(updateOf(planFor(object, observed(live)))).toMatchObject({ deploymentController: { type: 'ECS' } });
  });
});

describe('planning', () => {
  test('is pure: it changes nothing that it is given', () => {
    const object = anObject({ desiredCount: 3, tags: [{ key: 'a' }] });
    const sight = observed(aService({ createdAt: at(0) }));
    const before = structuredClone({ object, sight });

    planFor(object, sight);

    expect(isEqual({ object, sight }, before)).toBe(true);
  });

  test('uses only reasons that the docs explain', () => {
    expect(Object.keys(ecsService.reasons).toSorted()).toContain('DeploymentFailed');
    expect(Object.values(ecsService.reasons).every(({ meaning }) => meaning.length > 20)).toBe(true);
  });

  test('names the command by which an owner lets go', () => {
    const command = ecsService.releaseCommand(
      { cluster: 'shop', service: 'web', group: '' },
      observed(aService()).state,
    );

    expect(command).toMatch(
      new RegExp(`^aws ecs untag-resource --region eu-west-1 --resource-arn ${SERVICE_ARN} --tag-keys `),
    );
  });
});

function refsTo(arn: string): Record<string, ReturnType<typeof aReferent>> {
  return { 'spec.clusterRef': aReferent('EcsCluster', 'shop', { status: { arn } }) };
}

describe('a service whose cluster’s object has become another cluster', () => {
  const object = anObject(
    { cluster: undefined, clusterRef: { name: 'shop' }, desiredCount: 5 },
    { status: { clusterArn: CLUSTER_ARN } },
  );

  test.for([
    ['there', observed(aService())],
    ['gone', ABSENT],
  ] as const)('is left where it is, also where it is %s, because nobody would delete the former', ([, sight]) => {
    expect(planFor(object, sight, refsTo(`${CLUSTER_ARN}-2`))).toMatchObject({
      verdict: 'refuse',
      reason: 'LocationChanged',
      message: expect.stringMatching(/cluster\/shop, .*cluster\/shop-2;/),
    });
    expect(planFor(object, sight, refsTo(CLUSTER_ARN))).toMatchObject({ verdict: 'change' });
  });
});
