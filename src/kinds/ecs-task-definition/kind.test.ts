import type { Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { createFakeGateway, type FakeGateway, revisionArn } from '../../../test/support/fake-gateway.ts';
import { lookOnce, managed, type Settled, settle } from '../../../test/support/settle.ts';
import { TAG_KEYS } from '../../api/group.ts';
import { ownerTags } from '../../api/ownership.ts';
import type { DescribedTaskDefinition } from '../../aws/gateway.ts';
import type { Referent } from '../../core/managed-kind.ts';
import { contentHash } from './canonical/content-difference.ts';
import { adoptedTag } from './canonical/content-tag.ts';
import { ecsTaskDefinition } from './kind.ts';
import type { EcsTaskDefinitionTypes } from './model.ts';
import type { EcsTaskDefinitionSpec } from './schema.ts';

const HOUR_MS = 3_600_000;
const OURS = ownerTags({ clusterId: 'prod-1', kind: 'EcsTaskDefinition', namespace: 'shop', name: 'web' });
const THEIRS = ownerTags({ clusterId: 'prod-2', kind: 'EcsTaskDefinition', namespace: 'shop', name: 'web' });

/** The content of a definition with that image. */
function content(image: string, members: { cpu?: string } = {}) {
  return { containerDefinitions: [{ name: 'web', image, environment: [{ name: 'A', value: '1' }] }], ...members };
}

function spec(image: string, members: Partial<EcsTaskDefinitionSpec> = {}): EcsTaskDefinitionSpec {
  return { ...content(image), ...members };
}

/** A revision as ECS shows it. */
function revision(
  number: number,
  image: string,
  tags: Tag[] = [],
  members: Partial<TaskDefinition> = {},
): DescribedTaskDefinition {
  return {
    definition: {
      ...content(image),
      family: 'web',
      taskDefinitionArn: revisionArn('web', number),
      revision: number,
      status: 'ACTIVE',
      registeredAt: new Date(0),
      ...members,
    },
    tags,
  };
}

/** The tags of a revision that we registered with that image. */
function registered(image: string): Tag[] {
  return [...OURS, { key: TAG_KEYS.content, value: contentHash(content(image)) }];
}

type Options = Partial<Omit<Parameters<typeof settle<EcsTaskDefinitionTypes>>[0], 'object'>>;

function bring(
  wish: EcsTaskDefinitionSpec,
  gateway: FakeGateway,
  { status, ...options }: Options & { status?: Settled<EcsTaskDefinitionTypes>['object']['status'] } = {},
) {
  const object = managed(ecsTaskDefinition, wish, { status: status ?? {} });
  return settle({ kind: ecsTaskDefinition, object, gateway, ...options });
}

function calls(gateway: FakeGateway): string[] {
  return gateway.writes.map(({ call }) => call);
}

function activeRevisions(gateway: FakeGateway): number[] {
  return [...gateway.taskDefinitions.values()]
    .filter(({ definition }) => definition.status === 'ACTIVE')
    .map(({ definition }) => definition.revision ?? 0);
}

/** Three revisions, of which a stranger has taken over the first. */
function takenOver(status: 'ACTIVE' | 'INACTIVE'): DescribedTaskDefinition[] {
  return [
    revision(1, 'x', [], { status }),
    revision(2, 'y', registered('y'), { status }),
    revision(3, 'a', registered('a')),
  ];
}

/** ECS as a sweep sees it that remembers other tags of that revision. */
function remembering(ecs: FakeGateway, number: number, tags: Tag[]): FakeGateway {
  return {
    ...ecs,
    async describeTaskDefinition(definition, signal, ...how) {
      const found = await ecs.describeTaskDefinition(definition, signal, ...how);
      const isOld = definition === revisionArn('web', number) && how[0] !== 'live';
      return found && isOld ? { ...found, tags } : found;
    },
  };
}

function service(...revisions: number[]): Referent {
  const deployments = revisions.map((number) => ({ taskDefinition: revisionArn('web', number) }));
  return serviceThat({ deployments });
}

function serviceThat(status: Referent['status'], stated: Referent['spec'] = {}): Referent {
  const { metadata } = managed(ecsTaskDefinition, spec('a'), { name: 'service' });
  return { kind: 'EcsService', metadata, spec: stated, status };
}

/** An object that has had these wishes, one after the other. */
async function walk(gateway: FakeGateway, ...wishes: EcsTaskDefinitionSpec[]) {
  let object = managed(ecsTaskDefinition, spec('a'));
  for (const wish of wishes) {
    ({ object } = await settle({ kind: ecsTaskDefinition, object: { ...object, spec: wish }, gateway }));
  }
  return object;
}

function userTags(gateway: FakeGateway, number: number) {
  const { tags = [] } = gateway.taskDefinitions.get(revisionArn('web', number)) ?? {};
  return tags.filter(({ key }) => !key?.startsWith('ecs-operator.dev/'));
}

function tagged(image: string, ...keys: string[]): EcsTaskDefinitionSpec {
  return spec(image, { tags: keys.map((key) => ({ key, value: 'x' })) });
}

describe('registration', () => {
  test('registers once, with the content as it was stated and our tags, and then is silent', async () => {
    const gateway = createFakeGateway();

    const settled = await bring(spec('a', { cpu: '1 vCPU', tags: [{ key: 'team', value: 'x' }] }), gateway);

    const stated = content('a', { cpu: '1 vCPU' });
    const hash = contentHash(stated);
    expect(gateway.writes).toEqual([
      {
        call: 'RegisterTaskDefinition',
        input: {
          ...stated,
          family: 'web',
          tags: [{ key: 'team', value: 'x' }, ...OURS, { key: TAG_KEYS.content, value: hash }],
        },
      },
    ]);
    expect(settled.last).toEqual({ verdict: 'in-sync' });
    expect(settled.object.status).toEqual({
      arn: revisionArn('web', 1),
      family: 'web',
      revision: 'web:1',
      contentHash: hash,
      revisions: [
        {
          arn: revisionArn('web', 1),
          revision: 1,
          contentHash: hash,
          registeredAt: '1970-01-01T00:00:00.000Z',
          tagKeys: ['team'],
        },
      ],
      lastApplied: { tagKeys: ['team'] },
    });
  });

  test('is looked for again at once, because a service waits for it', async () => {
    const object = managed(ecsTaskDefinition, spec('a'));

    const { plan } = await lookOnce({ kind: ecsTaskDefinition, object, gateway: createFakeGateway() });

    expect(plan).toMatchObject({ verdict: 'change', lookAfterMs: 100 });
  });

  test('leaves out what is the operator’s own', async () => {
    const gateway = createFakeGateway();

    await bring(
      spec('a', {
        region: 'eu-west-1',
        accountRef: { name: 'x' },
        adoptionPolicy: 'Adopt',
        deletionPolicy: 'Retain',
        managementPolicy: 'Manage',
        suspend: false,
        revisionHistoryLimit: 3,
        revisionCleanup: 'Delete',
        family: 'other',
      }),
      gateway,
    );

    const [write] = gateway.writes;
    expect(Object.keys(write?.input ?? {}).toSorted()).toEqual(['containerDefinitions', 'family', 'tags']);
  });

  test('a change registers one revision and tells what differs, without secrets', async () => {
    const gateway = createFakeGateway();
    const { object } = await bring(spec('a'), gateway);
    const changed = spec('b');
    changed.containerDefinitions[0]?.environment?.push({ name: 'PASSWORD', value: 's3cret' });

    const settled = await settle({ kind: ecsTaskDefinition, object: { ...object, spec: changed }, gateway });

    expect(settled.plans[0]).toMatchObject({
      because: [
        { path: 'containerDefinitions[web].image', wanted: 'b', found: 'a' },
        { path: 'containerDefinitions[web].environment[PASSWORD]', wanted: '(hidden)' },
      ],
    });
    expect(settled.object.status.revision).toBe('web:2');
  });

  test('going back to earlier content uses the revision that holds it', async () => {
    const gateway = createFakeGateway();
    let { object } = await bring(spec('a'), gateway);
    for (const image of ['b', 'c', 'a']) {
      ({ object } = await settle({ kind: ecsTaskDefinition, object: { ...object, spec: spec(image) }, gateway }));
    }

    expect(object.status.revision).toBe('web:1');
    expect(calls(gateway)).toEqual(['RegisterTaskDefinition', 'RegisterTaskDefinition', 'RegisterTaskDefinition']);
  });

  test('going back works with status lost as well, because ECS is the memory', async () => {
    const gateway = createFakeGateway();
    let { object } = await bring(spec('a'), gateway);
    for (const image of ['b', 'c']) {
      ({ object } = await settle({ kind: ecsTaskDefinition, object: { ...object, spec: spec(image) }, gateway }));
    }

    const settled = await bring(spec('a'), gateway);

    expect(settled.object.status.revision).toBe('web:1');
    expect(settled.object.status.revisions?.map((one) => one.revision)).toEqual([3, 2, 1]);
  });

  test('registers again what somebody deregistered (T45)', async () => {
    const gateway = createFakeGateway({
      taskDefinitions: [revision(1, 'a', registered('a'), { status: 'INACTIVE' })],
    });

    const settled = await bring(spec('a'), gateway);

    expect(settled.object.status.revision).toBe('web:2');
  });

  test('registers again while a list still shows a revision that is on its way out (T45)', async () => {
    const gone = revision(1, 'a', registered('a'), { status: 'DELETE_IN_PROGRESS' });
    const gateway: FakeGateway = {
      ...createFakeGateway({ taskDefinitions: [gone] }),
      listRevisions: () => Promise.resolve([revisionArn('web', 1)]),
    };

    const { plan } = await lookOnce({
      kind: ecsTaskDefinition,
      object: managed(ecsTaskDefinition, spec('a')),
      gateway,
    });

    expect(plan).toMatchObject({ steps: [{ call: 'RegisterTaskDefinition' }] });
  });

  test('another spelling of a role makes no revision, also where the current one is not the newest', async () => {
    const gateway = createFakeGateway();
    const arn = `arn:aws:iam::${revisionArn('web', 1).split(':')[4]}:role/app`;
    let { object } = await bring(spec('a', { taskRoleArn: arn }), gateway);
    for (const wish of [spec('b'), spec('a', { taskRoleArn: arn }), spec('a', { taskRoleArn: 'app' })]) {
      ({ object } = await settle({ kind: ecsTaskDefinition, object: { ...object, spec: wish }, gateway }));
    }

    expect(object.status.revision).toBe('web:1');
    expect(activeRevisions(gateway)).toEqual([1, 2]);
  });

  test('a change of tags makes no revision', async () => {
    const gateway = createFakeGateway();
    const { object } = await bring(
      spec('a', {
        tags: [
          { key: 'a', value: '1' },
          { key: 'b', value: '1' },
        ],
      }),
      gateway,
    );

    await settle({
      kind: ecsTaskDefinition,
      object: { ...object, spec: spec('a', { tags: [{ key: 'a', value: '2' }] }) },
      gateway,
    });

    expect(gateway.writes.slice(1)).toEqual([
      { call: 'TagResource', input: { resourceArn: revisionArn('web', 1), tags: [{ key: 'a', value: '2' }] } },
      { call: 'UntagResource', input: { resourceArn: revisionArn('web', 1), tagKeys: ['b'] } },
    ]);
  });

  describe('going back to a revision', () => {
    test('takes off the tags that were put on it and are in the spec no more', async () => {
      const gateway = createFakeGateway();

      const { status } = await walk(gateway, tagged('a', 'team', 'cost'), tagged('b', 'cost'), tagged('a', 'cost'));

      expect(status.revision).toBe('web:1');
      expect(userTags(gateway, 1)).toEqual([{ key: 'cost', value: 'x' }]);
      expect(status.revisions).toMatchObject([
        { revision: 2, tagKeys: ['cost'] },
        { revision: 1, tagKeys: ['cost'] },
      ]);
    });

    test('takes off those that were put on it later as well', async () => {
      const gateway = createFakeGateway();

      await walk(gateway, tagged('a'), tagged('a', 'team'), tagged('b'), tagged('a'));

      expect(userTags(gateway, 1)).toEqual([]);
    });

    test('leaves what a stranger put on it, though the key was put on another one', async () => {
      const gateway = createFakeGateway();
      const object = await walk(gateway, tagged('a'));
      const cost = { key: 'cost', value: 'theirs' };
      await gateway.write(
        { call: 'TagResource', input: { resourceArn: revisionArn('web', 1), tags: [cost] } },
        new AbortController().signal,
      );

      let { status } = object;
      for (const wish of [tagged('b', 'cost'), tagged('a')]) {
        ({ status } = (
          await settle({ kind: ecsTaskDefinition, object: { ...object, spec: wish, status }, gateway })
        ).object);
      }

      expect(status.revision).toBe('web:1');
      expect(userTags(gateway, 1)).toEqual([cost]);
    });

    test('leaves all tags with status lost, because nobody knows who put them', async () => {
      const gateway = createFakeGateway();
      await walk(gateway, tagged('a', 'team'), tagged('b'));

      await walk(gateway, tagged('a'));

      expect(userTags(gateway, 1)).toEqual([{ key: 'team', value: 'x' }]);
    });
  });

  test('tags that were announced with a registration are taken back though the spec has dropped them since', async () => {
    const gateway = createFakeGateway();
    const object = managed(ecsTaskDefinition, spec('a', { tags: [{ key: 'team', value: 'x' }] }));
    const { plan, status } = await lookOnce({ kind: ecsTaskDefinition, object, gateway });
    if (plan === 'not-owned' || plan.verdict !== 'change') throw new Error('nothing to register');
    for (const step of plan.steps) await ecsTaskDefinition.apply(step, gateway, new AbortController().signal);

    await bring(spec('a'), gateway, { status: { ...status, ...plan.intents } });

    expect(gateway.writes.slice(1)).toEqual([
      { call: 'UntagResource', input: { resourceArn: revisionArn('web', 1), tagKeys: ['team'] } },
    ]);
  });

  test('a hash of another version registers nothing, because content decides', async () => {
    const old = [...OURS, { key: TAG_KEYS.content, value: 'v0-0123' }];
    const gateway = createFakeGateway({ taskDefinitions: [revision(1, 'a', old)] });

    const settled = await bring(spec('a'), gateway);

    expect(gateway.writes).toEqual([]);
    expect(settled.object.status.revision).toBe('web:1');
  });
});

describe('announced registrations', () => {
  const registering = { hash: contentHash(content('a')), at: new Date(0).toISOString() };

  function plan(now: number, hash = registering.hash) {
    const object = managed(ecsTaskDefinition, spec('a'), { status: { registering: { ...registering, hash } } });
    return lookOnce({ kind: ecsTaskDefinition, object, gateway: createFakeGateway(), now });
  }

  test('are persisted before the write', async () => {
    const { plan: first } = await lookOnce({
      kind: ecsTaskDefinition,
      object: managed(ecsTaskDefinition, spec('a')),
      gateway: createFakeGateway(),
      now: 0,
    });

    expect(first).toMatchObject({
      intents: { registering },
      stamp: { intent: 'registering', call: 'RegisterTaskDefinition' },
    });
  });

  test('are looked for during a minute, because lists lag and answers get lost', async () => {
    expect((await plan(59_999)).plan).toMatchObject({ verdict: 'wait', reason: 'Registering' });
  });

  test('are looked for no longer where the clock has been set back', async () => {
    expect((await plan(-59_999)).plan).toMatchObject({ verdict: 'wait' });
    expect((await plan(-60_000)).plan).toMatchObject({ verdict: 'change' });
  });

  test('are made once more after that', async () => {
    expect((await plan(60_000)).plan).toMatchObject({
      steps: [{ call: 'RegisterTaskDefinition' }],
      intents: { registering: { at: new Date(60_000).toISOString() } },
    });
  });

  test('make one revision although lists lag by half a minute and the process dies in between', async () => {
    let now = 0;
    const ecs = createFakeGateway({ now: () => now });
    const lagging: FakeGateway = {
      ...ecs,
      listRevisions: async (family, status, signal) => {
        const arns = await ecs.listRevisions(family, status, signal);
        return arns.filter(
          (arn) => now - (ecs.taskDefinitions.get(arn)?.definition.registeredAt?.getTime() ?? 0) > 30_000,
        );
      },
    };
    const pass = (ms: number) => {
      now += ms;
      return Promise.resolve();
    };
    const first = await bring(spec('a'), lagging, { pass, looks: 3 });

    const settled = await settle({
      kind: ecsTaskDefinition,
      object: first.object,
      gateway: lagging,
      pass,
      now,
      looks: 40,
    });

    expect(settled.last).toEqual({ verdict: 'in-sync' });
    expect(ecs.taskDefinitions.size).toBe(1);
  });

  test('of other content do not count', async () => {
    expect((await plan(1, 'v1-other')).plan).toMatchObject({ verdict: 'change' });
  });

  test('stay announced while they are looked for, and are forgotten once they are seen', async () => {
    expect((await plan(1)).status).toMatchObject({ registering });

    const gateway = createFakeGateway({ taskDefinitions: [revision(1, 'a', registered('a'))] });
    const settled = await bring(spec('a'), gateway, { status: { registering } });

    expect(settled.object.status).not.toHaveProperty('registering');
    expect(gateway.writes).toEqual([]);
  });
});

describe('reads', () => {
  test('a settled object costs one list and one description', async () => {
    const gateway = createFakeGateway();
    let { object } = await bring(spec('a'), gateway);
    for (const image of ['b', 'c', 'd']) {
      ({ object } = await settle({ kind: ecsTaskDefinition, object: { ...object, spec: spec(image) }, gateway }));
    }
    const before = gateway.reads.length;

    await lookOnce({ kind: ecsTaskDefinition, object, gateway });

    expect(gateway.reads.slice(before)).toEqual([
      'listRevisions web ACTIVE',
      `describeTaskDefinition ${revisionArn('web', 4)}`,
    ]);
  });

  test('a change costs as much before the registration, because status knows what the others hold', async () => {
    const gateway = createFakeGateway();
    let { object } = await bring(spec('a'), gateway);
    ({ object } = await settle({ kind: ecsTaskDefinition, object: { ...object, spec: spec('b') }, gateway }));
    const before = gateway.reads.length;

    await lookOnce({ kind: ecsTaskDefinition, object: { ...object, spec: spec('c') }, gateway });

    expect(gateway.reads.slice(before)).toHaveLength(2);
  });

  test('a family of somebody else is not looked into', async () => {
    const taskDefinitions = [1, 2, 3, 4, 5, 6, 7].map((number) => revision(number, 'a', THEIRS));
    const gateway = createFakeGateway({ taskDefinitions });

    const settled = await bring(spec('a'), gateway);

    expect(settled.last).toBe('not-owned');
    expect(gateway.reads).toHaveLength(2);
  });
});

function observing(image: string) {
  return managed(ecsTaskDefinition, spec(image, { managementPolicy: 'Observe' }));
}

describe('ownership', () => {
  test('goes by the newest revision', async () => {
    const gateway = createFakeGateway({
      taskDefinitions: [revision(1, 'a', registered('a')), revision(2, 'a', THEIRS)],
    });

    expect((await bring(spec('a'), gateway)).last).toBe('not-owned');
    expect(gateway.writes).toEqual([]);
  });

  test('a family of nobody is left alone unless it is to be adopted', async () => {
    const gateway = createFakeGateway({ taskDefinitions: [revision(1, 'a')] });

    expect((await bring(spec('a'), gateway)).last).toBe('not-owned');
  });

  test('adopting equal content only tags it, as adopted', async () => {
    const gateway = createFakeGateway({ taskDefinitions: [revision(1, 'a')] });

    const settled = await bring(spec('a', { adoptionPolicy: 'Adopt' }), gateway);

    expect(gateway.writes).toEqual([
      {
        call: 'TagResource',
        input: {
          resourceArn: revisionArn('web', 1),
          tags: [...OURS, { key: TAG_KEYS.content, value: adoptedTag(contentHash(content('a'))) }],
        },
      },
    ]);
    expect(settled.object.status.revisions).toMatchObject([{ revision: 1, adopted: true }]);
  });

  test('adoption finds content among the newest five, and marks the newest as well', async () => {
    const gateway = createFakeGateway({ taskDefinitions: [revision(1, 'a'), revision(2, 'b'), revision(3, 'c')] });

    const settled = await bring(spec('a', { adoptionPolicy: 'Adopt' }), gateway);
    const restarted = await bring(spec('a', { adoptionPolicy: 'Adopt' }), gateway);

    expect(calls(gateway)).toEqual(['TagResource', 'TagResource']);
    expect(settled.object.status.revision).toBe('web:1');
    expect(restarted.object.status.revision).toBe('web:1');
    expect(gateway.taskDefinitions.get(revisionArn('web', 3))?.tags).toEqual(OURS);
    expect(gateway.taskDefinitions.get(revisionArn('web', 2))?.tags).toEqual([]);
  });

  test('adoption takes the revision that a service runs, because anything else would roll it', async () => {
    const gateway = createFakeGateway({
      taskDefinitions: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => revision(number, number % 7 === 1 ? 'a' : 'b')),
    });

    const settled = await bring(spec('a', { adoptionPolicy: 'Adopt' }), gateway, { referrers: [service(1)] });

    expect(settled.object.status.revision).toBe('web:1');
    expect(calls(gateway)).not.toContain('RegisterTaskDefinition');
  });

  describe('while no service has told which revision it runs', () => {
    const object = managed(ecsTaskDefinition, spec('a', { adoptionPolicy: 'Adopt' }));
    const bornAt = Date.parse(object.metadata.creationTimestamp);

    async function planAt(now: number, revisions: DescribedTaskDefinition[], referrers: Referent[] = []) {
      const gateway = createFakeGateway({ taskDefinitions: revisions });
      return (await lookOnce({ kind: ecsTaskDefinition, object, gateway, referrers, now })).plan;
    }

    test.for([
      {
        name: 'waits',
        because: 'one may be about to',
        ageMs: 9_999,
        revisions: [revision(1, 'a'), revision(2, 'a')],
        verdict: 'wait',
      },
      {
        name: 'waits',
        because: 'an older one may be equal',
        ageMs: 0,
        revisions: [revision(1, 'a'), revision(2, 'b')],
        verdict: 'wait',
      },
      {
        name: 'goes on',
        because: 'there may be none',
        ageMs: 10_000,
        revisions: [revision(1, 'a'), revision(2, 'a')],
        verdict: 'change',
      },
      { name: 'goes on', because: 'there is one revision', ageMs: 0, revisions: [revision(1, 'a')], verdict: 'change' },
      {
        name: 'goes on',
        because: 'one has told',
        ageMs: 0,
        revisions: [revision(1, 'a'), revision(2, 'a')],
        referrers: [service(1)],
        verdict: 'change',
      },
      {
        name: 'rests',
        because: 'the family is ours',
        ageMs: 0,
        revisions: [revision(1, 'b', registered('b')), revision(2, 'a', registered('a'))],
        verdict: 'in-sync',
      },
    ])('adoption $name, because $because', async ({ ageMs, revisions, referrers, verdict }) => {
      const plan = await planAt(bornAt + ageMs, revisions, referrers);

      expect(plan).toMatchObject({ verdict, ...(verdict === 'wait' && { reason: 'ChoosingRevision' }) });
    });
  });

  test('adoption of other content registers a revision and touches no other', async () => {
    const gateway = createFakeGateway({ taskDefinitions: [revision(1, 'a'), revision(2, 'b')] });

    await bring(spec('c', { adoptionPolicy: 'Adopt' }), gateway);

    expect(calls(gateway)).toEqual(['RegisterTaskDefinition']);
  });

  test('Observe compares the newest revision, whosever it is, without our tags', async () => {
    const gateway = createFakeGateway({ taskDefinitions: [revision(1, 'b'), revision(2, 'a')] });

    const same = await lookOnce({ kind: ecsTaskDefinition, object: observing('a'), gateway });
    const other = await lookOnce({ kind: ecsTaskDefinition, object: observing('b'), gateway });

    expect(same.plan).toEqual({ verdict: 'in-sync' });
    expect(other.plan).toMatchObject({ because: [{ path: 'containerDefinitions[web].image' }] });
  });
});

