import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  ApplicationAutoScalingClient,
  type ApplicationAutoScalingClientConfig,
} from '@aws-sdk/client-application-auto-scaling';
import { ECSClient, type ECSClientConfig } from '@aws-sdk/client-ecs';
import { realClock } from '../simulator/clock.ts';
import { serveSimulator } from '../simulator/http.ts';
import { createSimulator } from '../simulator/simulator.ts';
import { cleanEnvironment } from '../support/environment.ts';
import { waitFor } from '../support/wait-for.ts';

/** An ECS to hold the suite against. Ending it leaves nothing behind. */
export interface Backing extends AsyncDisposable {
  readonly ecs: ECSClient;
  readonly scaling: ApplicationAutoScalingClient;
  /** How long what takes time may take here. */
  readonly patienceMs: number;
}

export type BackingName = 'simulator' | 'moto' | 'LocalStack' | 'endpoint' | 'AWS';

export interface BackingSource {
  readonly name: BackingName;
  /** Why it cannot be had here, in words for the report; undefined where it can. */
  readonly missing: string | undefined;
  start(): Promise<Backing>;
}

const MOTO = join(import.meta.dirname, '..', '..', '.cache', 'moto', 'bin', 'moto_server');
const TEST_KEYS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Every backing there can be, in order. What is missing here is told, never passed over in silence. */
export function locateBackings(environment: Readonly<NodeJS.ProcessEnv>): readonly BackingSource[] {
  const endpoint = environment['AWS_ENDPOINT_URL_ECS'] ?? environment['AWS_ENDPOINT_URL'];
  return [
    { name: 'simulator', missing: undefined, start: startSimulator },
    {
      name: 'moto',
      missing: existsSync(MOTO)
        ? undefined
        : 'no moto_server in .cache/moto (make test-contract installs it, with Python)',
      start: startMoto,
    },
    {
      name: 'LocalStack',
      missing: withoutLocalStack(environment),
      start: () => startLocalStack(environment['LOCALSTACK_AUTH_TOKEN'] ?? ''),
    },
    {
      name: 'endpoint',
      missing: endpoint ? undefined : 'no AWS_ENDPOINT_URL_ECS or AWS_ENDPOINT_URL',
      start: async () => connectTo(endpoint ?? ''),
    },
    {
      name: 'AWS',
      missing: environment['E2E_AWS'] === '1' ? undefined : 'E2E_AWS=1 is not set (it makes real resources)',
      start: async () => ({ ...backingOf({}, async () => undefined), patienceMs: 600_000 }),
    },
  ];
}

async function startSimulator(): Promise<Backing> {
  const served = await serveSimulator(createSimulator({ clock: realClock({ speed: 100 }) }), { port: 0 });
  return connectTo(served.url, () => served.close());
}

async function startMoto(): Promise<Backing> {
  const port = await freePort();
  const server = spawn(MOTO, ['-H', '127.0.0.1', '-p', String(port)], { env: cleanEnvironment(), stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await waitFor(
    'moto to answer',
    () => fetch(`${url}/moto-api/`),
    ({ ok }) => ok,
    { timeoutMs: 60_000 },
  );
  return connectTo(url, async () => void server.kill('SIGKILL'));
}

function withoutLocalStack(environment: Readonly<NodeJS.ProcessEnv>): string | undefined {
  if (!environment['LOCALSTACK_AUTH_TOKEN']) return 'no LOCALSTACK_AUTH_TOKEN (ECS is a paid part of it)';
  return environment['DOCKER_HOST'] || existsSync('/var/run/docker.sock') ? undefined : 'no Docker to run it in';
}

async function startLocalStack(token: string): Promise<Backing> {
  // Only here, as loading it takes long and most machines have no engine.
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer('localstack/localstack-pro:latest')
    .withEnvironment({ LOCALSTACK_AUTH_TOKEN: token, SERVICES: 'ecs,application-autoscaling' })
    .withExposedPorts(4566)
    .withWaitStrategy(Wait.forHttp('/_localstack/health', 4566))
    .start();
  const url = `http://${container.getHost()}:${container.getMappedPort(4566)}`;
  return connectTo(url, async () => void (await container.stop()));
}

function connectTo(endpoint: string, stop: () => Promise<void> = async () => undefined): Backing {
  return backingOf({ endpoint, region: 'eu-central-1', credentials: TEST_KEYS, maxAttempts: 1 }, stop);
}

function backingOf(config: ECSClientConfig & ApplicationAutoScalingClientConfig, stop: () => Promise<void>): Backing {
  const ecs = new ECSClient(config);
  const scaling = new ApplicationAutoScalingClient(config);
  return {
    ecs,
    scaling,
    patienceMs: 5_000,
    async [Symbol.asyncDispose]() {
      ecs.destroy();
      scaling.destroy();
      await stop();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
