import { describe, expect, test } from 'vitest';
import { COMMON_SPEC } from '../../src/api/common-spec.ts';
import { DEFINITIONS } from '../../src/kinds/index.ts';
import { type Structural, structural } from '../../tools/generate-crds.ts';
import { membersOf, type SdkMember } from './sdk-members.ts';

const OPERATIONS = {
  EcsCluster: ['CreateCluster', 'UpdateCluster', 'PutClusterCapacityProviders'],
  EcsTaskDefinition: ['RegisterTaskDefinition'],
  EcsService: ['CreateService', 'UpdateService'],
} as const;

/** Those of Application Auto Scaling, each with where its members stand. There they are in PascalCase. */
const SCALING_OPERATIONS = {
  RegisterScalableTarget: 'scaling',
  PutScalingPolicy: 'scaling.policies[]',
  PutScheduledAction: 'scaling.scheduledActions[]',
} as const;

/** Members of theirs that no spec has, each with its reason. */
const SCALING_EXCLUSIONS: Readonly<Record<string, string>> = {
  ServiceNamespace: 'is always ecs',
  ResourceId: 'is the service itself',
  ScalableDimension: 'is always the desired count',
  Tags: 'say whose the target is: the operator puts them',
  RoleARN: 'is the service-linked role of ECS, whatever is stated',
  PolicyName: 'is ecs-operator.<name>: name is its rest',
  ScheduledActionName: 'is ecs-operator.<name>: name is its rest',
};

/** Values that are not for services of ECS. */
const VALUES_OF_OTHERS: Readonly<Record<string, RegExp>> = {
  'scaling.policies[].targetTrackingScalingPolicyConfiguration.predefinedMetricSpecification.predefinedMetricType':
    /^(?!ECSService|ALBRequestCountPerTarget)/,
};

/** Fields of ours inside the block, by which the lists have names; and the lists themselves. */
const SCALING_FIELDS = ['scaling', 'scaling.policies', 'scaling.scheduledActions'].flatMap((path) => [
  path,
  ...(path === 'scaling' ? [] : [`${path}[]`, `${path}[].name`]),
]);

type Kind = keyof typeof OPERATIONS;

/** Members of ECS that no spec has, each with its reason. At most 12. */
const EXCLUSIONS: Readonly<Record<string, string>> = {
  'UpdateCluster.cluster': 'names the cluster: clusterName does',
  'PutClusterCapacityProviders.cluster': 'names the cluster: clusterName does',
  'UpdateService.service': 'names the service: serviceName does',
  'CreateService.clientToken': 'makes a creation safe to repeat: the operator chooses it',
  'UpdateService.forceNewDeployment': 'is an act and no state: the annotation restart-at asks for it',
};

/** Members that a spec has in another form, each with its reason. */
const OTHER_FORM: Readonly<Record<string, string>> = {
  'deploymentConfiguration.lifecycleHooks[].hookDetails':
    'free JSON in AWS, text with JSON here: an untyped field could neither be checked nor merged',
};

/** Members that no AWS request has: what the operator needs to know. */
const OPERATOR_FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  EcsCluster: Object.keys(COMMON_SPEC),
  EcsTaskDefinition: [...Object.keys(COMMON_SPEC), 'revisionHistoryLimit', 'revisionCleanup'],
  EcsService: [...Object.keys(COMMON_SPEC), 'clusterRef', 'taskDefinitionRef', 'forceDelete', ...SCALING_FIELDS],
};

const KINDS = DEFINITIONS.map((definition) => ({
  kind: definition.kind as Kind,
  fields: fieldsOf(structural(definition.spec)),
  members: wantedMembers(definition.kind as Kind),
}));

describe.each(KINDS)('the schema of $kind', ({ kind, fields, members }) => {
  test('has every member of the ECS API, because what works with AWS must paste in', () => {
    const missing = [...members.keys()].filter((path) => !fields.has(path));

    expect(missing).toEqual([]);
  });

  test('has no member that ECS does not have, but the operator’s own, because a typing error would go unseen', () => {
    const own = new Set(OPERATOR_FIELDS[kind]);
    const invented = [...fields.keys()].filter(
      (path) => path !== '' && !members.has(path) && !own.has(topOf(path)) && !SCALING_FIELDS.includes(path),
    );

    expect(invented).toEqual([]);
  });

  test('gives every member the type that ECS has, because a wrong one is refused only by AWS', () => {
    const wrong = [...members]
      .filter(([path]) => !(path in OTHER_FORM))
      .filter(([path, member]) => shapeOf(fields.get(path)) !== member.shape)
      .map(([path, member]) => `${path}: ${member.shape}`);

    expect(wrong).toEqual([]);
  });

  test('lists the values that ECS lists, because users see them in kubectl explain', () => {
    const wrong = [...members]
      .map(([path, { values }]) => ({ path, wanted: values, found: fields.get(path)?.['enum'] }))
      .filter(({ wanted, found }) => !isSameSet(wanted ?? [], Array.isArray(found) ? found : []));

    expect(wrong).toEqual([]);
  });

  test('requires what ECS requires, because the answer is then the API server’s', () => {
    const lax = [...members]
      .filter(([path, { isRequired }]) => isRequired && !path.endsWith('[]') && !isDefaulted(path))
      .filter(([path]) => !requires(fields, path))
      .map(([path]) => path);

    expect(lax).toEqual([]);
  });

  test('says what each field is, in one line, because it is the reference', () => {
    const silent = [...fields]
      .filter(([path]) => !path.endsWith('[]'))
      .filter(([, { description }]) => typeof description !== 'string' || !/^[^\n]{4,200}$/.test(description))
      .map(([path]) => path);

    expect(silent).toEqual([]);
  });
});

