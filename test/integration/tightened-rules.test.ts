import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ALL_DEFINITIONS } from '../../src/kinds/index.ts';
import { collectionPath, objectPath, openJudge, parseVerdict } from '../support/api-verdict.ts';
import { type RulePlace, type Variant, variantOf, withImpossibleRule } from '../support/crd-variants.ts';
import { readAccountExamples, readGuides, readKindExamples } from '../support/examples.ts';
import { type KubeHttp, openKubeHttp } from '../support/kube-http.ts';
import { connectCluster } from '../support/kubectl.ts';
import type { ExampleObject } from '../support/rule-examples.ts';
import { waitFor } from '../support/wait-for.ts';

/** Objects live for years and rules get stricter: what was stored before must go on being looked after. */
const GROUP = 'tightened.ecs-operator.dev';
const FINALIZER = `${GROUP}/finalizer`;

/** Asks `spec` and what is below it as strictly as can be, and new objects as well. */
const EVERYWHERE: readonly RulePlace[] = ['root', 'spec', 'below'];

const KINDS = ALL_DEFINITIONS.map((definition) => ({ kind: definition.kind, variant: variantOf(definition, GROUP) }));
/** The smallest account has the name of one of the others. */
const ACCOUNTS = readAccountExamples().filter(({ path }) => !path.endsWith('minimal.yaml'));
const EXAMPLES = [...readKindExamples('full'), ...readGuides(), ...ACCOUNTS].flatMap(({ objects }) => objects);

/** Another than any that is stored, where some rule is asked of it: of accounts none is at `spec` itself. */
function anotherSpec(kind: string): object {
  return kind === 'EcsAccount' ? { defaultTags: [{ key: 'team', value: 'another' }] } : { suspend: true };
}

const access = inject('cluster');
const cluster = connectCluster(access);
let http: KubeHttp;
let namespace: Awaited<ReturnType<typeof cluster.createNamespace>>;

beforeAll(async () => {
  http = await openKubeHttp(access);
  namespace = await cluster.createNamespace('tightened');
  for (const { variant } of KINDS) await install(variant.crd);
});

afterAll(async () => {
  for (const { variant } of KINDS) {
    await install(variant.crd);
    await cluster.kubectl(['delete', 'crd', `${variant.definition.plural}.${GROUP}`, '--timeout=30s']);
  }
  await namespace[Symbol.asyncDispose]();
  await http[Symbol.asyncDispose]();
});

async function install(crd: object): Promise<void> {
  await cluster.apply(crd, '--server-side', '--force-conflicts');
  const input = JSON.stringify(crd);
  const { code, stderr } = await cluster.kubectl(['wait', '--for=condition=Established', '-f', '-'], { input });
  if (code !== 0) throw new Error(stderr);
}

function examplesOf(kind: string): readonly ExampleObject[] {
  const variant = KINDS.find((known) => known.kind === kind)?.variant;
  return EXAMPLES.filter((example) => example.kind === kind).flatMap((example) => variant?.adopt(example) ?? []);
}

/** Stores the objects, with our finalizer on them, under the rules as they are today. */
async function store(objects: readonly ExampleObject[]): Promise<void> {
  for (const object of objects) {
    const { metadata } = object;
    const body = { ...object, metadata: { ...metadata, finalizers: [FINALIZER] } };
    const answer = await http.send({ method: 'POST', path: collectionPath(object, namespace.name), body });
    if (answer.code !== 201) throw new Error(JSON.stringify(answer.body));
  }
}

/** Puts other rules in force. */
async function tighten(crd: object, probe: ExampleObject): Promise<void> {
  await install(crd);
  await waitForVerdict('refused', probe);
}

/** Back to the rules as they are. */
async function relax({ crd }: Variant, probe: ExampleObject): Promise<void> {
  await install(crd);
  await waitForVerdict('accepted', probe);
}

/** An API server takes a moment to ask by a new schema. */
async function waitForVerdict(wanted: 'accepted' | 'refused', probe: ExampleObject): Promise<void> {
  const judge = openJudge(http, namespace.name);
  await waitFor(
    `new objects to be ${wanted}`,
    () => judge.create({ ...probe, metadata: { name: 'probe' } }),
    ({ isAccepted }) => isAccepted === (wanted === 'accepted'),
  );
}

async function patch(object: ExampleObject, body: object, subresource = ''): Promise<number> {
  const path = `${objectPath(object, namespace.name)}${subresource}`;
  return (await http.send({ method: 'PATCH', path, body })).code;
}

async function change(object: ExampleObject, spec: object) {
  const path = objectPath(object, namespace.name);
  return parseVerdict(await http.send({ method: 'PATCH', path, query: { dryRun: 'All' }, body: { spec } }));
}

/** Deletes as people do, and lets go as the operator does. The code of reading it afterwards. */
async function remove(object: ExampleObject): Promise<number> {
  const path = objectPath(object, namespace.name);
  await http.send({ method: 'DELETE', path });
  await patch(object, { metadata: { finalizers: null } });
  return (await http.send({ method: 'GET', path })).code;
}

