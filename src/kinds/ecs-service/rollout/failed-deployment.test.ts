import type { ServiceRevision } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import {
  aDeployment,
  anObject,
  aReferent,
  aService,
  at,
  newest,
  observed,
  planFor,
  revision,
  updateOf,
} from '../../../../test/support/ecs-service-builders.ts';
import { ANNOTATIONS } from '../../../api/group.ts';
import type { StoppedTask } from '../model.ts';

const SUBNETS: Pick<ServiceRevision, 'networkConfiguration'> = {
  networkConfiguration: { awsvpcConfiguration: { subnets: ['a'], securityGroups: [], assignPublicIp: 'DISABLED' } },
};
const TARGET: ServiceRevision = { taskDefinition: revision(4), platformVersion: '1.4.0', launchType: 'FARGATE' };
const RUNS_3 = { deployments: [aDeployment({ taskDefinition: revision(3) })] };
const pull = (id: string): StoppedTask => ({
  id,
  reason: 'CannotPullContainerError: shop/web:1.9 not found',
  hasStarted: false,
  stoppedAt: at(0),
});
const rolledBack = newest('ROLLBACK_SUCCESSFUL', TARGET, {
  statusReason: 'The circuit breaker threshold was exceeded.',
});
const wants4 = anObject({ taskDefinition: revision(4) });

describe('a deployment that ECS has given up', () => {
  test('is not begun again, and the message says why and what to do', () => {
    const refs = { 'spec.taskDefinitionRef': aReferent('EcsTaskDefinition', 'web', { status: { arn: revision(4) } }) };
    const object = anObject({ taskDefinition: undefined, taskDefinitionRef: { name: 'web' } });

    const verdict = planFor(
      object,
      observed(aService(RUNS_3), { newest: rolledBack, stoppedTasks: [pull('a'), pull('b'), pull('c')] }),
      refs,
    );

    expect(verdict).toEqual({
      verdict: 'refuse',
      reason: 'DeploymentFailed',
      message:
        'ECS rolled web:4 back to web:3: The circuit breaker threshold was exceeded; tasks failed to start (3 of 3: CannotPullContainerError: shop/web:1.9 not found). Fix the image in EcsTaskDefinition shop/web, or annotate ecs-operator.dev/restart-at to try web:4 again.',
    });
  });

  test.for([
    ['ROLLBACK_FAILED', 'could not roll it back'],
    ['STOPPED', 'ECS stopped the deployment of web:4'],
  ] as const)('is held with %s as well', ([status, words]) => {
    const verdict = planFor(wants4, observed(aService(RUNS_3), { newest: newest(status, TARGET) }));

    expect(verdict).toMatchObject({
      verdict: 'refuse',
      reason: 'DeploymentFailed',
      message: expect.stringContaining(words),
    });
  });

  test('is held with an empty status, because ECS is the memory', () => {
    expect(wants4.status).toEqual({});
    expect(planFor(wants4, observed(aService(RUNS_3), { newest: rolledBack }))).toMatchObject({ verdict: 'refuse' });
  });

  test('is held in all that a deployment rolls out, not by the task definition alone', () => {
    const object = anObject({
      taskDefinition: revision(4),
      networkConfiguration: { awsvpcConfiguration: { subnets: ['b'] } },
    });
    const target = { ...TARGET, ...SUBNETS };

    const verdict = planFor(
      object,
      observed(aService({ ...RUNS_3, ...SUBNETS }), { newest: newest('STOPPED', target) }),
    );

    expect(updateOf(verdict)).toMatchObject({
      taskDefinition: revision(4),
      networkConfiguration: { awsvpcConfiguration: { subnets: ['b'] } },
    });
  });

  test('does not stand against another wish', () => {
    expect(
      updateOf(planFor(anObject({ taskDefinition: revision(5) }), observed(aService(RUNS_3), { newest: rolledBack }))),
    ).toMatchObject({
      taskDefinition: revision(5),
    });
  });

  test('does not stand against going back to what runs', () => {
    expect(
      planFor(anObject({ taskDefinition: revision(3) }), observed(aService(RUNS_3), { newest: rolledBack })),
    ).toEqual({ verdict: 'in-sync' });
  });

  test('does not hold what starts no deployment: the service is still scaled', () => {
    const object = anObject({ taskDefinition: revision(4), desiredCount: 5 });

    const update = updateOf(planFor(object, observed(aService(RUNS_3), { newest: rolledBack })));

    expect(update).toMatchObject({ desiredCount: 5 });
    expect(update).not.toHaveProperty('taskDefinition');
  });

  test('does not stand against the rest, and only that is named', () => {
    const object = anObject({ taskDefinition: revision(4), desiredCount: 5, tags: [{ key: 'team', value: 'a' }] });

    const verdict = planFor(object, observed(aService(RUNS_3), { newest: rolledBack }));

    expect(updateOf(verdict)).toMatchObject({ desiredCount: 5 });
    expect(verdict).toMatchObject({ because: [{ path: 'tags[team]' }, { path: 'desiredCount' }] });
  });

  test('is not begun by a bare family that would be looked up again', () => {
    const update = updateOf(
      planFor(anObject({ taskDefinition: 'web', desiredCount: 5 }), observed(aService(RUNS_3), { newest: rolledBack })),
    );

    expect(update).toMatchObject({ desiredCount: 5 });
    expect(update).not.toHaveProperty('taskDefinition');
  });

  test('is begun again by a restart that is asked for', () => {
    const object = anObject(
      { taskDefinition: revision(4) },
      { annotations: { [ANNOTATIONS.restartAt]: '2' }, status: { restart: { value: '1' } } },
    );

    expect(updateOf(planFor(object, observed(aService(RUNS_3), { newest: rolledBack })))).toMatchObject({
      taskDefinition: revision(4),
      forceNewDeployment: true,
    });
  });

  test('without rollback is refused though the service shows what is wished', () => {
    const live = aService({ deployments: [aDeployment({ taskDefinition: revision(4), rolloutState: 'FAILED' })] });

    expect(
      planFor(wants4, observed(live, { newest: newest('STOPPED', TARGET), stoppedTasks: [pull('a')] })),
    ).toMatchObject({
      verdict: 'refuse',
      reason: 'DeploymentFailed',
      message: expect.stringContaining('CannotPullContainerError'),
    });
  });
});

