import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { locateBuild } from '../../tools/control-plane/build.ts';
import { readWrites } from '../support/control-plane-audit.ts';
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

describe('the choice of a cluster', () => {
  const assets = join(import.meta.dirname, 'no-such-folder');

  test('follows an existing cluster before all else, because it was asked for by name', async () => {
    const found = await locateControlPlane({
      ...process.env,
      PATH: await folderWithKubectl(),
      USE_EXISTING_CLUSTER: 'true',
      KUBEBUILDER_ASSETS: assets,
      KUBECONFIG: '/some/kubeconfig',
    });

    expect(found).toMatchObject({ from: 'existing-cluster' });
    expect(found.because).toContain('/some/kubeconfig');
  });

  test('names the envtest binary that is missing, because a silent build instead would surprise', async () => {
    const locating = locateControlPlane({ ...process.env, USE_EXISTING_CLUSTER: '', KUBEBUILDER_ASSETS: assets });

    await expect(locating).rejects.toThrow(`${join(assets, 'etcd')} is missing`);
  });
});

describe.runIf(access.auditLogPath !== undefined)('the record of writes', () => {
  test('tells who wrote what and leaves reads out, because silence is proven by it', async () => {
    await using namespace = await cluster.createNamespace('audit');
    const metadata = { name: 'x', namespace: namespace.name };

    await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    await cluster.get('configmap', namespace.name, 'x');

    const wanted = { user: 'admin', verb: 'create', resource: 'configmaps', name: 'x', code: 201 };
    const look = async () => {
      const writes = await readWrites(access.auditLogPath ?? '');
      return writes.filter((write) => write.namespace === namespace.name && write.resource === 'configmaps');
    };
    const seen = await waitFor('the write to be recorded', look, (writes) =>
      writes.some(({ user }) => user === 'admin'),
    );
    expect(seen.filter(({ user }) => user === 'admin')).toMatchObject([wanted]);
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

/** The test looks for kubectl only; it need not be a working one. */
async function folderWithKubectl(): Promise<string> {
  const folder = join(access.folder, 'path');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'kubectl'), '', { mode: 0o755 });
  return folder;
}
