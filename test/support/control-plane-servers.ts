import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from './child-process.ts';
import type { Command, ControlPlanePrograms } from './control-plane-binary.ts';
import { writeKubeconfigs } from './control-plane-credentials.ts';
import { apiServerFlags, type ControlPlaneLayout, controllerManagerFlags, etcdFlags } from './control-plane-flags.ts';
import { cleanEnvironment } from './environment.ts';

export type ServerName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager';

export interface ServerOptions {
  readonly programs: ControlPlanePrograms;
  readonly hasControllers: boolean;
  readonly timeoutMs: number;
}

const POLL_MS = 50;

/** The processes of one control plane. They are killed, never asked: kube-apiserver would drain for a minute. */
export class Servers {
  readonly #children = new Map<ServerName, Child>();
  readonly #options: ServerOptions;
  readonly #layout: ControlPlaneLayout;

  constructor(options: ServerOptions, layout: ControlPlaneLayout) {
    this.#options = options;
    this.#layout = layout;
  }

  /** Returns when the API server is ready. The controllers come up meanwhile and after. */
  async start(): Promise<void> {
    const { programs, hasControllers } = this.#options;
    await mkdir(join(this.#layout.folder, 'home'));
    await this.#launch('etcd', programs.etcd, etcdFlags(this.#layout));
    await this.startApiServer();
    if (hasControllers && programs.controllerManager !== undefined) {
      const flags = controllerManagerFlags(this.#layout);
      await this.#launch('kube-controller-manager', programs.controllerManager, flags);
    }
  }

  async startApiServer(): Promise<void> {
    const running = this.#children.get('kube-apiserver');
    if (running?.isRunning() === true) return;
    await this.#launch('kube-apiserver', this.#options.programs.apiServer, apiServerFlags(this.#layout));
    await this.#untilReady();
  }

  async stopApiServer(): Promise<void> {
    await this.#children.get('kube-apiserver')?.end('SIGKILL');
  }

  async kill(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.end('SIGKILL')));
  }

  pids(): Readonly<Record<string, number>> {
    const alive = [...this.#children].filter(([, child]) => child.isRunning());
    return Object.fromEntries(alive.map(([name, child]) => [name, child.process.pid ?? 0]));
  }

  async #launch(name: ServerName, [program, ...before]: Command, flags: readonly string[]): Promise<void> {
    const environment = cleanEnvironment({
      HOME: join(this.#layout.folder, 'home'),
      CONTROL_PLANE_EXIT_ON_STDIN_END: 'true',
    });
    await using log = await open(this.#logPath(name), 'a');
    const stdio: ['pipe', number, number] = ['pipe', log.fd, log.fd];
    this.#children.set(name, startChild(program, [...before, ...flags], { environment, stdio, isSpared: true }));
  }

  async #untilReady(): Promise<void> {
    const { certificateFile } = this.#layout.credentials;
    const deadline = performance.now() + this.#options.timeoutMs;
    let answer = 'no certificate yet';
    while (performance.now() < deadline) {
      this.#assertRunning();
      if (existsSync(certificateFile)) answer = await askReadiness(this.#layout);
      if (answer === '200') {
        await writeKubeconfigs(this.#layout, urlOf(this.#layout));
        return;
      }
      await sleep(POLL_MS);
    }
    const message = `kube-apiserver was not ready after ${this.#options.timeoutMs} ms, its last answer: ${answer}`;
    throw new Error(`${message}\n${this.#logTail('kube-apiserver')}`);
  }

  #assertRunning(): void {
    for (const [name, child] of this.#children) {
      if (!child.isRunning()) throw new Error(`${name} ended while it was waited for\n${this.#logTail(name)}`);
    }
  }

  #logPath(name: ServerName): string {
    return join(this.#layout.folder, `${name}.log`);
  }

  #logTail(name: ServerName): string {
    return readFileSync(this.#logPath(name), 'utf8').trimEnd().split('\n').slice(-20).join('\n');
  }
}

export function urlOf(layout: ControlPlaneLayout): string {
  return `https://127.0.0.1:${layout.apiServerPort}`;
}

/** The HTTP status of /readyz, or why there is none. */
async function askReadiness(layout: ControlPlaneLayout): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const options = {
    ca: readFileSync(layout.credentials.certificateFile),
    headers: { authorization: `Bearer ${layout.credentials.adminToken}` },
    agent: false,
    timeout: 5_000,
  };
  const request = get(`${urlOf(layout)}/readyz`, options, (response) => {
    response.resume();
    resolve(String(response.statusCode));
  });
  request.once('timeout', () => request.destroy(new Error('no answer within 5 s')));
  request.once('error', (error) => resolve(error.message));
  return await promise;
}
