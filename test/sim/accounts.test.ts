import { describe, expect, test } from 'vitest';
import { assembleOperator } from '../../src/cmd/assemble.ts';
import type { DefaultTag } from '../../src/core/managed-kind.ts';
import type { OperatorIdentity } from '../../src/kinds/ecs-account/resolution.ts';
import { ALL_DEFINITIONS } from '../../src/kinds/index.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { KubeKey, KubeResource } from '../../src/runtime/kube/kube-api.ts';
import { conditionOf } from '../../src/runtime/reconcile/conditions.ts';
import { commonStatusOf, membersOf } from '../../src/runtime/reconcile/managed-object.ts';
import { isRead } from '../simulator/recording.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { JOBS_ROLE, openAccounts, SHOP_ACCOUNT, SHOP_ROLE } from '../support/accounts-stage.ts';
import { createFakeKubeApi } from '../support/fake-kube-api.ts';
import { clusterNamed, definitionOf, type StoryManifest, serviceNamed } from '../support/shop-objects.ts';
import { DEAF_METRICS } from '../support/whole-operator.ts';

const RESYNC_MS = 600_000;
/** Nobody waits for a sweep. */
const SOON_MS = 5_000;
const NAMESPACES: KubeResource = { group: '', version: 'v1', plural: 'namespaces' };
const ACCOUNT = { roleArn: SHOP_ROLE, externalId: 'platform', namespaceSelector: { matchLabels: { team: 'shop' } } };

function keyOf(kind: string, name: string): KubeKey {
  return kind === 'EcsAccount' ? { name } : { namespace: 'shop', name };
}

/** A Kubernetes with namespaces and accounts, several AWS accounts, and the operator between them. */
async function open(operatorIdentity: OperatorIdentity = 'without-accounts', defaultTags: readonly DefaultTag[] = []) {
  const stage = await openAccounts();
  const { clock } = stage;
  const kinds = [
    ...ALL_DEFINITIONS.map(({ kind, group, version, plural, scope }) => ({
      kind,
      resource: { group, version, plural },
      isNamespaced: scope === 'Namespaced',
      hasStatus: true,
      defaultStatus: { observedGeneration: -1 },
    })),
    { kind: 'Namespace', resource: NAMESPACES, isNamespaced: false },
  ];
  const api = createFakeKubeApi({ clock, kinds });
  const { manager, access } = assembleOperator({
    ...DEAF_METRICS,
    api,
    clock,
    elector: undefined,
    log: silentLog,
    random: () => 0.5,
    clusterId: 'prod-1',
    client: stage.client,
    quotaShare: 0.9,
    accounts: { operatorIdentity },
    defaultTags,
    record: () => undefined,
    workers: 8,
    resyncIntervalMs: RESYNC_MS,
    shutdownGraceMs: 20_000,
  });
  void manager.run(new AbortController().signal);

  const resourceOf = (kind: string): KubeResource => {
    const found = kinds.find((one) => one.kind === kind);
    if (found === undefined) throw new Error(`${kind} is no kind here`);
    return found.resource;
  };
  const object = (kind: string, name: string) => api.object(resourceOf(kind), keyOf(kind, name));
  /** `True InSync`; undefined where it says nothing of the newest generation. */
  const ready = (kind: string, name: string): string | undefined => {
    const found = object(kind, name);
    const condition = conditionOf(commonStatusOf(membersOf(found?.['status'])).conditions, 'Ready');
    const isOfNow = condition?.observedGeneration === found?.metadata.generation;
    return isOfNow && condition ? `${condition.status} ${condition.reason}` : undefined;
  };
  return {
    ...stage,
    api,
    access,
    object,
    ready,
    label: (labels: Readonly<Record<string, string>>) =>
      void api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } }),
    account: (name: string, spec: object) =>
      void api.apply({ apiVersion: 'ecs-operator.dev/v1alpha1', kind: 'EcsAccount', metadata: { name }, spec }),
    apply(...objects: readonly StoryManifest[]) {
      for (const each of objects) api.apply({ ...each, metadata: { ...each.metadata, namespace: 'shop' } });
    },
    remove: (kind: string, name: string) => api.delete(resourceOf(kind), keyOf(kind, name)),
    until: (kind: string, name: string, wanted: string) => clock.runUntil(() => ready(kind, name) === wanted),
  };
}

function writesIn({ calls }: Pick<Simulator, 'calls'>): readonly string[] {
  return calls.filter(({ action }) => !isRead(action)).map(({ action }) => action);
}

