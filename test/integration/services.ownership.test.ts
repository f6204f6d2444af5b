import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  RegisterTaskDefinitionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
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
  // Nobody asks for a look here: a resync finds what was done behind the operator's back.
  stack = await startStack({ cluster: kubernetes, speed: 20, environment: { ECS_OPERATOR_RESYNC_INTERVAL: '2s' } });
  story = tellStory(kubernetes, stack);
  account = lookIntoAccount(stack.ecs);
  await story.apply(clusterNamed('shop'));
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

async function corrected(name: string): Promise<void> {
  const look = (): Promise<readonly string[]> => story.eventReasons(`ecsservice/${name}`);
  await waitFor('the Event', look, (all) => all.includes('DriftCorrected'), { operator: stack.operator });
}

/** All three kinds, each with `spec` on top. */
function file(name: string, spec: object = {}): string {
  return asFile(
    clusterNamed(name, { ...spec }),
    definitionOf(name, `shop/${name}:1`, { ...spec }),
    serviceNamed(name, { clusterRef: { name }, ...spec }),
  );
}

/** Waits until ECS shows the service so. */
async function live(name: string, what: string, holds: (service: NonNullable<Seen>) => boolean): Promise<void> {
  const look = (): Promise<Seen> => account.service(name);
  await waitFor(what, look, (seen) => seen !== undefined && holds(seen), { operator: stack.operator });
}
type Seen = Awaited<ReturnType<EcsAccount['service']>>;

describe('a service that somebody changes in ECS', () => {
  test('is made again when it was deleted, with all that it had', async () => {
    await running('deleted');
    const first = await account.service('deleted');

    await stack.ecs.send(new DeleteServiceCommand({ cluster: 'shop', service: 'deleted', force: true }));
    await live('deleted', 'another service', ({ status, createdAt }) => {
      return status === 'ACTIVE' && createdAt?.getTime() !== first?.createdAt?.getTime();
    });
    await story.ready('ecsservice/deleted');
    await corrected('deleted');

    expect(isRolledOut(await account.service('deleted'), 'deleted:1')).toBe(true);
    expect(writesAbout(stack, 'deleted')).toEqual(['DeleteService', 'CreateService']);
  });

  test('gets back its count, its deployment configuration and its tags, and nothing else is touched', async () => {
    await running('changed', { deploymentConfiguration: { maximumPercent: 150 }, tags: [{ key: 'team', value: 'a' }] });
    const resourceArn = String((await account.service('changed'))?.serviceArn);

    await stack.ecs.send(
      new UpdateServiceCommand({
        cluster: 'shop',
        service: 'changed',
        desiredCount: 5,
        deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 50 },
      }),
    );
    await stack.ecs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));
    await stack.ecs.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'bill-to', value: 'x' }] }));
    await live('changed', 'the service to be as before', ({ desiredCount, deploymentConfiguration, tags = [] }) => {
      const isTagged = ['team', 'bill-to'].every((key) => tags.some((tag) => tag.key === key));
      return desiredCount === 2 && deploymentConfiguration?.maximumPercent === 150 && isTagged;
    });
    await story.ready('ecsservice/changed');
    await corrected('changed');

    expect((await account.service('changed'))?.deploymentConfiguration?.minimumHealthyPercent).toBe(50);
    expect((await account.service('changed'))?.deployments).toHaveLength(1);
  });

  test('goes back to its own revision when another was rolled out', async () => {
    await running('swapped');
    const { family, containerDefinitions } = { family: 'other', containerDefinitions: [{ name: 'app', image: 'x:1' }] };
    const sizes = { cpu: '256', memory: '512', networkMode: 'awsvpc' as const };
    await stack.ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions, ...sizes }));

    await stack.ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'swapped', taskDefinition: 'other:1' }));
    await live('swapped', 'its own revision', (service) => isRolledOut(service, 'swapped:1'));
    await story.ready('ecsservice/swapped');
    await corrected('swapped');

    expect(writesAbout(stack, 'swapped')).toEqual(['UpdateService', 'UpdateService']);
  });
});