test('Observe remembers no tags, because it never put any', async () => {
  const gateway = createFakeGateway({ taskDefinitions: [revision(1, 'a', [{ key: 'team', value: 'x' }])] });
  const object = managed(ecsTaskDefinition, spec('a', { managementPolicy: 'Observe' }), {
    status: { lastApplied: { tagKeys: ['team'] } },
  });

  const { plan, status } = await lookOnce({ kind: ecsTaskDefinition, object, gateway });

  expect(plan).toEqual({ verdict: 'in-sync' });
  expect(status).not.toHaveProperty('lastApplied');
});

test('a time under Observe, whatever is wished meanwhile, leaves the family as it was and ours', async () => {
  const gateway = createFakeGateway();
  const { object } = await bring(spec('a', { tags: [{ key: 'team', value: 'x' }] }), gateway);
  const before = structuredClone([...gateway.taskDefinitions]);

  const watched = await settle({
    kind: ecsTaskDefinition,
    object: { ...object, spec: spec('b', { managementPolicy: 'Observe', revisionHistoryLimit: 0 }) },
    gateway,
    now: 2 * HOUR_MS,
  });
  const back = await bring(spec('a', { tags: [{ key: 'team', value: 'x' }] }), gateway, {
    status: watched.object.status,
  });

  expect(watched.last).toMatchObject({ because: [{ path: 'containerDefinitions[web].image' }] });
  expect([...gateway.taskDefinitions]).toEqual(before);
  expect(back.object.status).toEqual(object.status);
});