/** A cluster that lives in the account of the shop. */
async function settled(spec: object = {}) {
  const stage = await open();
  stage.label({ team: 'shop' });
  stage.account('live', { ...ACCOUNT, ...spec });
  stage.apply(clusterNamed('web'));
  await stage.until('EcsCluster', 'web', 'True InSync');
  stage.shop.forgetCalls();
  return stage;
}

describe('an object whose account is not what it was', () => {
  test.for<{ name: string; reason: string; change: (stage: Awaited<ReturnType<typeof open>>) => void }>([
    {
      name: 'as its namespace is selected no more',
      reason: 'NoAccount',
      change: ({ label }) => label({ team: 'nobody' }),
    },
    {
      name: 'as another account selects its namespace too',
      reason: 'AmbiguousAccount',
      change: ({ account }) => account('other', { roleArn: JOBS_ROLE, namespaceSelector: {} }),
    },
    {
      name: 'as the account goes through another AWS account',
      reason: 'LocationChanged',
      change: ({ account }) => account('live', { ...ACCOUNT, roleArn: JOBS_ROLE, externalId: undefined }),
    },
    {
      name: 'as the account has another region',
      reason: 'NotAllowed',
      change: ({ account }) => account('live', { ...ACCOUNT, allowedRegions: ['eu-west-1'] }),
    },
  ])('is told so and left alone, $name', async ({ reason, change }) => {
    const stage = await settled();

    const changedAt = stage.clock.now();
    change(stage);
    await stage.until('EcsCluster', 'web', `False ${reason}`);
    expect(stage.clock.now() - changedAt).toBeLessThan(SOON_MS);
    stage.api.edit({ group: 'ecs-operator.dev', version: 'v1alpha1', plural: 'ecsclusters' }, KEY, TAGGED);
    await stage.until('EcsCluster', 'web', `False ${reason}`);
    await stage.clock.advance(2 * RESYNC_MS);

    expect([writesIn(stage.home), writesIn(stage.shop), writesIn(stage.jobs)]).toEqual([[], [], []]);
  });

  test('goes on where it was once it means that again', async () => {
    const stage = await settled();
    stage.label({ team: 'nobody' });
    await stage.until('EcsCluster', 'web', 'False NoAccount');

    const changedAt = stage.clock.now();
    stage.label({ team: 'shop' });
    await stage.until('EcsCluster', 'web', 'True InSync');

    expect(stage.clock.now() - changedAt).toBeLessThan(SOON_MS);
    expect(writesIn(stage.shop)).toEqual([]);
  });
});

const KEY = { namespace: 'shop', name: 'web' };
const TAGGED = { spec: { tags: [{ key: 'team', value: 'shop' }] } };

describe('what an account does not allow', () => {
  test.for<{ name: string; spec: object; kind: string; object: StoryManifest; words: string }>([
    {
      name: 'a role of a task',
      spec: { allowedRoles: [`arn:aws:iam::${SHOP_ACCOUNT}:role/shop-*`] },
      kind: 'EcsTaskDefinition',
      object: definitionOf('bad', 'shop/web:1', { executionRoleArn: 'shop-pull', taskRoleArn: 'admin' }),
      words: 'spec.taskRoleArn: EcsAccount live does not allow the role admin',
    },
    {
      name: 'a role deep in a service',
      spec: {},
      kind: 'EcsService',
      object: serviceNamed('bad', {
        clusterRef: undefined,
        taskDefinitionRef: undefined,
        taskDefinition: 'web',
        volumeConfigurations: [{ name: 'data', managedEBSVolume: { roleArn: 'admin', sizeInGiB: 10 } }],
      }),
      words: 'spec.volumeConfigurations[0].managedEBSVolume.roleArn',
    },
    {
      name: 'a cluster by its name',
      spec: { allowedClusters: ['shop-*'] },
      kind: 'EcsCluster',
      object: clusterNamed('bad'),
      words: 'metadata.name: EcsAccount live does not allow the cluster bad',
    },
    {
      name: 'a cluster of a service, the default one included',
      spec: { allowedClusters: ['shop-*'] },
      kind: 'EcsService',
      object: serviceNamed('bad', { clusterRef: undefined, taskDefinitionRef: undefined, taskDefinition: 'web' }),
      words: 'spec.cluster: EcsAccount live does not allow the cluster default',
    },
    {
      name: 'a region',
      spec: { allowedRegions: ['eu-central-1'] },
      kind: 'EcsCluster',
      object: clusterNamed('bad', { region: 'us-east-1' }),
      words: 'spec.region: EcsAccount live does not allow the region us-east-1',
    },
  ])('is refused before ECS is asked: $name', async ({ spec, kind, object, words }) => {
    const stage = await open();
    stage.label({ team: 'shop' });
    stage.account('live', { ...ACCOUNT, ...spec });

    stage.apply(object);
    await stage.until(kind, 'bad', 'False NotAllowed');

    const { conditions } = commonStatusOf(membersOf(stage.object(kind, 'bad')?.['status']));
    expect(conditionOf(conditions, 'Stalled')?.message).toContain(words);
    expect(stage.aws.calls).toEqual([]);
    stage.remove(kind, 'bad');
    await stage.clock.runUntil(() => stage.object(kind, 'bad') === undefined);
  });

  test('does not hold up the deletion of what was made when it was allowed', async () => {
    const stage = await settled();
    stage.account('live', { ...ACCOUNT, allowedClusters: ['other'] });
    await stage.until('EcsCluster', 'web', 'False NotAllowed');

    stage.remove('EcsCluster', 'web');
    await stage.clock.runUntil(() => stage.object('EcsCluster', 'web') === undefined);

    expect(writesIn(stage.shop)).toEqual(['DeleteCluster']);
  });
});

