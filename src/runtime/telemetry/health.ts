import type { Registry } from 'prom-client';
import type { Clock } from '../../lib/clock.ts';
import { type Answer, type HttpServer, plain, serveHttp } from './http-server.ts';

/** What is wrong, or undefined. */
export type Check = () => string | undefined;

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface HealthChecks {
  /** Whether a restart would help. */
  readonly live: readonly Check[];
  /** Whether this replica could work. */
  readonly ready: readonly Check[];
}

export function serveHealth(address: Address, { live, ready }: HealthChecks): Promise<HttpServer> {
  return serveHttp({ ...address, routes: { '/healthz': () => verdict(live), '/readyz': () => verdict(ready) } });
}

export function serveMetrics(address: Address, registry: Registry): Promise<HttpServer> {
  const metrics = async (): Promise<Answer> => {
    return { status: 200, contentType: registry.contentType, body: await registry.metrics() };
  };
  return serveHttp({ ...address, routes: { '/metrics': metrics } });
}

function verdict(checks: readonly Check[]): Answer {
  const troubles = checks.flatMap((check) => check() ?? []);
  return troubles.length === 0 ? plain(200, 'ok\n') : plain(503, `${troubles.join('\n')}\n`);
}

const BEAT_MS = 1_000;

/** Fails while timers come so late that the event loop must stand still most of the time. Disposing ends its beat. */
export function createLoopCheck(clock: Clock, mostMs = 10_000): { readonly check: Check } & Disposable {
  let lastBeat = clock.monotonic();
  let cancel = clock.schedule(BEAT_MS, beat);
  function beat(): void {
    lastBeat = clock.monotonic();
    cancel = clock.schedule(BEAT_MS, beat);
  }
  return {
    check: () => (clock.monotonic() - lastBeat > mostMs ? 'the event loop does not turn' : undefined),
    [Symbol.dispose]: () => cancel(),
  };
}

/** Fails while a reconcile runs far longer than any may. */
export function stuckWorkerCheck(manager: { readonly longestRunningMs: number }, mostMs: number): Check {
  return () => (manager.longestRunningMs > mostMs ? 'a worker is stuck' : undefined);
}

export function cachesCheck(manager: { readonly isReady: boolean }): Check {
  return () => (manager.isReady ? undefined : 'the caches are not filled yet');
}