describe('an answer that nobody knows', () => {
  test('does not register for ever, because revisions never change', async () => {
    const strange = revision(1, 'a', registered('a'), { cpu: '1', memory: '2' });
    const gateway = createFakeGateway({ taskDefinitions: [strange] });
    const object = managed(ecsTaskDefinition, spec('a'));

    const settled = await settle({ kind: ecsTaskDefinition, object, gateway });

    expect(settled.last).toEqual({ verdict: 'in-sync' });
    expect(gateway.writes).toEqual([]);
  });

  test('is told, with the fields', () => {
    const goal = {
      want: 'present' as const,
      desired: ecsTaskDefinition.desire(managed(ecsTaskDefinition, spec('a')), {
        refs: {},
        referrers: [],
        heeded: [],
        defaultTags: [],
        now: 0,
      }),
    };
    const arn = revisionArn('web', 1);
    const { definition, tags } = revision(1, 'a', registered('a'), { cpu: '1' });
    const observed = {
      exists: true as const,
      owner: goal.desired.owner,
      state: {
        active: [arn],
        revisions: [
          {
            arn,
            revision: 1,
            owner: goal.desired.owner,
            origin: 'registered' as const,
            contentTag: contentHash(content('a')),
            definition,
            tags,
          },
        ],
        inactive: [],
        waiting: [],
      },
    };

    const { notices } = ecsTaskDefinition.report(managed(ecsTaskDefinition, spec('a')), goal, observed, 0);

    expect(notices).toMatchObject([{ reason: 'UnfamiliarAnswer', message: expect.stringContaining('cpu') }]);
  });
});

