import { describe, expect, test } from 'vitest';
import { ALL_DEFINITIONS } from '../src/kinds/index.ts';
import { customResourceDefinition, generateCrds, type Structural, structural } from './generate-crds.ts';

/** Client-side apply keeps the whole object in an annotation, which the API server bounds by 262,144 bytes. */
const MAX_BYTES = 250_000;

const KINDS = ALL_DEFINITIONS.map((definition) => ({
  kind: definition.kind,
  definition,
  crd: customResourceDefinition(definition),
  spec: nodesOf(structural(definition.spec)),
}));

describe.each(KINDS)('the CRD of $kind', ({ definition, crd, spec }) => {
  test('is small enough, because client-side apply must work', () => {
    expect(Buffer.byteLength(JSON.stringify(crd))).toBeLessThan(MAX_BYTES);
  });

  test('has a type for every field and nothing free, because what is not typed is neither checked nor merged', () => {
    const free = spec.filter(({ node }) => node.type === undefined || isEmptyObject(node));
    const forbidden = spec.filter(({ node }) =>
      ['nullable', 'default', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-int-or-string'].some(
        (keyword) => keyword in node,
      ),
    );

    expect(pathsOf(free)).toEqual([]);
    expect(pathsOf(forbidden)).toEqual([]);
  });

  test('says of every list how it is merged, because server-side apply takes atomic otherwise', () => {
    const lists = spec.filter(({ node }) => node.type === 'array');

    expect(pathsOf(lists.filter(({ node }) => !('x-kubernetes-list-type' in node)))).toEqual([]);
    expect(pathsOf(lists.filter(({ node }) => !hasRequiredKeys(node)))).toEqual([]);
  });

  test('has each admission rule once and no other, because the registry is what tests and docs read', () => {
    const wanted = definition.rules.filter(({ level }) => level === 'admission').map(({ cel }) => cel);

    const found = JSON.stringify(crd).match(/"rule":/g) ?? [];

    expect(found).toHaveLength(wanted.length);
    for (const cel of wanted) expect(JSON.stringify(crd)).toContain(JSON.stringify(cel));
  });

  test('begins with a status that no generation has, because kstatus would call an untouched object current', () => {
    expect(crd).toMatchObject({
      spec: {
        versions: [
          {
            schema: { openAPIV3Schema: { properties: { status: { default: { observedGeneration: -1 } } } } },
            subresources: { status: {} },
          },
        ],
      },
    });
  });

  test('shows Ready first and Age last, because that is where people look', () => {
    const names = definition.printerColumns.map(({ name }) => name);

    expect(names[0]).toBe('Ready');
    expect(names.at(-1)).toBe('Age');
  });
});

test('lists by name are those that ECS keys by name, because changing one later breaks who owns what', () => {
  const keyed = KINDS.flatMap(({ kind, spec }) =>
    spec
      .filter(({ node }) => node['x-kubernetes-list-type'] === 'map')
      .map(({ path, node }) => `${kind}: ${path} by ${String(node['x-kubernetes-list-map-keys'])}`),
  );

  expect(keyed.toSorted()).toEqual([
    'EcsAccount: defaultTags by key',
    'EcsCluster: settings by name',
    'EcsCluster: tags by key',
    'EcsService: scaling.policies by name',
    'EcsService: scaling.scheduledActions by name',
    'EcsService: tags by key',
    'EcsTaskDefinition: containerDefinitions by name',
    'EcsTaskDefinition: containerDefinitions[].environment by name',
    'EcsTaskDefinition: containerDefinitions[].secrets by name',
    'EcsTaskDefinition: tags by key',
    'EcsTaskDefinition: volumes by name',
  ]);
});

test('the files are one for each kind, because a person applies the folder', () => {
  expect([...generateCrds().keys()]).toEqual([
    'crds/ecs-operator.dev_ecsclusters.yaml',
    'crds/ecs-operator.dev_ecstaskdefinitions.yaml',
    'crds/ecs-operator.dev_ecsservices.yaml',
    'crds/ecs-operator.dev_ecsaccounts.yaml',
  ]);
});

interface PlacedNode {
  readonly path: string;
  readonly node: Structural;
}

function nodesOf(node: Structural, path = ''): readonly PlacedNode[] {
  const members = Object.entries(node.properties ?? {}).flatMap(([name, member]) =>
    nodesOf(member, path === '' ? name : `${path}.${name}`),
  );
  const items = node.items ? nodesOf(node.items, `${path}[]`) : [];
  const values = node.additionalProperties ? nodesOf(node.additionalProperties, `${path}{}`) : [];
  return [{ path, node }, ...members, ...items, ...values];
}

function isEmptyObject(node: Structural): boolean {
  return node.type === 'object' && node.properties === undefined && node.additionalProperties === undefined;
}

/** The key of a keyed list must be required, as no default may stand in for it. */
function hasRequiredKeys(node: Structural): boolean {
  const [keys, required] = [node['x-kubernetes-list-map-keys'], node.items?.['required']];
  return !Array.isArray(keys) || (Array.isArray(required) && keys.every((key) => required.includes(key)));
}

function pathsOf(nodes: readonly PlacedNode[]): readonly string[] {
  return nodes.map(({ path }) => path);
}
