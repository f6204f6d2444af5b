import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectCluster } from '../support/kubectl.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { condition, type Story, tellStory } from '../support/story.ts';
import { waitFor } from '../support/wait-for.ts';

const API = { apiVersion: 'ecs-operator.dev/v1alpha1', kind: 'EcsTaskDefinition' };

let stack: Stack;
let story: Story;

function definition(name: string, spec: object = {}): object {
  return { ...API, metadata: { name }, spec: { ...content(`shop/${name}:1`), ...spec } };
}

function content(image: string) {
  return { containerDefinitions: [{ name: 'app', image, memory: 128, environment: [{ name: 'A', value: '1' }] }] };
}

/** The revision numbers of a family that are in this state, oldest first. */
async function revisions(family: string, status: 'ACTIVE' | 'INACTIVE' = 'ACTIVE'): Promise<readonly number[]> {
  const { taskDefinitionArns = [] } = await stack.ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix: family, status }),
  );
  return taskDefinitionArns.map((arn) => Number(arn.split(':').at(-1))).toSorted((a, b) => a - b);
}

async function live(revision: string) {
  return stack.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: revision, include: ['TAGS'] }));
}

function writesAbout(name: string): readonly string[] {
  return stack.simulator
    .writes()
    .filter(({ input }) => JSON.stringify(input).includes(name))
    .map(({ action }) => action);
}

function registrationsOf(name: string): number {
  return writesAbout(name).filter((action) => action === 'RegisterTaskDefinition').length;
}