describe('a deployment to the wish that is under way', () => {
  test.for([
    ['ROLLBACK_IN_PROGRESS', 'RollingBack'],
    ['ROLLBACK_REQUESTED', 'RollingBack'],
    ['STOP_REQUESTED', 'RollingBack'],
    ['IN_PROGRESS', 'RolloutInProgress'],
    ['PENDING', 'RolloutInProgress'],
  ] as const)('with %s is waited for, because a look can be older than our write', ([status, reason]) => {
    expect(planFor(wants4, observed(aService(RUNS_3), { newest: newest(status, TARGET) }))).toMatchObject({
      verdict: 'wait',
      reason,
    });
  });

  test('that has succeeded is not begun again though ECS shows something else, because that would never end', () => {
    expect(planFor(wants4, observed(aService(RUNS_3), { newest: newest('SUCCESSFUL', TARGET) }))).toMatchObject({
      verdict: 'wait',
      reason: 'UnfamiliarAnswer',
      message: expect.stringContaining('taskDefinition'),
    });
  });

  test('that has succeeded says nothing of a version that is pinned, because it names the one that LATEST stands for', () => {
    const pins = anObject({ platformVersion: '1.4.0' });
    const target = { ...TARGET, taskDefinition: revision(1) };
    const live = aService({ platformVersion: 'LATEST' });

    const verdict = planFor(pins, observed(live, { newest: newest('SUCCESSFUL', target) }));

    expect(updateOf(verdict)).toMatchObject({ platformVersion: '1.4.0' });
  });

  test('that has succeeded says nothing of a strategy that was changed since', () => {
    const strategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }];
    const object = anObject({ capacityProviderStrategy: strategy });
    const target = { taskDefinition: revision(1), capacityProviderStrategy: strategy };

    expect(updateOf(planFor(object, observed(aService(), { newest: newest('SUCCESSFUL', target) })))).toMatchObject({
      capacityProviderStrategy: strategy,
    });
  });
});