describe.each(KINDS)('when every rule of $kind is tightened', ({ kind, variant }) => {
  const objects = examplesOf(kind);
  const [probe] = objects;
  if (probe === undefined) throw new Error(`no example of ${kind}`);

  beforeAll(async () => {
    await store(objects);
    await tighten(
      variant.tightened((place) => EVERYWHERE.includes(place)),
      probe,
    );
  });

  afterAll(async () => {
    await relax(variant, probe);
    for (const object of objects) await remove(object);
  });

  test('stored objects are still looked after, because their spec is as it was', async () => {
    const codes = [];
    for (const object of objects) {
      codes.push(await patch(object, { metadata: { annotations: { seen: 'yes' } } }));
      codes.push(await patch(object, { metadata: { finalizers: [FINALIZER, `${FINALIZER}-2`] } }));
      codes.push(await patch(object, { status: { observedGeneration: 1 } }, '/status'));
    }

    expect(codes).toEqual(objects.flatMap(() => [200, 200, 200]));
  });

  test('stored objects take no other spec, because rules are about what is wished', async () => {
    const verdicts = [];
    for (const object of objects) verdicts.push(await change(object, anotherSpec(kind)));

    expect(verdicts.filter(({ isAccepted }) => isAccepted)).toEqual([]);
  });

  test('stored objects can go, because deletion ends', async () => {
    const codes = [];
    for (const object of objects) codes.push(await remove(object));

    expect(codes).toEqual(objects.map(() => 404));
  });
});

describe('when a rule is tightened below spec', () => {
  const TAGS = { tags: [{ key: 'team', value: 'shop' }] };
  const SUSPENDED = { suspend: true };

  test.for([
    { kind: 'EcsCluster', spec: TAGS, fine: SUSPENDED, offending: { tags: [{ key: 'team', value: 'other' }] } },
    {
      kind: 'EcsTaskDefinition',
      spec: { containerDefinitions: [{ name: 'app', image: 'example/app:1', memory: 128 }] },
      fine: SUSPENDED,
      offending: { containerDefinitions: [{ name: 'app', image: 'example/app:2', memory: 128 }] },
    },
    {
      kind: 'EcsService',
      spec: { taskDefinitionRef: { name: 'web' }, ...TAGS },
      fine: SUSPENDED,
      offending: { tags: [{ key: 'team', value: 'other' }] },
    },
    {
      kind: 'EcsAccount',
      spec: {
        roleArn: 'arn:aws:iam::123456789012:role/shop',
        namespaceSelector: {},
        defaultTags: [{ key: 'team', value: 'shop' }],
      },
      fine: { region: 'eu-west-1' },
      offending: { defaultTags: [{ key: 'team', value: 'other' }] },
    },
  ])('$kind can change elsewhere and not there, because only the offending part is old', async (one) => {
    const { kind, spec, fine, offending } = one;
    const variant = KINDS.find((known) => known.kind === kind)?.variant;
    if (variant === undefined) throw new Error(`no kind ${kind}`);
    const object = variant.adopt({ apiVersion: '', kind, metadata: { name: 'below' }, spec });
    await store([object]);
    await tighten(
      variant.tightened((place) => place === 'below'),
      object,
    );

    const elsewhere = await change(object, fine);
    const there = await change(object, offending);

    expect(elsewhere.message).toBe('');
    expect(there.isAccepted).toBe(false);
    expect(await remove(object)).toBe(404);
    await relax(variant, object);
  });
});

describe('a rule at the root', () => {
  const [{ kind, variant }] = KINDS as [(typeof KINDS)[number]];
  const object = variant.adopt({ apiVersion: '', kind, metadata: { name: 'rooted' }, spec: {} });

  test('blocks nothing stored where it is asked at creation only, which is why ours are', async () => {
    await store([object]);
    await tighten(
      variant.tightened((place) => place === 'root'),
      object,
    );

    const codes = [
      await patch(object, { metadata: { annotations: { seen: 'yes' } } }),
      await patch(object, { status: { observedGeneration: 1 } }, '/status'),
      await patch(object, { spec: { suspend: true } }),
    ];

    expect(codes).toEqual([200, 200, 200]);
    expect(await remove(object)).toBe(404);
    await relax(variant, object);
  });

  test('would block status and finalizers where it is asked always, which is why none of ours is', async () => {
    await store([object]);
    await tighten(withImpossibleRule(variant, 'root'), object);

    const codes = [
      await patch(object, { metadata: { annotations: { seen: 'yes' } } }),
      await patch(object, { metadata: { finalizers: [] } }),
      await patch(object, { status: { observedGeneration: 1 } }, '/status'),
    ];

    expect(codes).toEqual([422, 422, 422]);
    await relax(variant, object);
    expect(await remove(object)).toBe(404);
    const asked = ALL_DEFINITIONS.flatMap(({ rules }) =>
      rules.filter(({ at }) => at === 'root').map((rule) => rule.asked),
    );
    expect(new Set(asked)).toEqual(new Set(['at-creation']));
  });
});