describe('history', () => {
  test('is tidied up in a plan of its own, because that may fail without harm and tags may not', async () => {
    const gateway = createFakeGateway({
      taskDefinitions: [revision(1, 'x', registered('x')), revision(2, 'a', registered('a'))],
    });
    const wish = spec('a', { revisionHistoryLimit: 0, tags: [{ key: 'team', value: 'b' }] });

    const { plans } = await bring(wish, gateway, { now: 2 * HOUR_MS });

    const told = plans.map((plan) =>
      plan.verdict === 'change' ? [plan.isUpkeep, ...plan.steps.map(({ call }) => call)] : [],
    );
    expect(told).toEqual([[false, 'TagResource'], [true, 'DeregisterTaskDefinition'], []]);
  });

  const images = ['a', 'b', 'c', 'd', 'e'];

  async function grown(members: Partial<EcsTaskDefinitionSpec>) {
    const gateway = createFakeGateway();
    let { object } = await bring(spec('a', members), gateway);
    for (const image of images.slice(1)) {
      ({ object } = await settle({
        kind: ecsTaskDefinition,
        object: { ...object, spec: spec(image, members) },
        gateway,
      }));
    }
    return { gateway, object };
  }

  test('keeps as many as it says beside the current one, and deregisters older ones after an hour', async () => {
    const { gateway, object } = await grown({ revisionHistoryLimit: 2 });
    expect(activeRevisions(gateway)).toEqual([1, 2, 3, 4, 5]);

    const settled = await settle({ kind: ecsTaskDefinition, object, gateway, now: HOUR_MS + 1 });

    expect(activeRevisions(gateway)).toEqual([3, 4, 5]);
    expect(settled.object.status.revisions?.map((one) => one.revision)).toEqual([5, 4, 3]);
    expect(calls(gateway)).not.toContain('DeleteTaskDefinitions');
  });

  test('finds them with status lost as well', async () => {
    const { gateway } = await grown({ revisionHistoryLimit: 2 });

    await bring(spec('e', { revisionHistoryLimit: 2 }), gateway, { now: HOUR_MS + 1 });

    expect(activeRevisions(gateway)).toEqual([3, 4, 5]);
  });

  test('leaves what a service runs or may roll back to', async () => {
    const { gateway, object } = await grown({ revisionHistoryLimit: 0 });

    await settle({ kind: ecsTaskDefinition, object, gateway, now: HOUR_MS + 1, referrers: [service(2, 4)] });

    expect(activeRevisions(gateway)).toEqual([2, 4, 5]);
  });

  describe('of services that do not refer to the object', () => {
    const other = revisionArn('other', 1);

    test.for<{ name: string; heeded: Referent; kept: number[] }>([
      { name: 'what one runs', heeded: serviceThat({ taskDefinition: revisionArn('web', 2) }), kept: [2, 5] },
      {
        name: 'what one may roll back to, its reference having moved on',
        heeded: serviceThat({
          taskDefinition: other,
          deployments: [{ taskDefinition: other }, { taskDefinition: revisionArn('web', 2) }],
        }),
        kept: [2, 5],
      },
      {
        name: 'what one names by ARN',
        heeded: serviceThat({ taskDefinition: other }, { taskDefinition: revisionArn('web', 3) }),
        kept: [3, 5],
      },
      {
        name: 'what one names by family and revision',
        heeded: serviceThat({ taskDefinition: other }, { taskDefinition: 'web:3' }),
        kept: [3, 5],
      },
      {
        name: 'nothing where they are of another family, though its name begins alike',
        heeded: serviceThat({ taskDefinition: revisionArn('web-2', 3) }, { taskDefinition: 'web-2:3' }),
        kept: [5],
      },
      {
        name: 'all while one is on its way, because it may go back to what shows nowhere',
        heeded: serviceThat({ taskDefinition: revisionArn('web', 5), rolloutState: 'IN_PROGRESS' }),
        kept: [1, 2, 3, 4, 5],
      },
      {
        name: 'no more once that has arrived',
        heeded: serviceThat({ taskDefinition: revisionArn('web', 5), rolloutState: 'COMPLETED' }),
        kept: [5],
      },
      {
        name: 'all while one that names the family has not told what it runs',
        heeded: serviceThat({}, { taskDefinition: 'web' }),
        kept: [1, 2, 3, 4, 5],
      },
      { name: 'nothing of one that has told nothing and names nothing', heeded: serviceThat({}), kept: [5] },
    ])('leaves $name', async ({ heeded, kept }) => {
      const { gateway, object } = await grown({ revisionHistoryLimit: 0 });

      await settle({ kind: ecsTaskDefinition, object, gateway, now: HOUR_MS + 1, heeded: [heeded] });

      expect(activeRevisions(gateway)).toEqual(kept);
    });

    test('only those that refer to it say which of two equal revisions is used, as only they would be rolled', async () => {
      const twins = [revision(1, 'a', registered('a')), revision(2, 'a', registered('a'))];
      const gateway = createFakeGateway({ taskDefinitions: twins });
      const byName = serviceThat({ taskDefinition: revisionArn('web', 2) }, { taskDefinition: 'web:2' });

      const settled = await bring(spec('a'), gateway, { now: 1, referrers: [service(1)], heeded: [byName] });

      expect(settled.object.status.revision).toBe('web:1');
    });
  });

  test('leaves all while a service that refers to it has not told what it runs', async () => {
    const { gateway, object } = await grown({ revisionHistoryLimit: 0 });

    await settle({ kind: ecsTaskDefinition, object, gateway, now: HOUR_MS + 1, referrers: [serviceThat({})] });

    expect(activeRevisions(gateway)).toHaveLength(5);
  });

  test('keeps ten unless said otherwise', async () => {
    const { gateway, object } = await grown({});

    await settle({ kind: ecsTaskDefinition, object, gateway, now: HOUR_MS + 1 });

    expect(activeRevisions(gateway)).toHaveLength(5);
  });

  test('never touches what was adopted', async () => {
    const adopted = [...OURS, { key: TAG_KEYS.content, value: adoptedTag('v1-x') }];
    const gateway = createFakeGateway({
      taskDefinitions: [revision(1, 'x', adopted), revision(2, 'a', registered('a'))],
    });

    await bring(spec('a', { revisionHistoryLimit: 0 }), gateway, { now: HOUR_MS + 1 });

    expect(activeRevisions(gateway)).toEqual([1, 2]);
  });

  test('goes on with a revision that lost its content tag, though the first attempt to put it back fails', async () => {
    const gateway = createFakeGateway({ taskDefinitions: [revision(1, 'a', OURS)] });
    const known = { revisions: [{ arn: revisionArn('web', 1), revision: 1 }] };
    const object = managed(ecsTaskDefinition, spec('a'), { status: known });

    const { status } = await lookOnce({ kind: ecsTaskDefinition, object, gateway });
    const settled = await bring(spec('a'), gateway, { status });

    expect(settled.object.status.revisions).toMatchObject([{ contentHash: contentHash(content('a')) }]);
    expect(settled.object.status.revisions?.[0]).not.toHaveProperty('adopted');
  });

  test('never touches what nobody or somebody else tagged', async () => {
    const gateway = createFakeGateway({
      taskDefinitions: [revision(1, 'x'), revision(2, 'y', THEIRS), revision(3, 'a', registered('a'))],
    });

    await bring(spec('a', { revisionHistoryLimit: 0 }), gateway, { now: HOUR_MS + 1 });

    expect(gateway.writes).toEqual([]);
  });

  describe('where a sweep remembers tags that a stranger has taken off since', () => {
    const revisions = [1, 2, 3].map((number) => ({ arn: revisionArn('web', number), revision: number }));

    test('deregisters only what is still ours', async () => {
      const ecs = createFakeGateway({ taskDefinitions: takenOver('ACTIVE') });
      const wish = spec('a', { revisionHistoryLimit: 0 });

      await bring(wish, remembering(ecs, 1, registered('x')), { now: HOUR_MS + 1, status: { revisions } });

      expect(activeRevisions(ecs)).toEqual([1, 3]);
    });

    test('deletes only what is still ours', async () => {
      const ecs = createFakeGateway({ taskDefinitions: takenOver('INACTIVE') });
      const wish = spec('a', { revisionCleanup: 'Delete' });

      await bring(wish, remembering(ecs, 1, registered('x')), { now: HOUR_MS + 1, status: { revisions } });

      expect(ecs.writes).toEqual([
        { call: 'DeleteTaskDefinitions', input: { taskDefinitions: [revisionArn('web', 2)] } },
      ]);
    });

    test('leaves it as well when the object is deleted', async () => {
      const ecs = createFakeGateway({ taskDefinitions: takenOver('ACTIVE') });

      await bring(spec('a'), remembering(ecs, 1, registered('x')), { isDeleting: true, status: { revisions } });

      expect(activeRevisions(ecs)).toEqual([1]);
    });
  });

  test('deletes as well where that is wished', async () => {
    const { gateway, object } = await grown({ revisionHistoryLimit: 2, revisionCleanup: 'Delete' });

    await settle({ kind: ecsTaskDefinition, object, gateway, now: HOUR_MS + 1 });

    expect(gateway.writes.at(-1)).toEqual({
      call: 'DeleteTaskDefinitions',
      input: { taskDefinitions: [revisionArn('web', 2), revisionArn('web', 1)] },
    });
  });

  describe('that is also to be deleted', () => {
    const wish = spec('a', { revisionCleanup: 'Delete' });

    test('is so to the last, also where there is more of it than goes at once', async () => {
      const old = Array.from({ length: 12 }, (_, index) =>
        revision(index + 1, `${index}`, registered(`${index}`), { status: 'INACTIVE' }),
      );
      const gateway = createFakeGateway({ taskDefinitions: [...old, revision(13, 'a', registered('a'))] });
      const revisions = [...gateway.taskDefinitions.keys()].map((arn, index) => ({ arn, revision: index + 1 }));

      const settled = await bring(wish, gateway, { now: HOUR_MS + 1, status: { revisions } });

      const statuses = [...gateway.taskDefinitions.values()].map(({ definition }) => definition.status);
      expect(statuses).toEqual([...old.map(() => 'DELETE_IN_PROGRESS'), 'ACTIVE']);
      expect(settled.object.status.revisions?.map((one) => one.revision)).toEqual([13]);
    });

    test('is not forgotten while no list shows it, because lists may lag', async () => {
      const ecs = createFakeGateway({
        taskDefinitions: [revision(1, 'x', registered('x'), { status: 'INACTIVE' }), revision(2, 'a', registered('a'))],
      });
      let lists = 0;
      const lagging: FakeGateway = {
        ...ecs,
        listRevisions: (family, status, signal) => {
          if (status === 'INACTIVE') lists += 1;
          return status === 'INACTIVE' && lists < 3 ? Promise.resolve([]) : ecs.listRevisions(family, status, signal);
        },
      };
      const revisions = [1, 2].map((number) => ({ arn: revisionArn('web', number), revision: number }));

      const first = await bring(wish, lagging, { now: HOUR_MS + 1, status: { revisions } });
      const second = await bring(wish, lagging, { now: 2 * HOUR_MS, status: first.object.status });
      await bring(wish, lagging, { now: 3 * HOUR_MS, status: second.object.status });

      expect(ecs.writes).toEqual([
        { call: 'DeleteTaskDefinitions', input: { taskDefinitions: [revisionArn('web', 1)] } },
      ]);
    });
  });

  describe('of two equal registrations', () => {
    const twins = [revision(1, 'a', registered('a')), revision(2, 'a', registered('a'))];

    test('keeps the one that a service runs, because the other would roll it', async () => {
      const gateway = createFakeGateway({ taskDefinitions: twins });

      const settled = await bring(spec('a'), gateway, { now: HOUR_MS + 1, referrers: [service(1)] });

      expect(settled.object.status.revision).toBe('web:1');
      expect(activeRevisions(gateway)).toEqual([1]);
    });

    test('keeps the one that was taken before, because services go by it', async () => {
      const gateway = createFakeGateway({ taskDefinitions: twins });

      const settled = await bring(spec('a'), gateway, { now: HOUR_MS + 1, status: { arn: revisionArn('web', 1) } });

      expect(settled.object.status.revision).toBe('web:1');
      expect(activeRevisions(gateway)).toEqual([1]);
    });
  });

  test('deregisters the second of two equal registrations, because one is a lost answer', async () => {
    const gateway = createFakeGateway({
      taskDefinitions: [revision(1, 'a', registered('a')), revision(2, 'a', registered('a'))],
    });

    const settled = await bring(spec('a'), gateway, { now: HOUR_MS + 1 });

    expect(settled.object.status.revision).toBe('web:2');
    expect(activeRevisions(gateway)).toEqual([2]);
  });
});