test('the walk sees members, values and what is required, because one that sees nothing finds nothing missing', () => {
  const members = membersOf('RegisterTaskDefinition');

  expect(members.size).toBeGreaterThan(150);
  expect(members.get('containerDefinitions[].secrets[].name')).toEqual({ shape: 'string', isRequired: true });
  expect(members.get('containerDefinitions[].portMappings[].protocol')?.values).toEqual(['tcp', 'udp']);
  expect(
    membersOf('CreateService').get('serviceConnectConfiguration.containerConfigurations[].logLevel')?.values,
  ).toEqual(['debug', 'info']);
});

test('few members are left out and each is still there, because the list must not rot', () => {
  const all = new Set(
    Object.values(OPERATIONS)
      .flat()
      .flatMap((name) => [...membersOf(name).keys()].map((path) => `${name}.${path}`)),
  );

  expect(Object.keys(EXCLUSIONS).length).toBeLessThanOrEqual(12);
  expect(Object.keys(EXCLUSIONS).filter((member) => !all.has(member))).toEqual([]);
});

test('what of scaling is left out is still there, because the lists must not rot', () => {
  const all = new Set(Object.keys(SCALING_OPERATIONS).flatMap((name) => [...membersOf(name).keys()]));

  expect(Object.keys(SCALING_EXCLUSIONS).filter((member) => !all.has(member))).toEqual([]);
  expect(scalingMembers().length).toBeGreaterThan(80);
});

test.each(KINDS)(
  'no field of the operator’s own in $kind has the name of an ECS member, because one of them would be lost',
  ({ kind }) => {
    const members = new Set(OPERATIONS[kind].flatMap((operation) => [...membersOf(operation).keys()]));

    expect(OPERATOR_FIELDS[kind].filter((field) => members.has(field))).toEqual([]);
  },
);

function wantedMembers(kind: Kind): ReadonlyMap<string, SdkMember> {
  const entries = OPERATIONS[kind].flatMap((operation) =>
    [...membersOf(operation)].filter(([path]) => !(`${operation}.${path}` in EXCLUSIONS)),
  );
  return new Map(kind === 'EcsService' ? [...entries, ...scalingMembers()] : entries);
}

function scalingMembers(): readonly (readonly [string, SdkMember])[] {
  return Object.entries(SCALING_OPERATIONS).flatMap(([operation, prefix]) =>
    [...membersOf(operation)]
      .filter(([path]) => !(path in SCALING_EXCLUSIONS) && !path.startsWith('Tags'))
      .map(([path, member]) => {
        const at = `${prefix}.${path.replaceAll(/(?<=^|\.)[A-Z]/g, (letter) => letter.toLowerCase())}`;
        const foreign = VALUES_OF_OTHERS[at];
        const values = member.values?.filter((value) => foreign?.test(value) !== true);
        return [at, { ...member, ...(values && { values }) }] as const;
      }),
  );
}

/** The names by which resources are known default to the object's; the strategy of the three calls may be left out. */
function isDefaulted(path: string): boolean {
  return ['family', 'serviceName', 'capacityProviders', 'defaultCapacityProviderStrategy'].includes(path);
}

/** Every field by path, the spec itself under the empty one. */
function fieldsOf(schema: Structural, path = '', found = new Map([['', schema]])): ReadonlyMap<string, Structural> {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? name : `${path}.${name}`;
    found.set(at, member);
    fieldsOf(member, at, found);
  }
  if (schema.items) {
    found.set(`${path}[]`, schema.items);
    fieldsOf(schema.items, `${path}[]`, found);
  }
  return found;
}

function shapeOf(field: Structural | undefined): SdkMember['shape'] | undefined {
  if (field?.type === 'integer' || field?.type === 'number') return 'number';
  if (field?.type === 'array') return 'list';
  if (field?.type === 'object') return field.additionalProperties ? 'map' : 'structure';
  return field?.type === 'boolean' || field?.type === 'string' ? field.type : undefined;
}

function requires(fields: ReadonlyMap<string, Structural>, path: string): boolean {
  const steps = path.split('.');
  const parent = fields.get(steps.slice(0, -1).join('.'));
  return Array.isArray(parent?.['required']) && parent['required'].includes(steps.at(-1));
}

function topOf(path: string): string {
  return path.split('.')[0] ?? '';
}

function isSameSet(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && new Set([...a, ...b]).size === a.length;
}