/** Definitions that were registered past the operator, by somebody who may pass the roles. */
const ADMIN = `arn:aws:iam::${SHOP_ACCOUNT}:role/admin`;
const SHOP_TASK = `arn:aws:iam::${SHOP_ACCOUNT}:role/shop-web`;
const REVISION = `arn:aws:ecs:eu-central-1:${SHOP_ACCOUNT}:task-definition/tool:1`;
const SHOP_ROLES = [`arn:aws:iam::${SHOP_ACCOUNT}:role/shop-*`];

function foreign(roles: object): object {
  return {
    family: 'tool',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'app', image: 'shop/tool:1' }],
    ...roles,
  };
}

function runs(taskDefinition: string, spec: object = {}): StoryManifest {
  return serviceNamed('tool', { clusterRef: { name: 'web' }, taskDefinitionRef: undefined, taskDefinition, ...spec });
}

function actionsIn({ calls }: Pick<Simulator, 'calls'>, ...wanted: readonly string[]): readonly string[] {
  return calls.map(({ action }) => action).filter((action) => wanted.includes(action));
}

function stalledMessage(stage: Awaited<ReturnType<typeof open>>, kind: string, name: string): string | undefined {
  const { conditions } = commonStatusOf(membersOf(stage.object(kind, name)?.['status']));
  return conditionOf(conditions, 'Stalled')?.message;
}

