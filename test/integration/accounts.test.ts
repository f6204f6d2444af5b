import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSimulatedAccounts, type SimulatedAccounts } from '../simulator/accounts/simulated-accounts.ts';
import { realClock } from '../simulator/clock.ts';
import { serveWire } from '../simulator/http.ts';
import { createSimulator, type Simulator } from '../simulator/simulator.ts';
import { operatorRights } from '../support/chart.ts';
import { type ControlPlane, startControlPlane } from '../support/control-plane.ts';
import { installCrds } from '../support/crds.ts';
import { type OperatorProcess, startOperator } from '../support/operator-process.ts';
import { clusterNamed, definitionOf, type StoryManifest, serviceNamed } from '../support/shop-objects.ts';
import { waitFor } from '../support/wait-for.ts';

/** An EcsAccount counts for the whole cluster, so these stories have one of their own. */
const HOME = '123456789012';
const SHOP = '111122223333';
const JOBS = '444455556666';
const SHOP_ROLE = `arn:aws:iam::${SHOP}:role/ecs-operator`;
const JOBS_ROLE = `arn:aws:iam::${JOBS}:role/ecs-operator`;

const clock = realClock({ speed: 20 });
const home = createSimulator({ clock, accountId: HOME });
const shop = createSimulator({ clock, accountId: SHOP });
const jobs = createSimulator({ clock, accountId: JOBS, region: 'eu-west-1' });

let cleanup: AsyncDisposableStack;
let plane: ControlPlane;
let aws: SimulatedAccounts;
let operator: OperatorProcess;

beforeAll(async () => {
  await using opened = new AsyncDisposableStack();
  plane = opened.use(await startControlPlane({ hasControllers: false }));
  await installCrds(plane);
  // The operator's own session is told from those that it is lent by its access key.
  aws = createSimulatedAccounts(realClock(), [home, shop, jobs]);
  aws.identities.add('operator', HOME);
  aws.identities.trust(SHOP_ROLE, { externalId: 'platform' });
  aws.identities.trust(JOBS_ROLE);
  const served = await serveWire(aws.answer, { port: 0 });
  opened.defer(() => served.close());
  await namespace('ops', {});
  await plane.apply(operatorRights({ name: 'ecs-operator', namespace: 'ops' }));
  operator = opened.use(
    await startOperator({
      kubeconfig: await plane.kubeconfigFor({ name: 'ecs-operator', namespace: 'ops' }),
      endpoint: served.url,
      environment: { AWS_ACCESS_KEY_ID: 'operator', POD_NAMESPACE: 'ops' },
    }),
  );
  cleanup = opened.move();
});

afterAll(async () => {
  await cleanup[Symbol.asyncDispose]();
});

async function namespace(name: string, labels: Readonly<Record<string, string>>): Promise<void> {
  await plane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }, '--server-side');
}

async function account(name: string, spec: object): Promise<void> {
  const apiVersion = 'ecs-operator.dev/v1alpha1';
  await plane.apply({ apiVersion, kind: 'EcsAccount', metadata: { name }, spec }, '--server-side');
}

async function apply(where: string, ...objects: readonly StoryManifest[]): Promise<void> {
  for (const object of objects) await plane.apply(object, '--server-side', '--namespace', where);
}

interface Seen {
  readonly metadata: { readonly generation: number };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
      readonly observedGeneration: number;
    }[];
    readonly [member: string]: unknown;
  };
}

/** `True InSync` of the Ready condition for the newest generation, with its message. */
async function ready(where: string | undefined, kind: string, name: string, wanted: string): Promise<Seen> {
  const look = async (): Promise<Seen | undefined> => await plane.get<Seen>(kind, where, name);
  const seen = await waitFor(
    `${kind} ${name}: ${wanted}`,
    look,
    (found) => {
      const condition = found?.status?.conditions?.find(({ type }) => type === 'Ready');
      const isOfNow = condition?.observedGeneration === found?.metadata.generation;
      return isOfNow && `${condition?.status} ${condition?.reason}` === wanted;
    },
    { operator },
  );
  if (seen === undefined) throw new Error('unreachable');
  return seen;
}

