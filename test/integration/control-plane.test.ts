import { existsSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';
import { locateBuild } from '../../tools/control-plane/build.ts';
import { startControlPlane } from '../support/control-plane.ts';
import { locateControlPlane } from '../support/control-plane-binary.ts';
import { connectCluster } from '../support/kubectl.ts';
import { waitFor } from '../support/wait-for.ts';

const access = inject('cluster');
const cluster = connectCluster(access);
const source = await locateControlPlane(process.env);

const account = (namespace: string, name: string) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace },
});

/** What an API server says that knows who asks and does not let them. */
const FORBIDDEN = /is forbidden: User "system:serviceaccount:/;

describe('the cluster of the run', () => {
  test.runIf(source.from === 'built')(
    'runs the version that go.mod pins, because kubectl checks the skew',
    async () => {
      const { version } = await locateBuild(process.env);

      const { stdout } = await cluster.kubectl(['version', '--output=json']);

      expect(JSON.parse(stdout)).toMatchObject({
        serverVersion: { gitVersion: version },
        clientVersion: { gitVersion: version },
      });
    },
  );

  test('refuses an account without rules, because an operator that lacks a rule must fail here too', async () => {
    await using namespace = await cluster.createNamespace('rbac');
    await cluster.apply(account(namespace.name, 'nobody'));
    const kubeconfigPath = await cluster.kubeconfigFor({ namespace: namespace.name, name: 'nobody' });

    const whoami = await cluster.kubectl(['auth', 'whoami'], { kubeconfigPath });
    const list = await cluster.kubectl(['get', 'configmaps'], { kubeconfigPath });

    expect(whoami.stdout).toContain(`system:serviceaccount:${namespace.name}:nobody`);
    expect(list.code).toBe(1);
    expect(list.stderr).toMatch(FORBIDDEN);
  });

  test('lets an account do what its role says and no more, because the rendered rules are what is tested', async () => {
    await using namespace = await cluster.createNamespace('rbac');
    const at = ['--namespace', namespace.name];
    await cluster.apply(account(namespace.name, 'reader'));
    await cluster.kubectl(['create', 'role', 'reader', '--verb=get,list', '--resource=configmaps', ...at]);
    const subject = `--serviceaccount=${namespace.name}:reader`;
    await cluster.kubectl(['create', 'rolebinding', 'reader', '--role=reader', subject, ...at]);
    const kubeconfigPath = await cluster.kubeconfigFor({ namespace: namespace.name, name: 'reader' });

    const read = await cluster.kubectl(['get', 'configmaps'], { kubeconfigPath });
    const write = await cluster.kubectl(['create', 'configmap', 'x'], { kubeconfigPath });

    expect(read).toMatchObject({ code: 0 });
    expect(write.stderr).toMatch(FORBIDDEN);
  });

  test('hands an object out as JSON and undefined for none, because tests look rather than parse tables', async () => {
    await using namespace = await cluster.createNamespace('get');
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x', namespace: namespace.name },
      data: { a: '1' },
    });

    const found = await cluster.get('configmap', namespace.name, 'x');
    const none = await cluster.get('configmap', namespace.name, 'y');

    expect(found).toMatchObject({ kind: 'ConfigMap', data: { a: '1' } });
    expect(none).toBeUndefined();
  });
});

describe.runIf(access.hasControllers)('the controllers of the cluster', () => {
  test('finish a namespace, because a test must see that nothing of ours holds it back', async () => {
    await using namespace = await cluster.createNamespace('gone');
    await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: namespace.name } });

    const deleted = await cluster.kubectl(['delete', 'namespace', namespace.name, '--wait=true', '--timeout=30s']);

    expect(deleted).toMatchObject({ code: 0 });
    expect(await cluster.get('namespace', undefined, namespace.name)).toBeUndefined();
  });

  test('collect what belonged to a deleted object, because owner references of ours must be true', async () => {
    await using namespace = await cluster.createNamespace('garbage');
    const metadata = { name: 'owner', namespace: namespace.name };
    await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    const owner = await cluster.get('configmap', namespace.name, 'owner');
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner?.metadata.uid }];
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'owned', namespace: namespace.name, ownerReferences },
    });

    await cluster.kubectl(['delete', 'configmap', 'owner', '--namespace', namespace.name]);

    const look = () => cluster.get('configmap', namespace.name, 'owned');
    const collected = waitFor('the owned object to be collected', look, (seen) => seen === undefined);
    await expect(collected).resolves.toBeUndefined();
  });

  test('give a namespace its default account, because pods of a user start under it', async () => {
    await using namespace = await cluster.createNamespace('account');

    const look = () => cluster.get('serviceaccount', namespace.name, 'default');
    const found = await waitFor('the default account', look, (seen) => seen !== undefined);

    expect(found?.metadata.namespace).toBe(namespace.name);
  });

  test('fill an aggregated role, because the chart extends view and edit for our kinds', async () => {
    const name = `aggregated-${crypto.randomUUID().slice(0, 8)}`;
    const labels = { [`test/${name}`]: 'true' };
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }];
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' };
    await cluster.apply({
      ...role,
      metadata: { name },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: labels }] },
    });

    await cluster.apply({ ...role, metadata: { name: `${name}-part`, labels }, rules });

    const look = () => cluster.get('clusterrole', undefined, name);
    const filled = await waitFor('the role to be filled', look, (seen) => seen?.['rules'] !== null);
    expect(filled).toMatchObject({ rules });
    await cluster.kubectl(['delete', 'clusterrole', name, `${name}-part`]);
  });
});

describe.runIf(source.from !== 'existing-cluster')('a control plane of its own', () => {
  test('keeps its data over a crash of the API server, because fault tests break it mid-way', async () => {
    await using plane = await startControlPlane({ hasControllers: false });
    const namespace = await plane.createNamespace('kept');

    await plane.stopApiServer();
    const meanwhile = await plane.kubectl(['get', 'namespaces', '--request-timeout=2s']);
    await plane.startApiServer();

    expect(meanwhile.stderr).toContain('refused');
    expect(await plane.get('namespace', undefined, namespace.name)).toBeDefined();
  });

  test('leaves nothing behind, because a machine runs these tests many times', async () => {
    const plane = await startControlPlane({ hasControllers: false });
    const pids = Object.values(plane.pids());

    await plane[Symbol.asyncDispose]();
    await plane[Symbol.asyncDispose]();

    expect(pids).toHaveLength(2);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(plane.folder)).toBe(false);
  });
});
