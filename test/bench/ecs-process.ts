import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { startChild } from '../support/child-process.ts';
import { cleanEnvironment } from '../support/environment.ts';

const Call = z.object({
  /** Milliseconds since 1970, when it arrived. */
  at: z.number(),
  action: z.string(),
  outcome: z.string(),
  effect: z.boolean(),
  /** Resources that it names. */
  names: z.int(),
  /** The service or family that it is about, if it is about one. */
  about: z.string(),
});
export type Call = z.infer<typeof Call>;

/** The simulated ECS, in another process. Disposing of it ends that. */
export interface EcsProcess extends AsyncDisposable {
  readonly url: string;
  /** All calls that arrived, oldest first, but for the first `from` ones. */
  calls(from?: number): Promise<readonly Call[]>;
}

const Addresses = z.object({ url: z.url(), ledgerUrl: z.url() });

export async function startEcs(): Promise<EcsProcess> {
  const program = join(import.meta.dirname, 'ecs-server.ts');
  const child = startChild(process.execPath, [program], {
    environment: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 2],
  });
  const { stdout } = child.process;
  if (stdout === null) throw new Error('ECS was started without a pipe');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  createInterface({ input: stdout }).once('line', resolve);
  void child.ended.then(({ code }) => reject(new Error(`the simulated ECS ended with code ${code}`)));
  const { url, ledgerUrl } = Addresses.parse(JSON.parse(await promise));
  return {
    url,
    async calls(from = 0) {
      const answer = await fetch(`${ledgerUrl}?from=${from}`);
      return z.array(Call).parse(await answer.json());
    },
    async [Symbol.asyncDispose]() {
      await child.end('SIGTERM');
    },
  };
}
