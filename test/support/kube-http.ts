import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Agent, request } from 'undici';
import { forgetFolder, removeOnExit, startChild } from './child-process.ts';
import type { ClusterAccess } from './kubectl.ts';

export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Of a patch. A merge patch unless stated. */
  readonly contentType?: string;
}

export interface KubeAnswer {
  readonly code: number;
  readonly body: unknown;
}

/**
 * The API server by plain requests, as admin, where a kubectl for each would take minutes. Whatever is answered is a
 * result, refusals as well. Disposing of it ends the proxy behind it.
 */
export interface KubeHttp extends AsyncDisposable {
  send(request: KubeRequest): Promise<KubeAnswer>;
}

/** kubectl's own proxy, so that every way of proving who one is works. On a socket that only this user can open. */
export async function openKubeHttp(access: ClusterAccess): Promise<KubeHttp> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-http-'));
  removeOnExit(folder);
  const socketPath = join(folder, 'socket');
  const [program, ...before] = access.kubectl;
  const environment = { ...access.environment, KUBECONFIG: access.kubeconfigPath };
  const args = [...before, 'proxy', `--unix-socket=${socketPath}`];
  const child = startChild(program, args, { environment, stdio: ['ignore', 'pipe', 2] });
  const { stdout } = child.process;
  if (stdout === null) throw new Error('kubectl proxy was started without a pipe');
  const { promise: serving, resolve, reject } = Promise.withResolvers<void>();
  createInterface(stdout).once('line', () => resolve());
  void child.ended.then(({ code }) => reject(new Error(`kubectl proxy ended with code ${code}`)));
  await serving;
  const dispatcher = new Agent({ connect: { socketPath } });
  return {
    send: (wanted) => send(dispatcher, wanted),
    async [Symbol.asyncDispose]() {
      await dispatcher.close();
      await child.end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
      forgetFolder(folder);
    },
  };
}

async function send(dispatcher: Agent, wanted: KubeRequest): Promise<KubeAnswer> {
  const { method, path, query = {}, body } = wanted;
  const { contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' } = wanted;
  const answer = await request(`http://localhost${path}`, {
    dispatcher,
    method,
    query,
    headers: { accept: 'application/json', ...(body && { 'content-type': contentType }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { code: answer.statusCode, body: await answer.body.json() };
}
