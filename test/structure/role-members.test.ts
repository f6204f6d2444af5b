import { describe, expect, test } from 'vitest';
import { roleMembersOf, TASK_DEFINITION_ROLES } from '../../src/api/role-claims.ts';
import type { ManagedKind } from '../../src/core/managed-kind.ts';
import { createKinds, DEFINITIONS } from '../../src/kinds/index.ts';
import { structural } from '../../tools/generate-crds.ts';
import { readKindExamples } from '../support/examples.ts';
import { fieldPaths } from '../support/stated-paths.ts';
import { membersOf } from './sdk-members.ts';

/** Every member that names a role: what an EcsAccount has to allow. */
const ROLE_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EcsCluster: [],
  EcsTaskDefinition: ['taskRoleArn', 'executionRoleArn'],
  EcsService: [
    'role',
    'deploymentConfiguration.lifecycleHooks[].roleArn',
    'loadBalancers[].advancedConfiguration.roleArn',
    'serviceConnectConfiguration.services[].tls.roleArn',
    'volumeConfigurations[].managedEBSVolume.roleArn',
    'vpcLatticeConfigurations[].roleArn',
  ],
};

const OPERATIONS = [
  'CreateCluster',
  'UpdateCluster',
  'PutClusterCapacityProviders',
  'RegisterTaskDefinition',
  'CreateService',
  'UpdateService',
];

describe.each(DEFINITIONS)('the roles of $kind', ({ kind, spec }) => {
  const members = ROLE_MEMBERS[kind] ?? [];

  test('are those that are listed, because each is a way to more rights', () => {
    expect(roleMembersOf(spec).toSorted()).toEqual(members.toSorted());
  });

  test('are all members with a role in their name, because a new spelling must not slip through', () => {
    const named = fieldPaths(structural(spec)).filter((path) => /role/i.test(lastOf(path)));

    expect(named.toSorted()).toEqual(members.toSorted());
  });

  test('are all claimed by the kind, because what is not claimed is not checked', () => {
    const found = createKinds().find(({ definition }) => definition.kind === kind);
    const claimed = examplesOf(kind).flatMap((object) => claimsIn(found, object));

    expect([...new Set(claimed)].toSorted()).toEqual(members.map((path) => `spec.${path}`).toSorted());
  });
});

test('the roles of a definition that is only named are those that a spec of one has', () => {
  expect(TASK_DEFINITION_ROLES.toSorted()).toEqual(ROLE_MEMBERS['EcsTaskDefinition']?.toSorted());
});

test('every member of the SDK that takes a role is spelt in one of the ways that are looked for', () => {
  const paths = OPERATIONS.flatMap((operation) => [...membersOf(operation).keys()]);
  const roles = [...new Set(paths.filter((path) => /role/i.test(lastOf(path))))];

  expect(roles.toSorted()).toEqual(Object.values(ROLE_MEMBERS).flat().toSorted());
});

function lastOf(path: string): string {
  return path.split('.').at(-1) ?? '';
}

function examplesOf(wanted: string) {
  return readKindExamples('full').flatMap(({ objects }) => objects.filter(({ kind }) => kind === wanted));
}

/** Places of the roles that a full example claims, without the indices of items. */
function claimsIn(kind: unknown, { metadata, spec }: ReturnType<typeof examplesOf>[number]): readonly string[] {
  const { claims } = kind as ManagedKind<never>;
  const claimed = claims({ metadata, spec, status: {} } as never, {});
  return claimed.filter(({ on }) => on === 'role').map(({ path }) => path.replaceAll(/\[\d+\]/g, '[]'));
}