beforeAll(async () => {
  const kubernetes = connectCluster(inject('cluster'));
  stack = await startStack({ cluster: kubernetes, speed: 20 });
  story = tellStory(kubernetes, stack);
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

describe('an EcsTaskDefinition', () => {
  test('becomes a revision with our tags, and says which', async () => {
    await story.apply(definition('made'));

    const { status } = await story.ready('ecstaskdefinition/made');

    expect(status).toMatchObject({ family: 'made', arn: expect.stringMatching(/:task-definition\/made:1$/) });
    expect((await live('made:1')).tags).toContainEqual({ key: 'ecs-operator.dev/name', value: 'made' });
  });

  test('is registered once for each content: a change makes one revision, a second apply none, a revert goes back', async () => {
    await story.apply(definition('rolled'));
    await story.ready('ecstaskdefinition/rolled');

    await story.apply(definition('rolled', content('shop/rolled:2')));
    const second = await story.ready('ecstaskdefinition/rolled');
    await story.apply(definition('rolled', content('shop/rolled:2')));
    await story.look('ecstaskdefinition/rolled');
    await story.apply(definition('rolled', content('shop/rolled:1')));
    const reverted = await story.ready('ecstaskdefinition/rolled');

    expect(second.status['arn']).toMatch(/:2$/);
    expect(reverted.status['arn']).toMatch(/:1$/);
    expect(registrationsOf('rolled')).toBe(2);
  });

  test('takes a removed environment entry for a change, as the whole content is the wish', async () => {
    await story.apply(definition('trimmed'));
    await story.ready('ecstaskdefinition/trimmed');

    await story.apply(
      definition('trimmed', { containerDefinitions: [{ name: 'app', image: 'shop/trimmed:1', memory: 128 }] }),
    );
    await story.ready('ecstaskdefinition/trimmed');

    expect((await live('trimmed')).taskDefinition).toMatchObject({
      revision: 2,
      containerDefinitions: [{ environment: [] }],
    });
  });

  test('is tagged without a new revision', async () => {
    await story.apply(
      definition('tagged', {
        tags: [
          { key: 'team', value: 'a' },
          { key: 'old', value: 'x' },
        ],
      }),
    );
    await story.ready('ecstaskdefinition/tagged');

    await story.apply(definition('tagged', { tags: [{ key: 'team', value: 'b' }] }));
    await story.ready('ecstaskdefinition/tagged');
    const { tags = [] } = await live('tagged');

    expect(registrationsOf('tagged')).toBe(1);
    expect(tags).toContainEqual({ key: 'team', value: 'b' });
    expect(tags.map(({ key }) => key)).not.toContain('old');
  });

  test('is registered again when somebody deregisters its revision', async () => {
    await story.apply(definition('deregistered'));
    await story.ready('ecstaskdefinition/deregistered');

    await stack.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'deregistered:1' }));
    await story.look('ecstaskdefinition/deregistered');
    await waitFor(
      'a new revision',
      () => revisions('deregistered'),
      (all) => all.includes(2),
    );

    const object = await story.until('ecstaskdefinition/deregistered', 'at revision 2', ({ status }) =>
      String(status['arn']).endsWith(':2'),
    );
    await story.ready('ecstaskdefinition/deregistered');
    expect(object.status['arn']).toMatch(/:2$/);
  });

  test("leaves a stranger's family alone, and adopts an equal one by its tags only", async () => {
    await stack.ecs.send(new RegisterTaskDefinitionCommand({ family: 'strange', ...content('shop/strange:1') }));
    stack.simulator.forgetCalls();

    await story.apply(definition('strange'));
    const refused = await story.stalled('ecstaskdefinition/strange', 'NotOwned');
    const untouched = writesAbout('strange');
    await story.apply(definition('strange', { adoptionPolicy: 'Adopt' }));
    const adopted = await story.ready('ecstaskdefinition/strange');

    expect(condition(refused, 'Stalled')?.message).toContain('adoptionPolicy: Adopt');
    expect(untouched).toEqual([]);
    expect(adopted.status['arn']).toMatch(/:1$/);
    expect([...new Set(writesAbout('strange'))]).toEqual(['TagResource']);
  });

  test('never deregisters what it adopted, and takes its tags off', async () => {
    await stack.ecs.send(new RegisterTaskDefinitionCommand({ family: 'borrowed', ...content('shop/borrowed:1') }));
    await story.apply(definition('borrowed', { adoptionPolicy: 'Adopt' }));
    await story.ready('ecstaskdefinition/borrowed');

    await story.remove('ecstaskdefinition/borrowed');
    await story.gone('ecstaskdefinition/borrowed');
    const { tags = [] } = await live('borrowed:1');

    expect(await revisions('borrowed')).toEqual([1]);
    expect(tags.filter(({ key }) => key?.startsWith('ecs-operator.dev/'))).toEqual([]);
  });

  test('is only looked at under Observe', async () => {
    await stack.ecs.send(new RegisterTaskDefinitionCommand({ family: 'watched', ...content('shop/watched:1') }));
    stack.simulator.forgetCalls();

    await story.apply(definition('watched', { managementPolicy: 'Observe', ...content('shop/watched:2') }));
    const drifted = await story.stalled('ecstaskdefinition/watched', 'Drifted');
    await story.apply(definition('watched', { managementPolicy: 'Observe' }));
    await story.ready('ecstaskdefinition/watched');

    expect(drifted.status['drift']).toMatchObject([{ path: expect.stringContaining('image') }]);
    expect(drifted.metadata.finalizers).toEqual([]);
    expect(writesAbout('watched')).toEqual([]);
  });

  test('stays, without our tags, where it is retained', async () => {
    await story.apply(definition('retained', { deletionPolicy: 'Retain' }));
    await story.ready('ecstaskdefinition/retained');

    await story.remove('ecstaskdefinition/retained');
    await story.gone('ecstaskdefinition/retained');

    expect(await revisions('retained')).toEqual([1]);
    expect((await live('retained:1')).tags).toEqual([]);
  });

  test('has all its revisions deregistered when it is deleted', async () => {
    await story.apply(definition('deleted'));
    await story.ready('ecstaskdefinition/deleted');
    await story.apply(definition('deleted', content('shop/deleted:2')));
    await story.ready('ecstaskdefinition/deleted');

    await story.remove('ecstaskdefinition/deleted');
    await story.gone('ecstaskdefinition/deleted');

    expect(await revisions('deleted')).toEqual([]);
  });

  test('is not registered while suspended', async () => {
    await story.apply(definition('suspended', { suspend: true }));
    await story.until(
      'ecstaskdefinition/suspended',
      'Suspended',
      (object) => condition(object, 'Suspended') !== undefined,
    );
    const whileSuspended = await revisions('suspended');
    await story.patch('ecstaskdefinition/suspended', { spec: { suspend: null } });
    await story.ready('ecstaskdefinition/suspended');

    expect(whileSuspended).toEqual([]);
    expect(await revisions('suspended')).toEqual([1]);
  });

  test('puts its tags back where somebody takes them off, without a new revision', async () => {
    await story.apply(definition('untagged'));
    const { status } = await story.ready('ecstaskdefinition/untagged');

    const tagKeys = ['ecs-operator.dev/content'];
    await stack.ecs.send(new UntagResourceCommand({ resourceArn: String(status['arn']), tagKeys }));
    await story.look('ecstaskdefinition/untagged');
    await waitFor(
      'the tag to be back',
      () => live('untagged'),
      ({ tags = [] }) => tags.some(({ key }) => key === tagKeys[0]),
    );

    expect(registrationsOf('untagged')).toBe(1);
  });

  test('that ECS refuses is Stalled with its words', async () => {
    const error = { name: 'ClientException', message: 'No such log driver in this Region.' };
    const fault = stack.simulator.faults.add({ action: 'RegisterTaskDefinition', when: 'before', error });
    await story.apply(definition('refused'));

    const object = await story.until(
      'ecstaskdefinition/refused',
      'Stalled',
      (seen) => condition(seen, 'Stalled') !== undefined,
    );

    expect(condition(object, 'Stalled')?.message).toContain(error.message);
    expect(fault.fired).toBe(1);
  });
});