describe('a service whose ownership tags somebody took off', () => {
  test('is not ours any more: nothing is written, and it is ours again once it is adopted', async () => {
    await running('released');
    const { serviceArn: resourceArn, tags = [] } = (await account.service('released')) ?? {};
    const tagKeys = tags.flatMap(({ key }) => (key?.startsWith('ecs-operator.dev/') ? [key] : []));

    await stack.ecs.send(new UntagResourceCommand({ resourceArn, tagKeys }));
    await story.stalled('ecsservice/released', 'NotOwned');
    await story.patch('ecsservice/released', { spec: { adoptionPolicy: 'Adopt' } });
    await story.ready('ecsservice/released');

    expect(writesAbout(stack, 'released')).toEqual(['UntagResource', 'TagResource']);
    expect((await account.service('released'))?.tags).toEqual(expect.arrayContaining([...tags]));
  });
});

describe("a stranger's resources under our names", () => {
  const sizes = { cpu: '256', memory: '512', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] } as const;

  /** By hand, as equal to what the objects of `name` ask for as can be. */
  async function madeByHand(name: string): Promise<void> {
    await stack.ecs.send(new CreateClusterCommand({ clusterName: name }));
    await stack.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: name,
        ...sizes,
        requiresCompatibilities: ['FARGATE'],
        containerDefinitions: [{ name: 'app', image: `shop/${name}:1` }],
      }),
    );
    await stack.ecs.send(
      new CreateServiceCommand({
        cluster: name,
        serviceName: name,
        taskDefinition: name,
        desiredCount: 2,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1'] } },
      }),
    );
    stack.simulator.forgetCalls();
  }

  test('are left alone, and the message says whose they are not and what to do', async () => {
    await madeByHand('strange');
    await story.apply(
      serviceNamed('strange', {
        clusterRef: undefined,
        cluster: 'strange',
        taskDefinitionRef: undefined,
        taskDefinition: 'strange:1',
      }),
    );

    const refused = await story.stalled('ecsservice/strange', 'NotOwned');
    await passLooks(stack, 3, 'strange');
    const untouched = writesAbout(stack, 'strange');
    await story.remove('ecsservice/strange');
    await story.gone('ecsservice/strange');

    expect(condition(refused, 'Stalled')?.message).toContain('adoptionPolicy: Adopt');
    expect(refused.metadata.finalizers).toEqual([]);
    expect(untouched).toEqual([]);
    expect(isRolledOut(await account.service('strange', 'strange'), 'strange:1')).toBe(true);
    expect(writesAbout(stack, 'strange')).toEqual([]);
  });

  test('that belong to another operator are refused even where adoption is asked for, with the command that frees them', async () => {
    await madeByHand('theirs');
    const resourceArn = String((await account.service('theirs', 'theirs'))?.serviceArn);
    const tags = [
      { key: 'ecs-operator.dev/cluster-id', value: 'elsewhere' },
      { key: 'ecs-operator.dev/kind', value: 'EcsService' },
      { key: 'ecs-operator.dev/namespace', value: 'shop' },
      { key: 'ecs-operator.dev/name', value: 'web' },
    ];
    await stack.ecs.send(new TagResourceCommand({ resourceArn, tags }));
    stack.simulator.forgetCalls();

    await story.apply(file('theirs', { adoptionPolicy: 'Adopt' }));
    const refused = await story.stalled('ecsservice/theirs', 'NotOwned');

    const message = condition(refused, 'Stalled')?.message;
    expect(message).toContain('elsewhere');
    expect(message).toMatch(/aws ecs untag-resource .*ecs-operator\.dev\/cluster-id/);
    expect(message).toContain(resourceArn);
    expect(writesAbout(stack, resourceArn)).toEqual([]);
  });

  test('are adopted, where they are equal, by TagResource alone', async () => {
    await madeByHand('equal');

    await story.apply(file('equal', { adoptionPolicy: 'Adopt' }));
    for (const kind of ['ecscluster', 'ecstaskdefinition', 'ecsservice']) await story.ready(`${kind}/equal`);

    expect(writesAbout(stack, 'equal')).toEqual(['TagResource', 'TagResource', 'TagResource']);
    expect(isRolledOut(await account.service('equal', 'equal'), 'equal:1')).toBe(true);
    expect((await account.service('equal', 'equal'))?.tags).toContainEqual({
      key: 'ecs-operator.dev/cluster-id',
      value: stack.clusterId,
    });
  });
});