/** Of what lives in no namespace they are in this one. */
async function eventNames(): Promise<string> {
  return (await plane.kubectl(['get', 'events', '--namespace=default', '--output=name'])).stdout;
}

function messageOf(seen: Seen): string | undefined {
  return seen.status?.conditions?.find(({ type }) => type === 'Ready')?.message;
}

function writesIn({ calls }: Simulator): readonly string[] {
  return calls.filter(({ action }) => !/^(?:Describe|List|Get)/.test(action)).map(({ action }) => action);
}

describe('namespaces with accounts of their own', () => {
  test('are acted for as the operator itself while there is no account, as always', async () => {
    await namespace('old', {});
    await apply('old', clusterNamed('before'));

    await ready('old', 'ecscluster', 'before', 'True InSync');

    expect([...home.world.clusters.keys()]).toEqual(['before']);
    expect(aws.stsCalls).toEqual([]);
  });

  test('live in the account that selects them, under the identity that its role lends', async () => {
    await namespace('shop', { team: 'shop' });
    await namespace('jobs', { team: 'jobs' });
    await account('shop', {
      roleArn: SHOP_ROLE,
      externalId: 'platform',
      namespaceSelector: { matchLabels: { team: 'shop' } },
      allowedRoles: [`arn:aws:iam::${SHOP}:role/shop-*`],
      defaultTags: [{ key: 'cost-centre', value: '4711' }],
    });
    await account('jobs', {
      roleArn: JOBS_ROLE,
      region: 'eu-west-1',
      namespaceSelector: { matchLabels: { team: 'jobs' } },
      sessionTags: ['Namespace'],
    });
    await apply('shop', clusterNamed('shop'), definitionOf('web', 'shop/web:1', { taskRoleArn: 'shop-web' }));
    await apply('shop', serviceNamed('web'));
    await apply('jobs', clusterNamed('jobs'));

    await ready('shop', 'ecsservice', 'web', 'True InSync');
    await ready('jobs', 'ecscluster', 'jobs', 'True InSync');

    expect([...shop.world.clusters.keys()]).toEqual(['shop']);
    expect([...jobs.world.clusters.keys()]).toEqual(['jobs']);
    expect([...home.world.clusters.keys()]).toEqual(['before']);
    expect(shop.world.clusters.get('shop')?.tags).toContainEqual({ key: 'cost-centre', value: '4711' });
    expect((await plane.get<Seen>('ecscluster', 'jobs', 'jobs'))?.status?.['location']).toEqual({
      accountId: JOBS,
      region: 'eu-west-1',
    });
    const identities = new Set(aws.calls.map(({ by }) => `${by.arn} ${JSON.stringify(by.tags)}`));
    expect([...identities].toSorted()).toEqual(
      [
        `arn:aws:iam::${HOME}:user/operator {}`,
        `arn:aws:sts::${SHOP}:assumed-role/ecs-operator/ecs-operator-test {}`,
        `arn:aws:sts::${JOBS}:assumed-role/ecs-operator/ecs-operator-test {"ecs-operator.dev/namespace":"jobs"}`,
      ].toSorted(),
    );
  });

  test('leave what was made before in its account, because another one must not be written to by accident', async () => {
    await namespace('old', { team: 'shop' });

    const seen = await ready('old', 'ecscluster', 'before', 'False LocationChanged');

    expect(messageOf(seen)).toContain(HOME);
    expect(messageOf(seen)).toContain(SHOP);
    expect([...shop.world.clusters.keys()]).toEqual(['shop']);
    await namespace('old', { team: 'nobody' });
    await ready('old', 'ecscluster', 'before', 'False NoAccount');
    expect(writesIn(home)).toEqual(['CreateCluster']);
  });

  test('pass no role that is not listed, and ECS is not even asked', async () => {
    const before = shop.calls.length;
    await apply('shop', definitionOf('evil', 'shop/evil:1', { taskRoleArn: `arn:aws:iam::${SHOP}:role/admin` }));

    const seen = await ready('shop', 'ecstaskdefinition', 'evil', 'False NotAllowed');

    expect(messageOf(seen)).toContain(`spec.taskRoleArn: EcsAccount shop does not allow the role`);
    expect(JSON.stringify(shop.calls.slice(before))).not.toContain('evil');
    await account('shop', {
      roleArn: SHOP_ROLE,
      externalId: 'platform',
      namespaceSelector: { matchLabels: { team: 'shop' } },
      allowedRoles: [`arn:aws:iam::${SHOP}:role/*`],
    });
    await ready('shop', 'ecstaskdefinition', 'evil', 'True InSync');
  });

  test('are held up by their own account only, and go on once its role can be assumed', async () => {
    await namespace('broken', { team: 'broken' });
    await account('broken', {
      roleArn: SHOP_ROLE,
      externalId: 'wrong',
      namespaceSelector: { matchLabels: { team: 'broken' } },
    });
    await apply('broken', clusterNamed('late'));

    const stalled = await ready('broken', 'ecscluster', 'late', 'False AccessDenied');
    const blamed = await ready(undefined, 'ecsaccount', 'broken', 'False RoleNotAssumable');
    await apply('jobs', clusterNamed('more'));
    await ready('jobs', 'ecscluster', 'more', 'True InSync');

    await waitFor('the Event', eventNames, (names) => names.includes('/broken.'), { operator });
    expect(messageOf(stalled)).toMatch(/^EcsAccount broken: its role cannot be assumed: AssumeRole: /);
    expect(messageOf(blamed)).toContain('sts:AssumeRole');
    await account('broken', {
      roleArn: SHOP_ROLE,
      externalId: 'platform',
      namespaceSelector: { matchLabels: { team: 'broken' } },
    });
    await ready(undefined, 'ecsaccount', 'broken', 'True InSync');
    await ready('broken', 'ecscluster', 'late', 'True InSync');
  });

  test('are counted in the status of their account, which says as whom AWS knows the operator', async () => {
    const look = async (): Promise<Seen | undefined> => await plane.get<Seen>('ecsaccount', undefined, 'shop');
    const seen = await waitFor('the count', look, (found) => found?.status?.['usedBy'] === 4, {
      operator,
      timeoutMs: 60_000,
    });

    expect(seen?.status).toMatchObject({
      accountId: SHOP,
      callerArn: `arn:aws:sts::${SHOP}:assumed-role/ecs-operator/ecs-operator-test`,
      users: [
        { namespace: 'shop', kind: 'EcsCluster', count: 1 },
        { namespace: 'shop', kind: 'EcsService', count: 1 },
        { namespace: 'shop', kind: 'EcsTaskDefinition', count: 2 },
      ],
    });
    const { stdout } = await plane.kubectl(['get', 'ecsa', 'shop']);
    expect(stdout.split('\n').map((line) => line.trim().split(/\s+/).slice(0, 4))).toMatchObject([
      ['NAME', 'READY', 'ACCOUNT', 'USED'],
      ['shop', 'True', SHOP, '4'],
      [''],
    ]);
  });

  test('keep their account until nobody needs it any more', async () => {
    await plane.kubectl(['delete', 'ecsaccount', 'jobs', '--wait=false']);
    const kept = await ready(undefined, 'ecsaccount', 'jobs', 'False InUse');
    await plane.kubectl(['delete', 'ecscluster', '--namespace', 'jobs', '--all', '--timeout=60s']);

    await waitFor(
      'the account to go',
      () => plane.get('ecsaccount', undefined, 'jobs'),
      (found) => found === undefined,
      {
        operator,
        timeoutMs: 90_000,
      },
    );

    expect(messageOf(kept)).toContain('EcsCluster jobs/jobs');
    expect([...jobs.world.clusters.values()].map(({ cluster }) => cluster.status)).toEqual(['INACTIVE', 'INACTIVE']);
  });
});
