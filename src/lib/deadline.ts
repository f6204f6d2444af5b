import type { Clock } from './clock.ts';

/**
 * Runs `work` under a signal that aborts with the caller's, or with `error()` once `ms` have passed. Settles as soon as
 * that signal aborts, whether or not the work heeds it; what the work does afterwards is dropped.
 */
export async function withDeadline<T>(
  { clock, ms, error }: { readonly clock: Pick<Clock, 'schedule'>; readonly ms: number; readonly error: () => Error },
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const deadline = new AbortController();
  const cancel = clock.schedule(ms, () => deadline.abort(error()));
  try {
    return await orAborted(AbortSignal.any([signal, deadline.signal]), work);
  } finally {
    cancel();
  }
}

/** Settles with the work, or rejects with the signal's reason as soon as it aborts. */
export function orAborted<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    function onAbort(): void {
      reject(signal.reason);
    }
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    work(signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