describe('deletion', () => {
  test('deregisters and deletes all that is ours, ten at a time', async () => {
    const taskDefinitions = Array.from({ length: 23 }, (_, index) =>
      revision(index + 1, `${index}`, registered(`${index}`)),
    );
    const gateway = createFakeGateway({ taskDefinitions });

    const settled = await bring(spec('a'), gateway, { isDeleting: true });

    expect(settled.last).toEqual({ verdict: 'in-sync' });
    const statuses = [...gateway.taskDefinitions.values()].map(({ definition }) => definition.status);
    expect(new Set(statuses)).toEqual(new Set(['DELETE_IN_PROGRESS']));
    const deleted = gateway.writes.flatMap((write) =>
      write.call === 'DeleteTaskDefinitions' ? [write.input.taskDefinitions?.length] : [],
    );
    expect(Math.max(...deleted.map(Number))).toBeLessThanOrEqual(10);
  });

  describe('soon after a registration was announced', () => {
    const registering = { hash: contentHash(content('a')), at: new Date(0).toISOString() };

    function look(now: number, gateway = createFakeGateway()) {
      const object = managed(ecsTaskDefinition, spec('a'), { status: { registering } });
      return lookOnce({ kind: ecsTaskDefinition, object, gateway, isDeleting: true, now });
    }

    test('waits for it to show, because it would stay for ever', async () => {
      const { plan, status } = await look(59_999);

      expect(plan).toMatchObject({ verdict: 'wait', reason: 'Registering' });
      expect(status).toMatchObject({ registering });
    });

    test('waits no longer than it could take', async () => {
      expect((await look(60_000)).plan).toEqual({ verdict: 'in-sync' });
    });

    test('forgets the announcement once it has been seen, because nothing more is to come', async () => {
      const { plan, status } = await look(
        1,
        createFakeGateway({ taskDefinitions: [revision(1, 'a', registered('a'))] }),
      );

      expect(plan).toMatchObject({ steps: [{ call: 'DeregisterTaskDefinition' }] });
      expect(status).not.toHaveProperty('registering');
    });

    test('waits for it though an older one of the same content is INACTIVE', async () => {
      const before = revision(1, 'a', registered('a'), { status: 'INACTIVE' });
      const { status } = await look(1, createFakeGateway({ taskDefinitions: [before] }));

      expect(status).toMatchObject({ registering });
    });
  });

  test('only takes our tags off what was adopted', async () => {
    const adopted = [...OURS, { key: TAG_KEYS.content, value: adoptedTag('v1-x') }, { key: 'team', value: 'a' }];
    const gateway = createFakeGateway({ taskDefinitions: [revision(1, 'x', adopted), revision(2, 'y', OURS)] });

    await bring(spec('a'), gateway, { isDeleting: true });

    expect(calls(gateway)).toEqual(['UntagResource', 'UntagResource']);
    expect(gateway.taskDefinitions.get(revisionArn('web', 1))?.tags).toEqual([{ key: 'team', value: 'a' }]);
  });

  test('finds ours below revisions of strangers', async () => {
    const gateway = createFakeGateway({
      taskDefinitions: [revision(1, 'a', registered('a')), revision(2, 'a', THEIRS), revision(3, 'a')],
    });

    await bring(spec('a'), gateway, { isDeleting: true });

    expect(activeRevisions(gateway)).toEqual([2, 3]);
  });

  test('Retain takes our tags off and leaves every revision', async () => {
    const gateway = createFakeGateway({
      taskDefinitions: [revision(1, 'a', registered('a')), revision(2, 'b', registered('b'))],
    });

    const settled = await bring(spec('b', { deletionPolicy: 'Retain' }), gateway, { isDeleting: true });

    expect(settled.last).toEqual({ verdict: 'in-sync' });
    expect([...gateway.taskDefinitions.values()].map(({ definition, tags }) => [definition.status, tags])).toEqual([
      ['ACTIVE', []],
      ['ACTIVE', []],
    ]);
  });

  describe('with status lost, in families that take several looks,', () => {
    const numbers = Array.from({ length: 23 }, (_, index) => index + 1);

    test('Retain takes our tags off all of ours, because what lost them first is no stranger', async () => {
      const gateway = createFakeGateway({
        taskDefinitions: numbers.map((number) => revision(number, `${number}`, registered(`${number}`))),
      });

      const settled = await bring(spec('a', { deletionPolicy: 'Retain' }), gateway, { isDeleting: true });

      expect(settled.last).toEqual({ verdict: 'in-sync' });
      expect([...gateway.taskDefinitions.values()].flatMap(({ tags }) => tags)).toEqual([]);
      expect(activeRevisions(gateway)).toEqual(numbers);
    });

    test('what was adopted is released to the last, and what was made is deleted below it', async () => {
      const adopted = [...OURS, { key: TAG_KEYS.content, value: adoptedTag('v1-x') }];
      const gateway = createFakeGateway({
        taskDefinitions: numbers.map((number) =>
          revision(number, `${number}`, number < 4 ? registered(`${number}`) : adopted),
        ),
      });

      await bring(spec('a'), gateway, { isDeleting: true });

      expect([...gateway.taskDefinitions.values()].slice(3).flatMap(({ tags }) => tags)).toEqual([]);
      expect(activeRevisions(gateway)).toEqual(numbers.slice(3));
    });

    test('a list that still shows what is on its way out hides nothing of ours', async () => {
      const ecs = createFakeGateway({
        taskDefinitions: numbers.map((number) =>
          revision(number, `${number}`, registered(`${number}`), {
            status: number < 4 ? 'INACTIVE' : 'DELETE_IN_PROGRESS',
          }),
        ),
      });
      const lagging: FakeGateway = {
        ...ecs,
        listRevisions: (_family, status) =>
          Promise.resolve(status === 'ACTIVE' ? [] : numbers.toReversed().map((number) => revisionArn('web', number))),
      };

      await bring(spec('a'), lagging, { isDeleting: true });

      expect(ecs.writes).toEqual([
        { call: 'DeleteTaskDefinitions', input: { taskDefinitions: [3, 2, 1].map((one) => revisionArn('web', one)) } },
      ]);
    });
  });

  test.for<[string, DescribedTaskDefinition[]]>([
    ['there is no family', []],
    ["the family is somebody else's", [revision(1, 'a', THEIRS)]],
    ["the family is nobody's", [revision(1, 'a')]],
    ['all is being deleted already', [revision(1, 'a', registered('a'), { status: 'DELETE_IN_PROGRESS' })]],
  ])('has nothing to do where %s', async ([, taskDefinitions]) => {
    const gateway = createFakeGateway({ taskDefinitions });

    const settled = await bring(spec('a'), gateway, { isDeleting: true });

    expect(settled.last).toEqual({ verdict: 'in-sync' });
    expect(gateway.writes).toEqual([]);
  });
});

test('the kind waits for services that refer to it, and says which steps destroy', () => {
  expect(ecsTaskDefinition.keptAliveBy).toEqual(['EcsService']);
  expect(ecsTaskDefinition.isDestructive({ call: 'DeregisterTaskDefinition', input: { taskDefinition: 'a' } })).toBe(
    true,
  );
  expect(ecsTaskDefinition.isDestructive({ call: 'TagResource', input: { resourceArn: 'a', tags: [] } })).toBe(false);
});
