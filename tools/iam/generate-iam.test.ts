import { cp, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { GROUP_OF, isRead, permissionTo } from '../../src/aws/actions.ts';
import { runProgram } from '../../test/support/helm.ts';
import { generateIam } from './generate-iam.ts';
import { MEANINGS, PLACEHOLDERS, POLICIES, type Policy } from './policies.ts';

const TERRAFORM = join(import.meta.dirname, '..', '..', 'deploy', 'iam', 'terraform');
const files = generateIam();
const terraform = await runProgram('terraform', ['version']);

function actionsOf({ Statement: statements }: Policy): readonly string[] {
  const names = statements
    .flatMap(({ Action }) => Action)
    .filter((action) => /^(?:ecs|application-autoscaling):/.test(action));
  return [...new Set(names)].toSorted();
}

const CALLED = [...GROUP_OF.keys()].map(permissionTo);

describe('the policies', () => {
  test.for(['all-clusters', 'one-cluster'] as const)('%s grants what the code calls, and nothing else', (name) => {
    expect(actionsOf(POLICIES[name])).toEqual(CALLED.toSorted());
  });

  test('observe-only grants the reads', () => {
    const reads = [...GROUP_OF.keys()].filter(isRead).map(permissionTo);

    expect(actionsOf(POLICIES['observe-only'])).toEqual(reads.toSorted());
  });

  test('pass roles to ECS only', () => {
    const [passing, ...others] = POLICIES['all-clusters'].Statement.filter(({ Action }) => Action === 'iam:PassRole');

    expect(others).toEqual([]);
    expect(passing?.Resource).toBe(PLACEHOLDERS.roles.word);
    expect(passing?.Condition).toEqual({
      StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'ecs.amazonaws.com'] },
    });
  });

  test('have their statements explained, each of them and no other', () => {
    const statements = Object.values(POLICIES).flatMap((policy) => policy.Statement.map(({ Sid }) => Sid));

    expect(Object.keys(MEANINGS).toSorted()).toEqual([...new Set(statements)].toSorted());
  });

  test.for(['all-clusters', 'one-cluster', 'observe-only', 'assume-roles'] as const)(
    '%s is the same as CloudFormation, with its parameters at their words',
    (name) => {
      const template: unknown = parse(files.get(`deploy/iam/cloudformation/${name}.yaml`) ?? '');

      expect(template).toHaveProperty('Resources.Policy.Type', 'AWS::IAM::ManagedPolicy');
      const document = (template as { Resources: { Policy: { Properties: { PolicyDocument: unknown } } } }).Resources
        .Policy.Properties.PolicyDocument;
      expect(substitute(document)).toEqual(POLICIES[name]);
    },
  );
});

describe('the Terraform module', () => {
  test.runIf(terraform.code === 0)('is formatted as terraform formats it', async () => {
    const { code, stdout } = await runProgram('terraform', ['fmt', '-check', '-diff', TERRAFORM]);

    expect(stdout).toBe('');
    expect(code).toBe(0);
  });

  test.runIf(process.env['TERRAFORM_VALIDATE'] === 'true')(
    'is valid (with TERRAFORM_VALIDATE=true, as the AWS provider is downloaded for it)',
    async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), 'ecs-operator-terraform-'));
      await cp(join(TERRAFORM, '..'), folder.path, { recursive: true });
      const cwd = join(folder.path, 'terraform');

      const init = await runProgram('terraform', ['init', '-backend=false'], { cwd });
      const validate = await runProgram('terraform', ['validate'], { cwd });

      expect(init).toMatchObject({ code: 0 });
      expect(validate).toMatchObject({ code: 0 });
    },
  );
});

const VALUES: Readonly<Record<string, string>> = {
  ClusterId: PLACEHOLDERS.clusterId.word,
  EcsCluster: PLACEHOLDERS.ecsCluster.word,
  Roles: PLACEHOLDERS.roles.word,
  AccountRoles: PLACEHOLDERS.accountRoles.word,
};

/** What CloudFormation makes of `Ref` and `Fn::Sub`. */
function substitute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(substitute);
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value) return VALUES[String(value.Ref)];
  if ('Fn::Sub' in value)
    return String(value['Fn::Sub']).replaceAll(/\$\{(\w+)\}/g, (_, name: string) => VALUES[name] ?? '');
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, substitute(member)]));
}
