import type { Clock } from '../../src/lib/clock.ts';
import { sleepOn } from '../../src/lib/clock.ts';
import type { KubeApi, KubeKey, KubeResource, KubeWatchEvent } from '../../src/runtime/kube/kube-api.ts';
import { actionOf } from '../simulator/json-protocol.ts';
import { isRead } from '../simulator/recording.ts';
import type { SdkHandler } from '../simulator/sdk-handler.ts';

/** A write on its way out of the process. */
export interface OutgoingWrite {
  readonly to: 'Kubernetes' | 'AWS';
  /** `patch ecsservices/web status`, `CreateService`. */
  readonly what: string;
}

/** Told of each write at once before it leaves and once more when the other side has done with it. */
type WriteWatcher = (write: OutgoingWrite, when: 'before' | 'after') => void;

/** What a process is shown of a watch, in place of what the API server sends. */
export type WatchFilter = (
  events: AsyncIterable<KubeWatchEvent>,
  resource: KubeResource,
) => AsyncIterable<KubeWatchEvent>;

export interface Surroundings {
  readonly clock: Clock;
  readonly api: KubeApi;
  readonly ecs: SdkHandler;
  readonly onWrite: WriteWatcher;
  readonly filter: WatchFilter;
}

/**
 * The ways out of one process: time, Kubernetes and AWS. After `cut` nothing that still runs inside reaches the world,
 * and neither an answer nor a timer reaches the inside, as if the process had been killed at that very instant. What
 * is already with the other side takes its effect there.
 */
export interface ProcessBoundary {
  readonly clock: Clock;
  readonly api: KubeApi;
  readonly ecs: SdkHandler;
  cut(): void;
  /** Like SIGSTOP for so long: nothing runs inside, and what is about to leave leaves after. */
  freeze(ms: number): void;
  /** Sets the wall clock of this process forward or back, and nobody else's. */
  jump(ms: number): void;
}

export function drawBoundary({ clock, api, ecs, onWrite, filter }: Surroundings): ProcessBoundary {
  const life = new AbortController();
  const { signal: alive } = life;
  const cancels = new Set<() => void>();
  let thawing: Promise<void> | undefined;
  let ahead = 0;

  /** What the call comes to; nothing ever, once the process is dead. */
  async function pass<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    if (alive.aborted) return await nothingEver();
    const [settled] = await Promise.allSettled([call()]);
    if (thawing !== undefined) await thawing;
    if (alive.aborted) return await nothingEver();
    if (settled.status === 'rejected') throw settled.reason;
    return settled.value;
  }

  function passWrite<Answer>(write: OutgoingWrite, call: () => Promise<Answer>): Promise<Answer> {
    return pass(async () => {
      onWrite(write, 'before');
      if (thawing !== undefined) await thawing;
      if (alive.aborted) return await nothingEver();
      try {
        return await call();
      } finally {
        if (!alive.aborted) onWrite(write, 'after');
      }
    });
  }

  const ownClock: Clock = {
    now: () => clock.now() + ahead,
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => sleepOn(ownClock, ms, signal),
    schedule(ms, callback) {
      if (alive.aborted) return () => undefined;
      let isCancelled = false;
      const run = (): void => {
        if (!isCancelled && !alive.aborted) callback();
      };
      const cancel = clock.schedule(ms, () => {
        cancels.delete(cancel);
        if (thawing === undefined) run();
        else void thawing.then(run);
      });
      cancels.add(cancel);
      return () => {
        isCancelled = true;
        cancels.delete(cancel);
        cancel();
      };
    },
  };

  return {
    clock: ownClock,
    api: kubeWithin({ api, alive, filter, pass, passWrite }),
    ecs: {
      ...ecs,
      handle(request, options) {
        const action = actionOf(request.headers['x-amz-target']) ?? '';
        const call = () => ecs.handle(request, options);
        return isRead(action) ? pass(call) : passWrite({ to: 'AWS', what: action }, call);
      },
    },
    cut() {
      for (const cancel of cancels) cancel();
      cancels.clear();
      life.abort(new Error('the process is gone'));
    },
    freeze(ms) {
      const thaw = Promise.withResolvers<void>();
      thawing = thaw.promise;
      clock.schedule(ms, () => {
        thawing = undefined;
        thaw.resolve();
      });
    },
    jump: (ms) => void (ahead += ms),
  };
}

interface Gate {
  readonly api: KubeApi;
  readonly alive: AbortSignal;
  readonly filter: WatchFilter;
  readonly pass: <Answer>(call: () => Promise<Answer>) => Promise<Answer>;
  readonly passWrite: <Answer>(write: OutgoingWrite, call: () => Promise<Answer>) => Promise<Answer>;
}

function kubeWithin({ api, alive, filter, pass, passWrite }: Gate): KubeApi {
  return {
    list: (resource, options, signal) => pass(() => api.list(resource, options, signal)),
    get: (resource, key, signal) => pass(() => api.get(resource, key, signal)),
    create: (resource, object, signal) =>
      passWrite(writeOf('create', resource, object.metadata), () => api.create(resource, object, signal)),
    replace: (resource, object, signal) =>
      passWrite(writeOf('replace', resource, object.metadata), () => api.replace(resource, object, signal)),
    patch: (resource, key, patch, signal) =>
      passWrite(writeOf('patch', resource, key, patch.subresource), () => api.patch(resource, key, patch, signal)),
    async *watch(resource, options, signal): AsyncGenerator<KubeWatchEvent> {
      const events = filter(api.watch(resource, options, AbortSignal.any([signal, alive])), resource);
      const iterator = events[Symbol.asyncIterator]();
      // A dead process reads no further, so that its connection would stay open for ever.
      alive.addEventListener('abort', () => void iterator.return?.(), { once: true });
      try {
        for (;;) {
          const next = await pass(() => iterator.next());
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        await iterator.return?.();
      }
    },
  };
}

function writeOf(verb: string, { plural }: KubeResource, { name }: KubeKey, subresource?: string): OutgoingWrite {
  return { to: 'Kubernetes', what: [verb, `${plural}/${name}`, subresource].filter(Boolean).join(' ') };
}

function nothingEver(): Promise<never> {
  return new Promise(() => undefined);
}
