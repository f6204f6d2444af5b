import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { type EcsAccount, isRolledOut, lookIntoAccount } from '../support/ecs-account.ts';
import { connectCluster } from '../support/kubectl.ts';
import { asFile, clusterNamed, definitionOf, serviceNamed } from '../support/shop-objects.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { condition, type Story, tellStory } from '../support/story.ts';
import { waitFor } from '../support/wait-for.ts';
import { passLooks, writesAbout } from '../support/witness.ts';

const kubernetes = connectCluster(inject('cluster'));
let stack: Stack;
let story: Story;
let account: EcsAccount;

beforeAll(async () => {
  stack = await startStack({
    cluster: kubernetes,
    speed: 20,
    simulator: { containerInstances: 3 },
    environment: { ECS_OPERATOR_RESYNC_INTERVAL: '2s' },
  });
  story = tellStory(kubernetes, stack);
  account = lookIntoAccount(stack.ecs);
  await story.apply(clusterNamed('shop', { capacityProviders: ['FARGATE', 'FARGATE_SPOT'] }));
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

beforeEach(() => {
  stack.simulator.forgetCalls();
});

async function running(name: string, spec: object = {}): Promise<void> {
  await story.apply(asFile(definitionOf(name, `shop/${name}:1`), serviceNamed(name, { ...spec })));
  await story.ready(`ecsservice/${name}`);
  stack.simulator.forgetCalls();
}

async function runningCount(name: string, count: number): Promise<void> {
  await waitFor(
    `${count} tasks of ${name}`,
    () => account.service(name),
    (service) => service?.runningCount === count,
    { operator: stack.operator },
  );
}

/** What ECS was told of the service, by member. */
function sentTo(name: string): readonly Readonly<Record<string, unknown>>[] {
  return stack.simulator.writes().flatMap(({ input }) => (input['service'] === name ? [input] : []));
}

describe('the count', () => {
  test('follows kubectl scale, and a manifest that states none keeps it', async () => {
    await running('scaled');

    await story.kubectl('scale', 'ecss/scaled', '--replicas=4');
    await runningCount('scaled', 4);
    await story.apply(serviceNamed('scaled', { desiredCount: undefined }));
    const { spec, status } = await story.ready('ecsservice/scaled');

    expect(spec['desiredCount']).toBe(4);
    expect(status['runningCount']).toBe(4);
    expect(sentTo('scaled').map(({ desiredCount }) => desiredCount)).toEqual([4]);
    expect(writesAbout(stack, 'scaled')).toEqual(['UpdateService']);
  });

  test('that nobody states is 1 at first, and then belongs to whoever sets it, in a roll as well', async () => {
    await running('unstated', { desiredCount: undefined });
    const first = await account.service('unstated');

    await stack.ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'unstated', desiredCount: 5 }));
    await runningCount('unstated', 5);
    await passLooks(stack, 3, 'DescribeServices unstated');
    const untouched = writesAbout(stack, 'unstated');
    await story.apply(definitionOf('unstated', 'shop/unstated:2'));
    await story.until('ecsservice/unstated', 'at revision 2', ({ status }) => status['revision'] === 'unstated:2');
    await story.ready('ecsservice/unstated');

    expect(first?.desiredCount).toBe(1);
    expect(untouched).toEqual(['UpdateService']);
    expect(await account.service('unstated')).toMatchObject({ desiredCount: 5, runningCount: 5 });
    expect(sentTo('unstated').slice(1)).not.toContainEqual(
      expect.objectContaining({ desiredCount: expect.anything() }),
    );
  });
});

/** One task on Fargate, and of the rest so many parts on Spot. */
function mix(weight: number): Readonly<Record<string, unknown>> {
  return {
    launchType: undefined,
    capacityProviderStrategy: [
      { capacityProvider: 'FARGATE', base: 1, weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight },
    ],
  };
}