describe('the roles of a task definition that somebody else registered', () => {
  test.for([
    { named: 'tool', roles: { taskRoleArn: ADMIN }, member: 'taskRoleArn' },
    { named: 'tool:1', roles: { executionRoleArn: ADMIN }, member: 'executionRoleArn' },
    { named: REVISION, roles: { taskRoleArn: ADMIN }, member: 'taskRoleArn' },
  ])('are refused before ECS is asked for a service: $member of $named', async ({ named, roles, member }) => {
    const stage = await settled({ allowedRoles: SHOP_ROLES });
    await stage.shop.call('RegisterTaskDefinition', foreign(roles));
    stage.shop.forgetCalls();

    stage.apply(runs(named));
    await stage.until('EcsService', 'tool', 'False NotAllowed');
    await stage.clock.advance(2 * RESYNC_MS);

    expect(stalledMessage(stage, 'EcsService', 'tool')).toBe(
      `spec.taskDefinition (tool:1, ${member}): EcsAccount live does not allow the role ${ADMIN}; name another, or let an administrator list it`,
    );
    expect(writesIn(stage.shop)).toEqual([]);
    expect(stage.object('EcsService', 'tool')?.['status']).not.toHaveProperty('creating');
    stage.account('live', { ...ACCOUNT, allowedRoles: [ADMIN] });
    await stage.until('EcsService', 'tool', 'True InSync');
  });

  test.for(['tool', 'tool:1', REVISION])(
    'are allowed where the list has them, and cost nothing at rest: %s',
    async (named) => {
      const stage = await settled({ allowedRoles: SHOP_ROLES });
      await stage.shop.call('RegisterTaskDefinition', foreign({ taskRoleArn: SHOP_TASK, executionRoleArn: SHOP_TASK }));

      stage.apply(runs(named));
      await stage.until('EcsService', 'tool', 'True InSync');

      const [creation] = stage.shop.calls.filter(({ action }) => action === 'CreateService');
      expect(creation?.input).toMatchObject({ taskDefinition: named === 'tool' ? REVISION : named });
      expect(actionsIn(stage.shop, 'DescribeTaskDefinition')).toHaveLength(1);
      await stage.clock.advance(60_000);
      stage.shop.forgetCalls();
      await stage.clock.advance(3 * RESYNC_MS);
      expect(actionsIn(stage.shop, 'DescribeServices').length).toBeGreaterThan(0);
      expect(actionsIn(stage.shop, 'DescribeTaskDefinition')).toEqual([]);
    },
  );

  test('are refused before ECS is asked for an update to another revision', async () => {
    const stage = await settled({ allowedRoles: SHOP_ROLES });
    await stage.shop.call('RegisterTaskDefinition', foreign({ taskRoleArn: SHOP_TASK }));
    await stage.shop.call('RegisterTaskDefinition', foreign({ taskRoleArn: ADMIN }));
    stage.apply(runs('tool:1'));
    await stage.until('EcsService', 'tool', 'True InSync');

    stage.apply(runs('tool:2'));
    await stage.until('EcsService', 'tool', 'False NotAllowed');
    await stage.clock.advance(RESYNC_MS);

    expect(actionsIn(stage.shop, 'UpdateService')).toEqual([]);
  });

  test('are refused on adoption as well, where the definition that runs would be run with more', async () => {
    const stage = await settled({ allowedRoles: SHOP_ROLES });
    await stage.shop.call('RegisterTaskDefinition', foreign({ taskRoleArn: ADMIN }));
    const { networkConfiguration } = runs('tool').spec;
    await stage.shop.call('CreateService', {
      cluster: 'web',
      serviceName: 'tool',
      taskDefinition: 'tool',
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration,
    });

    stage.apply(runs('tool:1', { adoptionPolicy: 'Adopt', enableExecuteCommand: true }));
    await stage.until('EcsService', 'tool', 'False NotAllowed');

    expect(actionsIn(stage.shop, 'TagResource', 'UpdateService')).toEqual([]);
  });

  test('are those of the spec where an EcsTaskDefinition only observes, which differs from them else', async () => {
    const stage = await settled({ allowedRoles: SHOP_ROLES });
    await stage.shop.call('RegisterTaskDefinition', foreign({ taskRoleArn: ADMIN }));

    stage.apply(
      definitionOf('tool', 'shop/tool:1', { managementPolicy: 'Observe' }),
      serviceNamed('tool', { clusterRef: { name: 'web' } }),
    );
    await stage.until('EcsTaskDefinition', 'tool', 'False Drifted');
    await stage.until('EcsService', 'tool', 'False DependencyNotReady');

    expect(actionsIn(stage.shop, 'CreateService')).toEqual([]);
  });

  test('of our own objects are known from their look, and are not read again', async () => {
    const stage = await settled({ allowedRoles: SHOP_ROLES });

    stage.apply(
      definitionOf('tool', 'shop/tool:1', { taskRoleArn: SHOP_TASK }),
      serviceNamed('tool', { clusterRef: { name: 'web' } }),
    );
    await stage.until('EcsTaskDefinition', 'tool', 'True InSync');
    const read = actionsIn(stage.shop, 'DescribeTaskDefinition').length;
    await stage.until('EcsService', 'tool', 'True InSync');

    expect(actionsIn(stage.shop, 'CreateService')).toEqual(['CreateService']);
    expect(actionsIn(stage.shop, 'DescribeTaskDefinition')).toHaveLength(read);
  });
});

