import { z } from 'zod';
import type { Passage } from './kube-proxy.ts';

const Written = z.looseObject({
  metadata: z.looseObject({ finalizers: z.array(z.string()).optional() }).default({}),
  status: z
    .looseObject({ conditions: z.array(z.object({ type: z.string(), reason: z.string() })).optional() })
    .optional(),
  reason: z.string().optional(),
  series: z.looseObject({}).nullish(),
  regarding: z.looseObject({ kind: z.string(), name: z.string() }).optional(),
});

/**
 * Which write of a story a request to the API server is, whoever makes it and when: what it is about, and what it says of
 * it. Undefined for a read.
 */
export function kubePointOf({ method, url, body }: Pick<Passage, 'method' | 'url' | 'body'>): string | undefined {
  if (method === 'GET') return undefined;
  const written = Written.parse(JSON.parse(body));
  const [resource = '', name = '', subresource = ''] = url.pathname.replace(/^.*\/namespaces\/[^/]+\//, '').split('/');
  // The name of an Event is made anew each time.
  if (resource === 'events') return `${method} event ${eventOf(written)}`;
  return [`${method} ${resource}/${name}`, subresource, saidBy(written)].filter(Boolean).join(' ');
}

type Written = z.infer<typeof Written>;

function eventOf({ regarding, reason, series }: Written): string {
  return series ? 'series' : `${reason} of ${regarding?.kind}/${regarding?.name}`;
}

function saidBy({ metadata, status }: Written): string {
  if (metadata.finalizers !== undefined) return `finalizers ${metadata.finalizers.length}`;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.reason;
  const members = Object.keys(status ?? {}).filter((member) => member !== 'conditions');
  return [ready, members.toSorted().join(',')].filter(Boolean).join(' with ');
}
