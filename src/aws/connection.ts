import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import type { ECSClient, Failure as EcsFailure } from '@aws-sdk/client-ecs';
import { Failure } from '../core/failure.ts';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { Caller, EcsMetrics } from './caller.ts';

/** What every part of the gateway works with: the clients and one set of buckets, for one account and region. */
export interface Connection {
  readonly client: ECSClient;
  readonly scaling: ApplicationAutoScalingClient;
  readonly call: Caller;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: EcsMetrics;
  /** Ends with the gateway. Shared reads run under it, never under the signal of whoever came first. */
  readonly lifetime: AbortSignal;
}

/** How long a read waits for company: a person's hardly, a sweep's until the other workers have caught up. */
export const WINDOW_MS = { urgent: 5, sweep: 1_000 } as const;

/**
 * The names that ECS could not answer for, other than those that do not exist.
 * `failures[].arn` is the ARN, or the name as it was asked for (SDK type `Failure`).
 */
export function failuresByName(
  names: readonly string[],
  failures: readonly EcsFailure[] | undefined,
  call: string,
): ReadonlyMap<string, Error> {
  const found = new Map<string, Error>();
  for (const { arn, reason, detail } of failures ?? []) {
    if (reason === 'MISSING') continue;
    const words = [reason, detail].filter(Boolean).join(': ');
    for (const name of names) {
      if (isNamedBy(arn, name)) found.set(name, new Failure('Unavailable', `${call}: ${name}: ${words}`, { call }));
    }
  }
  return found;
}

/** True where `arn` is that very text, or ends in that name. */
export function isNamedBy(arn: string | undefined, name: string): boolean {
  return arn !== undefined && (arn === name || arn.endsWith(`/${name}`));
}

/** A right that is missing, or a name that is refused, concerns that name; the whole call fails of it all the same. */
export function isOfOneName(error: unknown): boolean {
  return error instanceof Failure && (error.code === 'AccessDenied' || error.code === 'Rejected');
}
