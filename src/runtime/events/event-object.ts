import { stableHash } from '../../lib/stable-json.ts';
import type { KubeObject, KubeResource } from '../kube/kube-api.ts';

export const EVENTS: KubeResource = { group: 'events.k8s.io', version: 'v1', plural: 'events' };

/** What is worth telling of an object. */
export interface EventNotice {
  /** What is told under one id is told once, restarts included. Without one, repetitions are counted in a series. */
  readonly id?: string | undefined;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** What was being done, as one word; `Reconcile` unless stated. */
  readonly action?: string | undefined;
}

export interface EventReporter {
  /** Such as `ecs-operator.dev/controller`. */
  readonly controller: string;
  /** Such as the name of the pod. */
  readonly instance: string;
}

/** The API server's own limits. */
const MOST_NOTE_BYTES = 1024;
const MOST_WORD_LENGTH = 128;
/** The name of an event is that of its object and a hash, within the 253 characters of a name. */
const MOST_NAME_LENGTH = 220;

/** Equal seeds give equal names, so that the API server itself refuses the second of two equal events. */
export function eventNameOf(object: KubeObject, seed: readonly unknown[]): string {
  const { name, uid } = object.metadata;
  return `${name.slice(0, MOST_NAME_LENGTH)}.${stableHash([uid, ...seed], 16)}`;
}

export function buildEvent(
  object: KubeObject,
  notice: EventNotice,
  { name, reporter, at }: { readonly name: string; readonly reporter: EventReporter; readonly at: number },
): KubeObject {
  const { apiVersion, kind, metadata } = object;
  const { namespace = 'default', uid, resourceVersion } = metadata;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name, namespace },
    eventTime: microTime(at),
    type: notice.type,
    reason: notice.reason.slice(0, MOST_WORD_LENGTH),
    action: (notice.action ?? 'Reconcile').slice(0, MOST_WORD_LENGTH),
    note: truncate(notice.message),
    regarding: { apiVersion, kind, name: metadata.name, namespace: metadata.namespace, uid, resourceVersion },
    reportingController: reporter.controller,
    reportingInstance: reporter.instance.slice(0, MOST_WORD_LENGTH),
  };
}

export function buildSeries(count: number, lastAt: number): Readonly<Record<string, unknown>> {
  return { series: { count, lastObservedTime: microTime(lastAt) } };
}

/** Within the bytes that a note may have, never within a character. */
function truncate(text: string): string {
  if (Buffer.byteLength(text) <= MOST_NOTE_BYTES) return text;
  const kept = Buffer.from(text).subarray(0, MOST_NOTE_BYTES - Buffer.byteLength('…'));
  return `${kept.toString('utf8').replace(/\uFFFD+$/, '')}…`;
}

function microTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '000Z');
}