describe('kinds of capacity', () => {
  test('a daemon runs one task on each instance, and no count is ever sent', async () => {
    await story.apply(
      asFile(
        definitionOf('agent', 'shop/agent:1', { requiresCompatibilities: ['EC2'], networkMode: 'host' }),
        serviceNamed('agent', {
          desiredCount: undefined,
          launchType: 'EC2',
          networkConfiguration: undefined,
          schedulingStrategy: 'DAEMON',
        }),
      ),
    );
    const object = await story.ready('ecsservice/agent');
    const live = await account.service('agent');

    expect(live).toMatchObject({ schedulingStrategy: 'DAEMON', desiredCount: 3, runningCount: 3 });
    expect(object.status).toMatchObject({ desiredCount: 3, runningCount: 3 });
    expect(stack.simulator.writes().find(({ action }) => action === 'CreateService')?.input).not.toHaveProperty(
      'desiredCount',
    );
  });

  test('a Spot mix is rolled out anew when its weights change, by one UpdateService', async () => {
    await running('mixed', mix(3));

    await story.apply(serviceNamed('mixed', mix(1)));
    await story.ready('ecsservice/mixed');
    const live = await account.service('mixed');

    expect(isRolledOut(live, 'mixed:1')).toBe(true);
    expect(live?.capacityProviderStrategy).toContainEqual({ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 });
    expect(sentTo('mixed')).toMatchObject([{ forceNewDeployment: true }]);
  });
});

describe('a service that others deploy', () => {
  test('waits for the task set that is made from outside, and says so', async () => {
    const spec = {
      deploymentController: { type: 'EXTERNAL' },
      taskDefinitionRef: undefined,
      launchType: undefined,
      networkConfiguration: undefined,
    };
    await story.apply(serviceNamed('outside', spec));

    const waiting = await story.until('ecsservice/outside', 'waiting for a task set', (object) => {
      return condition(object, 'Reconciling')?.reason === 'AwaitingTaskSet';
    });

    expect(condition(waiting, 'Ready')?.message).toContain('EXTERNAL');
    expect(writesAbout(stack, 'outside')).toEqual(['CreateService']);
  });

  test('is not rolled by us where CodeDeploy does it: a new image is told, and nothing is sent', async () => {
    await story.apply(
      asFile(
        definitionOf('deployed', 'shop/deployed:1', {
          containerDefinitions: [{ name: 'app', image: 'shop/deployed:1', portMappings: [{ containerPort: 80 }] }],
        }),
        serviceNamed('deployed', {
          deploymentController: { type: 'CODE_DEPLOY' },
          loadBalancers: [
            {
              targetGroupArn:
                'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/blue/0123456789abcdef',
              containerName: 'app',
              containerPort: 80,
            },
          ],
        }),
      ),
    );
    await story.ready('ecsservice/deployed');
    stack.simulator.forgetCalls();

    await story.apply(
      definitionOf('deployed', 'shop/deployed:2', {
        containerDefinitions: [{ name: 'app', image: 'shop/deployed:2', portMappings: [{ containerPort: 80 }] }],
      }),
    );
    const told = await story.until('ecsservice/deployed', 'told of the other revision', (object) =>
      /deployed:2/.test(condition(object, 'Ready')?.message ?? ''),
    );

    expect(condition(told, 'Ready')?.message).toMatch(/CODE_DEPLOY.*deployed:1, not deployed:2/);
    expect(writesAbout(stack, 'deployed')).toEqual(['RegisterTaskDefinition']);
  });

  test('cannot be changed in its launch type, and says how it can be mended', async () => {
    await running('fixed');

    await story.apply(serviceNamed('fixed', { launchType: 'EC2' }));
    const refused = await story.stalled('ecsservice/fixed', 'ImmutableField');
    await story.apply(serviceNamed('fixed'));
    await story.ready('ecsservice/fixed');

    expect(condition(refused, 'Stalled')?.message).toMatch(/spec\.launchType .*capacityProviderStrategy/);
    expect(writesAbout(stack, 'fixed')).toEqual([]);
  });
});
