import { cp, mkdtempDisposable, writeFile } from 'node:fs/promises';
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

/** Three times, and more than once at the same time. */
const STARTS_TERRAFORM_MS = 30_000;

type Variables = Readonly<Record<string, string>>;

/** The trust policy of the module's role. Made without the resources, as these want the provider. */
async function trustWith(variables: Variables) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'ecs-operator-trust-'));
  const cwd = folder.path;
  for (const file of ['variables.tf', 'trust.tf']) await cp(join(TERRAFORM, file), join(cwd, file));
  await writeFile(join(cwd, 'output.tf'), 'output "trust" {\n  value = local.trust\n}\n');
  await runProgram('terraform', ['init', '-backend=false'], { cwd });
  const set = Object.entries(variables).map(([name, value]) => `-var=${name}=${value}`);
  const outcome = await runProgram('terraform', ['apply', '-auto-approve', '-no-color', ...set], { cwd });
  const { stdout } = await runProgram('terraform', ['output', '-raw', 'trust'], { cwd });
  const trust: unknown = outcome.code === 0 ? JSON.parse(stdout) : undefined;
  return { outcome, trust };
}

describe('the Terraform module', () => {
  test.runIf(terraform.code === 0)('is formatted as terraform formats it', async () => {
    const { code, stdout } = await runProgram('terraform', ['fmt', '-check', '-diff', TERRAFORM]);

    expect(stdout).toBe('');
    expect(code).toBe(0);
  });

  test.runIf(terraform.code === 0).for<{ name: string; variables: Variables; statement: object }>([
    {
      name: 'pods of the service account only, by Pod Identity',
      variables: { namespace: 'ops' },
      statement: {
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Condition: {
          StringEquals: {
            'aws:RequestTag/kubernetes-namespace': 'ops',
            'aws:RequestTag/kubernetes-service-account': 'ecs-operator',
          },
        },
      },
    },
    {
      name: 'every association of the account, where its tags are disabled',
      variables: { has_session_tags: 'false' },
      statement: {
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Principal: { Service: 'pods.eks.amazonaws.com' },
      },
    },
    {
      name: 'pods of the service account only, by their OIDC provider',
      variables: { trust: 'irsa', oidc_provider_arn: 'arn:aws:iam::123456789012:oidc-provider/oidc.example/id/A1' },
      statement: {
        Action: ['sts:AssumeRoleWithWebIdentity'],
        Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/oidc.example/id/A1' },
        Condition: {
          StringEquals: {
            'oidc.example/id/A1:aud': 'sts.amazonaws.com',
            'oidc.example/id/A1:sub': 'system:serviceaccount:ecs-operator:ecs-operator',
          },
        },
      },
    },
    {
      name: "the operator's own role with the external id",
      variables: { trust: 'account', operator_role_arn: 'arn:aws:iam::444455556666:role/ops', external_id: 'seven' },
      statement: {
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Principal: { AWS: 'arn:aws:iam::444455556666:role/ops' },
        Condition: { StringEquals: { 'sts:ExternalId': 'seven' } },
      },
    },
  ])('lets its role be assumed by $name', { timeout: STARTS_TERRAFORM_MS }, async ({ variables, statement }) => {
    const { outcome, trust } = await trustWith({ variant: 'observe-only', ...variables });

    expect(outcome).toMatchObject({ code: 0 });
    expect(trust).toEqual({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  });

  test.runIf(terraform.code === 0).for<{ variables: Variables; words: string }>([
    { variables: { variant: 'all-clusters', roles: 'r' }, words: 'need cluster_id' },
    { variables: { variant: 'observe-only', trust: 'irsa' }, words: 'needs oidc_provider_arn' },
    { variables: { variant: 'observe-only', trust: 'account' }, words: 'needs operator_role_arn' },
  ])('says what is missing: $words', { timeout: STARTS_TERRAFORM_MS }, async ({ variables, words }) => {
    const { outcome } = await trustWith(variables);

    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr.replaceAll(/\s+/g, ' ')).toContain(words);
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
