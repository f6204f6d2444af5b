import { z } from 'zod';
import type { KubeAnswer, KubeHttp, KubeRequest } from './kube-http.ts';
import type { ExampleObject } from './rule-examples.ts';

interface Cause {
  /** Path of the member, as the API server writes it: `spec.containerDefinitions[0].name`. */
  readonly field: string;
  readonly message: string;
}

/** What the API server says of an object. */
export interface ApiVerdict {
  readonly isAccepted: boolean;
  /** Of a refusal. */
  readonly causes: readonly Cause[];
  /** The whole answer in words, of a refusal. */
  readonly message: string;
  /** The spec as it would be stored, where it is accepted: without what the API server drops. */
  readonly spec: unknown;
}

const Accepted = z.object({ spec: z.unknown() });

const Refusal = z.object({
  kind: z.literal('Status'),
  message: z.string(),
  details: z
    .object({
      causes: z.array(z.object({ field: z.string().default(''), message: z.string().default('') })).default([]),
    })
    .prefault({}),
});

/** Invalid, or a bad request: what a user's object can be refused with. */
const REFUSALS = [400, 422];

/** Throws where the API server has not judged the object but failed, or does not know the kind. */
export function parseVerdict({ code, body }: KubeAnswer): ApiVerdict {
  if (code >= 200 && code < 300) return { isAccepted: true, causes: [], message: '', spec: Accepted.parse(body).spec };
  const refusal = Refusal.safeParse(body);
  if (!REFUSALS.includes(code) || !refusal.success) throw new Error(`answered ${code}: ${JSON.stringify(body)}`);
  const { message, details } = refusal.data;
  return { isAccepted: false, causes: details.causes, message, spec: undefined };
}

/** Asks for verdicts in one namespace. Nothing is stored, other than by `store`. */
export interface Judge {
  create(object: ExampleObject): Promise<ApiVerdict>;
  /** Of a change to what is stored under the same name. */
  change(object: ExampleObject): Promise<ApiVerdict>;
  /** Throws where it is refused. Storing again replaces. */
  store(object: ExampleObject): Promise<void>;
}

const Stored = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

/** As kubectl does, unknown members are refused and not dropped. */
const STRICT = { fieldValidation: 'Strict' };
const DRY_RUN = { ...STRICT, dryRun: 'All' };

export function openJudge(http: KubeHttp, namespace: string): Judge {
  return {
    create: async (object) => parseVerdict(await http.send(creation(object, namespace, DRY_RUN))),
    async change(object) {
      const path = objectPath(object, namespace);
      const found = Stored.parse((await http.send({ method: 'GET', path })).body);
      const { resourceVersion } = found.metadata;
      const body = { ...object, metadata: { ...object.metadata, resourceVersion } };
      return parseVerdict(await http.send({ method: 'PUT', path, query: DRY_RUN, body }));
    },
    async store(object) {
      await http.send({ method: 'DELETE', path: objectPath(object, namespace) });
      const { isAccepted, message } = parseVerdict(await http.send(creation(object, namespace, STRICT)));
      if (!isAccepted) throw new Error(message);
    },
  };
}

function creation(object: ExampleObject, namespace: string, query: KubeRequest['query']): KubeRequest {
  return { method: 'POST', path: collectionPath(object, namespace), body: object, ...(query && { query }) };
}

/** The plural of all our kinds is the kind in lower case with an s. Accounts live in no namespace. */
export function collectionPath({ apiVersion, kind }: ExampleObject, namespace: string): string {
  const scope = kind === 'EcsAccount' ? '' : `/namespaces/${namespace}`;
  return `/apis/${apiVersion}${scope}/${kind.toLowerCase()}s`;
}

export function objectPath(object: ExampleObject, namespace: string): string {
  return `${collectionPath(object, namespace)}/${object.metadata.name}`;
}