function tagsIn({ shop }: Awaited<ReturnType<typeof settled>>): Readonly<Record<string, string | undefined>> {
  const { tags = [] } = shop.world.clusters.get('web') ?? {};
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

describe('the default tags of an account', () => {
  test('are put on what is there, follow the account, and give way to those of the object', async () => {
    const stage = await settled({
      defaultTags: [
        { key: 'team', value: 'all' },
        { key: 'cost', value: '1' },
      ],
    });
    expect(tagsIn(stage)).toMatchObject({ team: 'all', cost: '1' });

    stage.api.edit({ group: 'ecs-operator.dev', version: 'v1alpha1', plural: 'ecsclusters' }, KEY, TAGGED);
    await stage.clock.runUntil(() => tagsIn(stage)['team'] === 'shop');
    stage.account('live', { ...ACCOUNT, defaultTags: [{ key: 'cost', value: '2' }] });
    await stage.clock.runUntil(() => tagsIn(stage)['cost'] === '2');
    stage.account('live', ACCOUNT);
    await stage.clock.runUntil(() => !('cost' in tagsIn(stage)));
    await stage.until('EcsCluster', 'web', 'True InSync');

    expect(tagsIn(stage)).toMatchObject({ team: 'shop', 'ecs-operator.dev/name': 'web' });
  });

  test('are put on all that is made', async () => {
    const stage = await settled({ defaultTags: [{ key: 'cost', value: '1' }] });
    stage.apply(
      definitionOf('web', 'shop/web:1', { tags: [{ key: 'cost', value: 'own' }] }),
      serviceNamed('web', { clusterRef: { name: 'web' } }),
    );
    await stage.until('EcsService', 'web', 'True InSync');

    const [definition] = [...stage.shop.world.taskDefinitions.values()];
    const [service] = [...stage.shop.world.services.values()];
    expect(definition?.tags).toContainEqual({ key: 'cost', value: 'own' });
    expect(service?.tags).toContainEqual({ key: 'cost', value: '1' });
  });

  test('are no drift of what is only observed, because nobody puts them there', async () => {
    const stage = await open();
    await stage.shop.call('CreateCluster', { clusterName: 'web' });
    stage.label({ team: 'shop' });
    stage.account('live', { ...ACCOUNT, defaultTags: [{ key: 'team', value: 'all' }] });

    stage.apply(clusterNamed('web', { managementPolicy: 'Observe' }));
    await stage.until('EcsCluster', 'web', 'True InSync');

    expect(writesIn(stage.shop)).toEqual(['CreateCluster']);
  });
});

describe('the default tags of the operator itself', () => {
  test('are put where no account acts, and give way to those of the account that does', async () => {
    const stage = await open('without-accounts', [{ key: 'cost', value: 'platform' }]);
    stage.apply(clusterNamed('web'));
    await stage.until('EcsCluster', 'web', 'True InSync');

    expect(stage.home.world.clusters.get('web')?.tags).toContainEqual({ key: 'cost', value: 'platform' });

    stage.label({ team: 'shop' });
    stage.account('live', { ...ACCOUNT, defaultTags: [{ key: 'cost', value: 'shop' }] });
    stage.apply(clusterNamed('api'));
    await stage.until('EcsCluster', 'api', 'True InSync');
    expect(stage.shop.world.clusters.get('api')?.tags).toContainEqual({ key: 'cost', value: 'shop' });
  });
});

describe('accounts', () => {
  test('that are broken are not asked for by every object, and hold up nobody else', async () => {
    const stage = await open();
    stage.label({ team: 'shop' });
    stage.account('live', { ...ACCOUNT, externalId: 'wrong' });
    const names = Array.from({ length: 40 }, (_, index) => `web-${index}`);

    stage.apply(...names.map((name) => clusterNamed(name)));
    await stage.clock.runUntil(() => names.every((name) => stage.ready('EcsCluster', name) === 'False AccessDenied'));

    expect(stage.aws.stsCalls.length).toBeLessThanOrEqual(3);
    stage.account('live', ACCOUNT);
    await stage.clock.runUntil(() => names.every((name) => stage.ready('EcsCluster', name) === 'True InSync'));
    expect(stage.shop.world.clusters.size).toBe(names.length);
  });

  test('let their objects go on within two minutes of a trust policy that is mended, without being touched', async () => {
    const stage = await open();
    stage.aws.identities.distrust(SHOP_ROLE);
    stage.label({ team: 'shop' });
    stage.account('live', ACCOUNT);
    stage.apply(clusterNamed('web'));
    await stage.until('EcsCluster', 'web', 'False AccessDenied');
    await stage.until('EcsAccount', 'live', 'False RoleNotAssumable');

    stage.aws.identities.trust(SHOP_ROLE, { externalId: 'platform' });

    const mendedAt = stage.clock.now();
    await stage.until('EcsCluster', 'web', 'True InSync');
    expect(stage.clock.now() - mendedAt).toBeLessThan(120_000);
  });

  test('are picked by the object where several select its namespace', async () => {
    const stage = await open();
    stage.label({ team: 'shop' });
    stage.account('live', ACCOUNT);
    stage.account('jobs', { roleArn: JOBS_ROLE, namespaceSelector: {} });

    stage.apply(
      clusterNamed('one', { accountRef: { name: 'live' } }),
      clusterNamed('two', { accountRef: { name: 'jobs' } }),
    );
    await stage.until('EcsCluster', 'one', 'True InSync');
    await stage.until('EcsCluster', 'two', 'True InSync');

    expect([...stage.shop.world.clusters.keys()]).toEqual(['one']);
    expect([...stage.jobs.world.clusters.keys()]).toEqual(['two']);
  });

  test('wait for the namespace of an object to be seen, because its labels are what counts', async () => {
    const stage = await open();
    stage.account('live', ACCOUNT);
    stage.apply(clusterNamed('web'));
    await stage.until('EcsCluster', 'web', 'False DependencyNotReady');

    expect(stage.aws.calls).toEqual([]);
    stage.label({ team: 'shop' });
    await stage.until('EcsCluster', 'web', 'True InSync');

    expect(writesIn(stage.shop)).toEqual(['CreateCluster']);
  });

  test('tag sessions with the namespace and the object, and keep them apart', async () => {
    const stage = await settled({ sessionTags: ['Namespace', 'Object'] });
    stage.apply(clusterNamed('other'));
    await stage.until('EcsCluster', 'other', 'True InSync');

    const creations = stage.aws.calls.filter(({ action }) => action === 'CreateCluster');
    expect(creations.map(({ by }) => by.tags)).toEqual(
      ['web', 'other'].map((name) => ({
        'ecs-operator.dev/namespace': 'shop',
        'ecs-operator.dev/object': `EcsCluster/shop/${name}`,
      })),
    );
  });

  test('stay while they are used, and go once they are not', async () => {
    const stage = await settled();

    stage.remove('EcsAccount', 'live');
    await stage.clock.runUntil(() => stage.ready('EcsAccount', 'live') === 'False InUse');
    stage.remove('EcsCluster', 'web');
    await stage.clock.runUntil(() => stage.object('EcsAccount', 'live') === undefined);

    expect(stage.object('EcsCluster', 'web')).toBeUndefined();
    expect(writesIn(stage.shop)).toEqual(['DeleteCluster']);
  });

  test('count who uses them soon after they came or went, many at once', async () => {
    const stage = await settled();
    await stage.clock.advance(60_000);
    const before = stage.api.writes.length;

    stage.apply(clusterNamed('one'), clusterNamed('two'), clusterNamed('three'));
    stage.remove('EcsCluster', 'web');
    await stage.clock.advance(60_000);

    const written = stage.api.writes.slice(before).filter(({ resource }) => resource.plural === 'ecsaccounts');
    expect(stage.object('EcsAccount', 'live')?.['status']).toMatchObject({ usedBy: 3 });
    expect(written.length).toBeLessThanOrEqual(2);
  });

  test('count anew when a namespace goes from one to another', async () => {
    const stage = await settled();
    stage.account('jobs', { roleArn: JOBS_ROLE, namespaceSelector: { matchLabels: { team: 'jobs' } } });
    await stage.clock.advance(60_000);

    stage.label({ team: 'jobs' });
    await stage.clock.advance(60_000);

    expect(stage.object('EcsAccount', 'live')?.['status']).toMatchObject({ usedBy: 0 });
    expect(stage.object('EcsAccount', 'jobs')?.['status']).toMatchObject({ usedBy: 1 });
  });

  test('are written to only when something changes', async () => {
    const stage = await settled();
    await stage.clock.advance(60_000);
    const before = stage.api.writes.length;

    await stage.clock.advance(3 * RESYNC_MS);

    expect(stage.api.writes.slice(before)).toEqual([]);
    expect(stage.object('EcsAccount', 'live')?.['status']).toMatchObject({ accountId: SHOP_ACCOUNT, usedBy: 1 });
  });

  test('leave those without one to the operator itself where it may act', async () => {
    const stage = await open('always');
    stage.label({});
    stage.account('live', ACCOUNT);

    stage.apply(clusterNamed('web'));
    await stage.until('EcsCluster', 'web', 'True InSync');

    expect([...stage.home.world.clusters.keys()]).toEqual(['web']);
  });

  test('are asked for even while there is none, where the operator itself may not act', async () => {
    const stage = await open('never');
    stage.label({ team: 'shop' });

    stage.apply(clusterNamed('web'));
    await stage.until('EcsCluster', 'web', 'False NoAccount');

    expect(stage.aws.calls).toEqual([]);
  });
});
