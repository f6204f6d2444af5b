import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetFolder, removeOnExit } from './child-process.ts';
import { writeAuditPolicy } from './control-plane-audit.ts';
import { type ControlPlanePrograms, locateControlPlane } from './control-plane-binary.ts';
import { writeCredentials } from './control-plane-credentials.ts';
import type { ControlPlaneLayout } from './control-plane-flags.ts';
import { locateFreePort } from './control-plane-port.ts';
import { Servers, urlOf } from './control-plane-servers.ts';
import { cleanEnvironment } from './environment.ts';
import { type Cluster, connectCluster } from './kubectl.ts';

export interface ControlPlaneOptions {
  /** Unless stated: what `locateControlPlane` finds, which must not be somebody's existing cluster. */
  readonly programs?: ControlPlanePrograms;
  /** Garbage collection, namespace deletion, service accounts, role aggregation, autoscaling. On unless said otherwise. */
  readonly hasControllers?: boolean;
  readonly timeoutMs?: number;
}

/**
 * A real Kubernetes API of its own: loopback only, own ports, data and credentials, RBAC on.
 *
 * Disposing of it kills all its processes and removes its folder, logs included; a second time does nothing.
 */
export interface ControlPlane extends Cluster, AsyncDisposable {
  readonly url: string;
  /** Holds data, credentials and the logs `etcd.log`, `kube-apiserver.log` and `kube-controller-manager.log`. */
  readonly folder: string;
  readonly startedInMs: number;
  /** Process ids of what runs now, by program, for those who measure. */
  pids(): Readonly<Record<string, number>>;
  /** Kills kube-apiserver where it stands. etcd keeps the data; clients find the port closed. */
  stopApiServer(): Promise<void>;
  /** Starts it again on the same port, data and certificate, and waits until it is ready. */
  startApiServer(): Promise<void>;
}

const FOLDER_PREFIX = 'ecs-operator-control-plane-';

export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const programs = options.programs ?? (await locatePrograms());
  const startedAt = performance.now();
  await sweepAbandonedFolders();
  const folder = await mkdtemp(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  removeOnExit(folder);
  const layout = await layOut(folder);
  const { hasControllers = true, timeoutMs = 60_000 } = options;
  const servers = new Servers({ programs, hasControllers, timeoutMs }, layout);
  try {
    await servers.start();
  } catch (error) {
    await dispose(servers, folder);
    throw error;
  }
  const cluster = connectCluster({
    kubeconfigPath: layout.kubeconfigPath,
    kubectl: programs.kubectl,
    environment: cleanEnvironment({ HOME: join(folder, 'home') }),
    folder,
    hasControllers: hasControllers && programs.controllerManager !== undefined,
    auditLogPath: layout.auditLogPath,
  });
  return {
    ...cluster,
    url: urlOf(layout),
    folder,
    startedInMs: Math.round(performance.now() - startedAt),
    pids: () => servers.pids(),
    stopApiServer: () => servers.stopApiServer(),
    startApiServer: () => servers.startApiServer(),
    [Symbol.asyncDispose]: () => dispose(servers, folder),
  };
}

async function locatePrograms(): Promise<ControlPlanePrograms> {
  const source = await locateControlPlane(process.env);
  if (source.from === 'existing-cluster') {
    throw new Error('a control plane of its own was asked for, but USE_EXISTING_CLUSTER=true names a cluster to use');
  }
  return source.programs;
}

async function layOut(folder: string): Promise<ControlPlaneLayout> {
  const auditPolicyPath = join(folder, 'audit-policy.json');
  await writeAuditPolicy(auditPolicyPath);
  return {
    folder,
    kubeconfigPath: join(folder, 'admin.kubeconfig'),
    controllersKubeconfigPath: join(folder, 'controllers.kubeconfig'),
    auditPolicyPath,
    auditLogPath: join(folder, 'audit.log'),
    credentials: await writeCredentials(folder),
    etcdPort: await locateFreePort(),
    apiServerPort: await locateFreePort(),
  };
}

async function dispose(servers: Servers, folder: string): Promise<void> {
  await servers.kill();
  await rm(folder, { recursive: true, force: true });
  forgetFolder(folder);
  await sweepAbandonedFolders();
}

/** A run that was killed outright could not remove its folder; others do, once its process is gone. */
async function sweepAbandonedFolders(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(FOLDER_PREFIX));
  for (const name of names) {
    const pid = Number.parseInt(name.slice(FOLDER_PREFIX.length), 10);
    if (!isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A process of somebody else answers with EPERM: it lives, and so its folder is left alone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
