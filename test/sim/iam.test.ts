import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GROUP_OF } from '../../src/aws/actions.ts';
import type { Policy, PolicyName } from '../../tools/iam/policies.ts';
import { isAllowed, type Question, questionsOf } from '../support/iam.ts';
import { CLUSTER_ID, openStage } from '../support/operator-stage.ts';
import type { CallWatcher } from '../support/whole-operator.ts';
import { play } from './play.ts';
import { SCENARIOS } from './scenarios/all.ts';
import { RARE } from './scenarios/rare.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'deploy', 'iam');

/** The policy as it is installed: with its words replaced. The role of all definitions here is called `web`. */
function installed(name: PolicyName, role = 'web'): Policy {
  const text = readFileSync(join(FOLDER, `${name}.json`), 'utf8')
    .replaceAll('MY_CLUSTER_ID', CLUSTER_ID)
    .replaceAll('MY_ECS_CLUSTER', 'shop')
    .replaceAll('MY_ACCOUNT_ID:role/MY_ROLES', `123456789012:role/${role}`);
  return JSON.parse(text) as Policy;
}

const PLAYED = [...SCENARIOS, ...RARE];

/** Actions that were called, and asked for. */
const seen = new Set<string>();
const asked = new Set<string>();

/** What IAM would have refused while the scenario was played. */
async function refusalsIn(scenario: (typeof SCENARIOS)[number], policy: Policy): Promise<readonly Question[]> {
  const refused: Question[] = [];
  const onCall: CallWatcher = (call, world) => {
    seen.add(call.action);
    const questions = questionsOf(call, world);
    for (const { action } of questions) asked.add(action);
    refused.push(...questions.filter((question) => !isAllowed(policy, question)));
  };
  await play(scenario, [], { onCall });
  return refused;
}

describe.each(['all-clusters', 'one-cluster'] as const)('the policy %s', (name) => {
  const policy = installed(name);

  test.for(PLAYED)('allows all that the operator does while $name', async (scenario) => {
    expect(await refusalsIn(scenario, policy)).toEqual([]);
  });

  test.for([
    { action: 'DeleteCluster', input: { cluster: 'shop' }, because: 'it carries no tag of ours' },
    { action: 'UpdateService', input: { cluster: 'shop', service: 'web' }, because: 'it carries no tag of ours' },
    { action: 'CreateCluster', input: { clusterName: 'shop' }, because: 'it would carry no tag of ours' },
    {
      action: 'TagResource',
      input: {
        resourceArn: 'arn:aws:ecs:eu-central-1:123456789012:cluster/shop',
        tags: [{ key: 'ecs-operator.dev/cluster-id', value: 'somebody-else' }],
      },
      because: 'nobody may be made the owner but us',
    },
    {
      action: 'application-autoscaling:TagResource',
      input: { ResourceARN: 'arn:aws:application-autoscaling:eu-central-1:123456789012:scalable-target/1', Tags: {} },
      because: 'a scalable target is made ours and nobody else’s',
    },
    { action: 'StopTask', input: { cluster: 'shop' }, because: 'the operator does not call it' },
  ])('refuses $action, because $because', async ({ action, input }) => {
    const { simulator } = await openStage();
    const questions = questionsOf({ action, input }, simulator.world);

    expect(questions.map((question) => isAllowed(policy, question))).toContain(false);
  });
});

/** May that alarm be deleted? */
function deletionOf(alarm: string): Question {
  const resource = `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${alarm}`;
  return { action: 'cloudwatch:DeleteAlarms', resource, context: {} };
}

describe('alarms', () => {
  test.for([
    { alarm: 'TargetTracking-service/shop/web-AlarmHigh-1', allowed: ['all-clusters', 'one-cluster'] },
    { alarm: 'TargetTracking-service/other/web-AlarmHigh-1', allowed: ['all-clusters'] },
    { alarm: 'TargetTracking-table/orders-AlarmHigh-1', allowed: [] },
    { alarm: 'billing', allowed: [] },
  ])('may be deleted where they are of services that the policy covers: $alarm', ({ alarm, allowed }) => {
    const names = (['all-clusters', 'one-cluster'] as const).filter((name) =>
      isAllowed(installed(name), deletionOf(alarm)),
    );

    expect(names).toEqual(allowed);
  });
});

test('the policy one-cluster ends at its cluster', async () => {
  const { simulator } = await openStage();
  const owned = [{ key: 'ecs-operator.dev/cluster-id', value: CLUSTER_ID }];
  const input = { cluster: 'other', serviceName: 'web', tags: owned };

  const [question] = questionsOf({ action: 'CreateService', input }, simulator.world);

  expect(question && isAllowed(installed('one-cluster'), question)).toBe(false);
  expect(question && isAllowed(installed('all-clusters'), question)).toBe(true);
});

test('the policy observe-only allows no write', () => {
  expect(JSON.stringify(installed('observe-only'))).not.toMatch(
    /(?:ecs|application-autoscaling):(?!Describe|Get|List)|iam:|cloudwatch:/,
  );
});

test('the scenarios call all that is granted, and pass roles', () => {
  expect([...GROUP_OF.keys()].filter((action) => !seen.has(action))).toEqual([]);
  expect([...asked]).toContain('iam:PassRole');
});

describe('a role', () => {
  const roles = {
    RegisterTaskDefinition: { family: 'web', taskRoleArn: 'arn:aws:iam::123456789012:role/ecs/web' },
    CreateService: {
      cluster: 'shop',
      serviceName: 'web',
      loadBalancers: [{ advancedConfiguration: { roleArn: 'ecs/web' } }],
    },
  };

  test.for(Object.entries(roles))('may be passed by %s where it is listed, and else not', async ([action, input]) => {
    const { simulator } = await openStage();
    const passing = questionsOf({ action, input }, simulator.world).filter((one) => one.action === 'iam:PassRole');

    expect(passing).toHaveLength(1);
    expect(passing.every((question) => isAllowed(installed('all-clusters', 'ecs/*'), question))).toBe(true);
    expect(passing.some((question) => isAllowed(installed('all-clusters', 'jobs/*'), question))).toBe(false);
  });
});
