import { stableHash } from '../../lib/stable-json.ts';
import type { DesiredService, ServiceStep } from './model.ts';

/** "Up to 36 ASCII characters" (SDK: CreateServiceRequest.clientToken). */
export const TOKEN_LENGTH = 36;

/**
 * CreateService. Asked again with the same wish it is the same request, token and all, so that a lost answer makes no
 * second service; after the service has gone it is another one. `formerly` is when the last one was made.
 */
export function creation(desired: DesiredService, formerly: string | undefined): ServiceStep {
  const content = {
    cluster: desired.at.cluster,
    serviceName: desired.name,
    ...desired.stated,
    ...desired.fixed,
    desiredCount: initialCount(desired),
    tags: desired.tags.map(({ key, value }) => ({ key, value: value ?? '' })),
  };
  const lastCreatedAt = latest(formerly, desired.createdAt);
  const clientToken = stableHash({ uid: desired.uid, content, lastCreatedAt }, TOKEN_LENGTH);
  return { call: 'CreateService', input: { ...content, clientToken } };
}

/** REPLICA needs a count (SDK: CreateServiceRequest.desiredCount), so one that nobody states is the least that scaling allows, or 1; DAEMON refuses it. */
function initialCount({ stated, fixed, scaling }: DesiredService): number | undefined {
  if (fixed.schedulingStrategy === 'DAEMON') return undefined;
  return stated.desiredCount ?? scaling?.block?.minCapacity ?? 1;
}

/** Of two ISO times the later. */
function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
