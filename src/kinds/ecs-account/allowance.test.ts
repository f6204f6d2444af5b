import { describe, expect, test } from 'vitest';
import type { Claim } from '../../core/managed-kind.ts';
import { refusalOf } from './allowance.ts';
import type { EcsAccountSpec } from './schema.ts';

const ROLE = 'arn:aws:iam::123456789012:role';

function refusal(spec: Partial<EcsAccountSpec>, claims: readonly Claim[], region = 'eu-west-1') {
  const account = { name: 'live', spec: { roleArn: `${ROLE}/ecs-operator`, namespaceSelector: {}, ...spec } };
  return refusalOf(account, { region, claims });
}

function role(name: string): Claim {
  return { on: 'role', path: 'spec.taskRoleArn', name };
}

function cluster(name: string): Claim {
  return { on: 'cluster', path: 'spec.cluster', name };
}

describe('a role', () => {
  const allowedRoles = [`${ROLE}/shop-*`, `${ROLE}/jobs/*`];

  test.for([`${ROLE}/shop-web`, 'shop-web', '/shop-web', 'jobs/nightly', '/jobs/nightly'])(
    '%s may be passed',
    (name) => {
      expect(refusal({ allowedRoles }, [role(name)])).toBeUndefined();
    },
  );

  test.for([
    { name: `${ROLE}/admin`, because: 'it is on no list' },
    { name: 'admin', because: 'a name stands for the ARN in the account' },
    { name: 'arn:aws:iam::999999999999:role/shop-web', because: 'it is of another account' },
    { name: 'jobs', because: 'the path is a part of the name' },
    { name: 'admin/shop-web', because: 'the pattern says where the name begins' },
    { name: `${ROLE}/shop-web `.replace('shop', ' shop'), because: 'it is another text' },
  ])('$name may not be passed, because $because', ({ name }) => {
    expect(refusal({ allowedRoles }, [role('shop-web'), role(name)])).toContain(
      `spec.taskRoleArn: EcsAccount live does not allow the role ${name};`,
    );
  });

  test('may not be passed where none is listed, because handing on roles is the way to more rights', () => {
    expect(refusal({}, [role('shop-web')])).toContain('shop-web');
    expect(refusal({ allowedRoles: [] }, [role('shop-web')])).toContain('shop-web');
  });
});

describe('a cluster', () => {
  const allowedClusters = ['shop', 'shop-*'];

  test.for(['shop', 'shop-2', 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop'])('%s may be used', (name) => {
    expect(refusal({ allowedClusters }, [cluster(name)])).toBeUndefined();
  });

  test.for(['default', 'arn:aws:ecs:eu-west-1:123456789012:cluster/jobs'])('%s may not be used', (name) => {
    expect(refusal({ allowedClusters }, [cluster(name)])).toContain(`does not allow the cluster ${name}`);
  });

  test('may be any where none is listed', () => {
    expect(refusal({}, [cluster('default')])).toBeUndefined();
  });
});

describe('a region', () => {
  test('may be any where none is listed, and else one of them', () => {
    expect(refusal({}, [])).toBeUndefined();
    expect(refusal({ allowedRegions: ['eu-west-1'] }, [])).toBeUndefined();
    expect(refusal({ allowedRegions: ['eu-west-2'] }, [])).toContain('does not allow the region eu-west-1');
  });
});
