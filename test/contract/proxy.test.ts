import { randomBytes } from 'node:crypto';
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CreateClusterCommand, DescribeClustersCommand, ECSClient } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import type { CallPath } from '../simulator/call-path.ts';
import { realClock } from '../simulator/clock.ts';
import { serveSimulator } from '../simulator/http.ts';
import { createProxy } from '../simulator/proxy.ts';
import { type BackingSource, locateBackings } from './ecs-backings.ts';
import { CASES } from './ecs-cases.ts';
import { DEVIATIONS } from './ecs-deviations.ts';

/** AWS itself is left out: it would not take a signature that was made for the proxy. */
const SOURCES = locateBackings(process.env).filter(({ name }) => name !== 'AWS');

interface Front extends AsyncDisposable {
  readonly proxy: CallPath;
  readonly ecs: ECSClient;
  readonly scaling: ApplicationAutoScalingClient;
  readonly patienceMs: number;
}

/** The proxy before a backing of its own, and a client that knows the proxy only. */
async function openFront({ start }: BackingSource): Promise<Front> {
  await using cleanup = new AsyncDisposableStack();
  const backing = cleanup.use(await start());
  const { protocol, hostname, port } = (await backing.ecs.config.endpoint?.()) ?? {};
  const proxy = createProxy({ endpoint: `${protocol}//${hostname}:${port}`, clock: realClock() });
  const served = await serveSimulator(proxy, { port: 0 });
  cleanup.defer(() => served.close());
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const config = { endpoint: served.url, region: 'eu-central-1', credentials, maxAttempts: 1 };
  const ecs = new ECSClient(config);
  cleanup.defer(() => ecs.destroy());
  const scaling = new ApplicationAutoScalingClient(config);
  cleanup.defer(() => scaling.destroy());
  const lifetime = cleanup.move();
  return {
    proxy,
    ecs,
    scaling,
    patienceMs: backing.patienceMs,
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  };
}

describe.for(SOURCES.filter(({ missing }) => missing === undefined))('the proxy before $name', (source) => {
  test('changes no verdict on any fact, because it adds nothing where nothing is asked for', async () => {
    await using front = await openFront(source);

    const wrong: string[] = [];
    for (const { id, run } of CASES) {
      const isKnown = DEVIATIONS[source.name]?.[id] !== undefined;
      const patienceMs = isKnown ? 500 : front.patienceMs;
      const name = `proxy-${id}-${randomBytes(3).toString('hex')}`;
      const error = await run(front.ecs, name, patienceMs, front.scaling).then(
        () => undefined,
        (reason: unknown) => (reason instanceof Error ? reason.message : 'fails'),
      );
      if ((error !== undefined) !== isKnown) wrong.push(`${id}: ${error ?? 'holds'}`);
    }

    expect(wrong).toEqual([]);
  });

  test('loses an answer after the effect, because the backing has heard of nothing', async () => {
    await using front = await openFront(source);
    const clusterName = `proxy-reset-${randomBytes(3).toString('hex')}`;
    front.proxy.faults.add({ action: 'CreateCluster', nth: 1, when: 'after', error: 'reset' });

    const lost = front.ecs.send(new CreateClusterCommand({ clusterName }));

    await expect(lost).rejects.toMatchObject({ code: 'ECONNRESET' });
    const { clusters } = await front.ecs.send(new DescribeClustersCommand({ clusters: [clusterName] }));
    expect(clusters).toMatchObject([{ clusterName, status: 'ACTIVE' }]);
    expect(front.proxy.writes()).toMatchObject([{ action: 'CreateCluster', effect: true }]);
  });
});

describe('a backing that cannot be had here', () => {
  // oxlint-disable-next-line vitest/expect-expect -- there is nothing to expect of what is not there; it is told and counted
  test.for(SOURCES.filter(({ missing }) => missing !== undefined))(
    'has no proxy before it: $name, $missing',
    ({ missing }, { skip }) => {
      skip(missing);
    },
  );
});
