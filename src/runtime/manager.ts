import { Failure } from '../core/failure.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Controller } from './controller.ts';
import type { KubeObject } from './kube/kube-api.ts';
import type { LeaderElector } from './leader-election/leader-election.ts';
import type { QueuePriority } from './queue/work-queue.ts';
import type { Reflector } from './watch/reflector.ts';

/** `lease-lost`: another replica may work by now, so this one has dropped everything; only a new process should go on. */
export type Ending = 'stopped' | 'lease-lost';

export interface ManagerOptions {
  readonly controllers: readonly Controller[];
  /** What must be known beside the controllers' own objects before any of them is worked on. */
  readonly watches?: readonly Pick<Reflector, 'run' | 'hasSynced' | 'whenSynced'>[] | undefined;
  /** Undefined where there is only ever one replica. */
  readonly elector: Pick<LeaderElector, 'run'> | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** How long reconciles under way may take to end once the operator is asked to. */
  readonly shutdownGraceMs: number;
  /** Called when all work has ended, as the lease is given back: what is left to tell. Must settle in bounded time. */
  readonly flush?: (() => Promise<void>) | undefined;
}

export interface Manager {
  /**
   * Fills the caches, and works while this replica leads. Resolves after the signal aborted and what ran has ended or
   * was given up, or at once when the lease is lost; then nothing is left open. Call it once.
   */
  run(signal: AbortSignal): Promise<Ending>;
  /** Caches are filled: true of standbys as well, so that they can take over without a list. */
  readonly isReady: boolean;
  /** Looks anew at objects that something beside them has changed for. */
  wake(isConcerned: (object: KubeObject) => boolean, priority: QueuePriority): void;
  /** The reconcile that has run longest, of those that run. */
  readonly longestRunningMs: number;
}

export function createManager(options: ManagerOptions): Manager {
  const { controllers, watches = [], clock } = options;
  return {
    run: (signal) => run(options, signal),
    get isReady() {
      return [...controllers, ...watches].every(({ hasSynced }) => hasSynced);
    },
    wake(isConcerned, priority) {
      for (const controller of controllers) controller.wake(isConcerned, priority);
    },
    get longestRunningMs() {
      const begun = controllers.flatMap((controller) => [...controller.running().values()]);
      return begun.length === 0 ? 0 : clock.monotonic() - Math.min(...begun);
    },
  };
}

async function run(options: ManagerOptions, signal: AbortSignal): Promise<Ending> {
  const { controllers, watches = [], log } = options;
  const lifetime = new AbortController();
  const watching = Promise.all([
    ...watches.map((watch) => watch.run(lifetime.signal)),
    ...controllers.map((controller) => controller.watch(lifetime.signal)),
  ]);
  try {
    await Promise.all([...watches, ...controllers].map((each) => each.whenSynced(signal)));
    log.info({ count: controllers.reduce((sum, { store }) => sum + store.size, 0) }, 'caches filled');
    return await lead(options, lifetime, signal);
  } catch (error) {
    if (signal.aborted && error === signal.reason) return 'stopped';
    throw error;
  } finally {
    for (const controller of controllers) controller.stop();
    lifetime.abort();
    await watching;
  }
}

/** From the candidacy to the end of all work. The lease outlives the work, so that nobody begins before it has ended. */
async function lead(options: ManagerOptions, lifetime: AbortController, signal: AbortSignal): Promise<Ending> {
  const { controllers, elector, log, flush } = options;
  const given = new AbortController();
  const over = Promise.withResolvers<Ending>();
  const onAbort = (): void => over.resolve('stopped');
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  let working: Promise<unknown> = Promise.resolve();
  const onStarted = (): void => {
    working = Promise.all(controllers.map((controller) => controller.work(given.signal)));
    working.catch((error: unknown) => over.reject(error));
  };
  const onLost = (): void => {
    given.abort(new Failure('NotLeader', 'the lease was lost'));
    over.resolve('lease-lost');
    // It must not be won again by a process whose workers are gone.
    lifetime.abort();
  };
  if (elector === undefined) onStarted();
  const electing = elector?.run({ onStarted, onLost }, lifetime.signal);
  electing?.catch((error: unknown) => over.reject(error));
  const ending = await over.promise;
  signal.removeEventListener('abort', onAbort);
  for (const controller of controllers) controller.stop();
  if (ending === 'stopped') await withinGrace(options, working);
  given.abort(new Failure('NotLeader', 'the operator ends'));
  await working;
  lifetime.abort();
  // The next leader need not wait for what is only to be told.
  await Promise.all([electing, flush?.()]);
  log.info({ because: ending }, 'work ended');
  return ending;
}

async function withinGrace({ clock, shutdownGraceMs, log }: ManagerOptions, working: Promise<unknown>): Promise<void> {
  let isLate = false;
  const waited = Promise.withResolvers<void>();
  const cancel = clock.schedule(shutdownGraceMs, () => {
    isLate = true;
    waited.resolve();
  });
  await Promise.race([working, waited.promise]);
  cancel();
  if (isLate) log.warn({ graceMs: shutdownGraceMs }, 'work under way was given up');
}
