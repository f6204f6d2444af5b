import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { startChild } from './child-process.ts';
import type { Command } from './control-plane-binary.ts';
import { writeKubeconfig } from './control-plane-kubeconfig.ts';
import type { Environment } from './environment.ts';

/** What another process needs to use a cluster as its admin. Plain data, so that it can be handed over. */
export interface ClusterAccess {
  readonly kubeconfigPath: string;
  readonly kubectl: Command;
  readonly environment: Environment;
  /** Where kubeconfigs and caches made on the way are put. Whoever made the access removes it. */
  readonly folder: string;
  /** Without controllers nothing finishes a namespace and nothing collects garbage. */
  readonly hasControllers: boolean;
  /** For `readWrites`. A cluster that was there before keeps its own records. */
  readonly auditLogPath: string | undefined;
}

interface KubectlResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

interface KubectlOptions {
  readonly input?: string;
  /** Another identity than the admin's. */
  readonly kubeconfigPath?: string;
}

/** As much of an object's shape as every object has. */
interface AnyObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly deletionTimestamp?: string;
  };
  readonly [field: string]: unknown;
}

export interface Cluster {
  readonly access: ClusterAccess;
  /** Of the admin, who may do everything. */
  readonly kubeconfigPath: string;
  /** Runs kubectl and reports what came of it; a refusal is a result, not an exception. */
  kubectl(args: readonly string[], options?: KubectlOptions): Promise<KubectlResult>;
  /** Applies YAML, or an object, and returns what kubectl said. Throws what the API server said when it refuses. */
  apply(manifest: string | object, ...flags: readonly string[]): Promise<string>;
  /** The object as the API server has it now, or undefined if it has none. `kind` is anything kubectl takes. */
  get<T = AnyObject>(kind: string, namespace: string | undefined, name: string): Promise<T | undefined>;
  /** A namespace with a name that nobody else has. Disposing of it asks for its deletion and does not wait. */
  createNamespace(prefix: string): Promise<TestNamespace>;
  /** The path of a kubeconfig that acts as this service account, which must exist, for a day. */
  kubeconfigFor(account: { readonly namespace: string; readonly name: string }): Promise<string>;
}

interface TestNamespace extends AsyncDisposable {
  readonly name: string;
}

export function connectCluster(access: ClusterAccess): Cluster {
  const cluster: Cluster = {
    access,
    kubeconfigPath: access.kubeconfigPath,
    kubectl: (args, options = {}) => runKubectl(access, args, options),
    async apply(manifest, ...flags) {
      const input = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
      return await runOrThrow(access, ['apply', ...flags, '-f', '-'], { input });
    },
    async get<T>(kind: string, namespace: string | undefined, name: string) {
      const where = namespace === undefined ? [] : ['--namespace', namespace];
      const found = await runOrThrow(access, ['get', kind, name, ...where, '--ignore-not-found', '--output=json']);
      if (found === '') return undefined;
      const object: T = JSON.parse(found);
      return object;
    },
    async createNamespace(prefix) {
      const name = `${prefix}-${randomBytes(4).toString('hex')}`;
      await runOrThrow(access, ['create', 'namespace', name]);
      return {
        name,
        async [Symbol.asyncDispose]() {
          await runKubectl(access, ['delete', 'namespace', name, '--wait=false', '--ignore-not-found']);
        },
      };
    },
    kubeconfigFor: (account) => writeAccountKubeconfig(access, account),
  };
  return cluster;
}

async function runKubectl(
  access: ClusterAccess,
  args: readonly string[],
  options: KubectlOptions = {},
): Promise<KubectlResult> {
  const [program, ...before] = access.kubectl;
  const environment = {
    ...access.environment,
    KUBECONFIG: options.kubeconfigPath ?? access.kubeconfigPath,
    KUBECACHEDIR: join(access.folder, 'kubectl-cache'),
  };
  const child = startChild(program, [...before, ...args], { environment, stdio: ['pipe', 'pipe', 'pipe'] });
  const { stdin, stdout, stderr } = child.process;
  if (stdin === null || stdout === null || stderr === null) throw new Error('kubectl was started without pipes');
  // A kubectl that ends before it has read its input breaks the pipe; its exit code tells the story.
  stdin.on('error', () => undefined);
  stdin.end(options.input ?? '');
  const [out, err, ending] = await Promise.all([text(stdout), text(stderr), child.ended]);
  return { stdout: out, stderr: err, code: ending.code ?? 1 };
}

async function runOrThrow(
  access: ClusterAccess,
  args: readonly string[],
  options: KubectlOptions = {},
): Promise<string> {
  const { stdout, stderr, code } = await runKubectl(access, args, options);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with code ${code}: ${stderr.trim()}`);
  return stdout;
}

const StoredKubeconfig = z.object({ clusters: z.tuple([z.object({ cluster: z.looseObject({}) })]) });

async function writeAccountKubeconfig(
  access: ClusterAccess,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<string> {
  const flags = ['--namespace', namespace, '--duration=24h'];
  const token = (await runOrThrow(access, ['create', 'token', name, ...flags])).trim();
  const stored = StoredKubeconfig.parse(JSON.parse(await readFile(access.kubeconfigPath, 'utf8')));
  const path = join(access.folder, `${namespace}.${name}.${randomBytes(4).toString('hex')}.kubeconfig`);
  await writeKubeconfig(path, { cluster: stored.clusters[0].cluster, user: name, token, namespace });
  return path;
}
