import type { Definition, Issue, Parser } from '../../core/definition.ts';
import type {
  CommonStatus,
  Condition,
  KindTypes,
  Location,
  Managed,
  ObjectMeta,
  Referent,
} from '../../core/managed-kind.ts';
import { isPlainObject } from '../../lib/stable-json.ts';
import type { KubeObject } from '../kube/kube-api.ts';

type Json = Readonly<Record<string, unknown>>;

export type Parsed<T extends KindTypes> =
  | { readonly is: 'valid'; readonly object: Managed<T> }
  /** Of the metadata and the status all is known; the message says what is wrong with the spec. */
  | { readonly is: 'invalid'; readonly message: string };

/** How many issues a message names. */
const NAMED_ISSUES = 3;

/**
 * A stored object as its kind knows it. A deleting one is always valid: its rules are not asked, and where its spec does
 * not even fit the schema it is taken as it stands, as it must still be able to go.
 */
export function parseManaged<T extends KindTypes>(
  stored: KubeObject,
  definition: Definition<T['spec'], T['status']>,
  clusterId: string,
): Parsed<T> {
  const metadata = metaOf(stored);
  const isDeleting = metadata.deletionTimestamp !== undefined;
  const spec = definition.spec.safeParse(stored['spec'] ?? {});
  if (!spec.success && !isDeleting) return { is: 'invalid', message: describeIssues(issuesOf(spec.error.issues)) };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a deleting object's spec as it stands
  const taken = spec.success ? spec.data : (membersOf(stored['spec']) as T['spec']);
  const issues = isDeleting ? [] : definition.check({ name: metadata.name, spec: taken });
  if (issues.length > 0) return { is: 'invalid', message: describeIssues(issues) };
  const owner = { clusterId, kind: definition.kind, namespace: metadata.namespace, name: metadata.name };
  return { is: 'valid', object: { metadata, spec: taken, status: statusOf<T>(stored, definition.status), owner } };
}

/** What an object of another kind may know of this one. */
export function referentOf(stored: KubeObject, kind: string): Referent {
  const status = membersOf(stored['status']);
  return {
    kind,
    metadata: metaOf(stored),
    spec: membersOf(stored['spec']),
    status: { ...status, ...commonStatusOf(status) },
  };
}

export function metaOf({ metadata }: KubeObject): ObjectMeta {
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    uid: metadata.uid ?? '',
    generation: metadata.generation ?? 0,
    resourceVersion: metadata.resourceVersion ?? '',
    creationTimestamp: metadata.creationTimestamp ?? '',
    deletionTimestamp: metadata.deletionTimestamp,
    finalizers: metadata.finalizers ?? [],
    annotations: metadata.annotations ?? {},
    labels: metadata.labels ?? {},
  };
}

/** The members that the runtime owns, whatever else the status holds. What has not their form counts as absent. */
export function commonStatusOf(status: Json): CommonStatus {
  const { observedGeneration, conditions, location } = status;
  return {
    observedGeneration: typeof observedGeneration === 'number' ? observedGeneration : undefined,
    conditions: Array.isArray(conditions) ? conditions.filter(isCondition) : undefined,
    location: isLocation(location) ? location : undefined,
  };
}

/** The members of a JSON object; none of anything else. */
export function membersOf(value: unknown): Json {
  return isPlainObject(value) ? value : {};
}

function statusOf<T extends KindTypes>(stored: KubeObject, parser: Parser<T['status']>): Managed<T>['status'] {
  const status = membersOf(stored['status']);
  const parsed = parser.safeParse(status);
  const own: Partial<T['status']> = parsed.success ? parsed.data : {};
  return { ...own, ...commonStatusOf(status) };
}

function issuesOf(issues: readonly { path: readonly PropertyKey[]; message: string }[]): readonly Issue[] {
  return issues.map(({ path, message }) => ({ path: ['spec', ...path].map(String).join('.'), message }));
}

function describeIssues(issues: readonly Issue[]): string {
  const named = issues.slice(0, NAMED_ISSUES).map(({ path, message }) => `${path}: ${message}`);
  const rest = issues.length - named.length;
  return rest > 0 ? `${named.join('; ')}; and ${rest} more` : named.join('; ');
}

function isCondition(value: unknown): value is Condition {
  return isPlainObject(value) && typeof value['type'] === 'string' && typeof value['status'] === 'string';
}

function isLocation(value: unknown): value is Location {
  return isPlainObject(value) && Object.values(value).every((word) => typeof word === 'string');
}
