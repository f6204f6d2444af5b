/** A Kubernetes object as JSON. Read-only: what the API gave is shared. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: KubeMeta;
  readonly [member: string]: unknown;
}

export interface KubeMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A resource of the API server, such as `{ group: 'ecs-operator.dev', version: 'v1alpha1', plural: 'ecsservices' }`. */
export interface KubeResource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

export interface KubeKey {
  /** Undefined for cluster-scoped objects. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface KubeList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  /** Where the next page starts; undefined on the last one. */
  readonly continue?: string | undefined;
}

export type KubeWatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: KubeObject }
  | { readonly type: 'ERROR'; readonly status: KubeStatus };

export interface KubeStatus {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

export interface ListOptions {
  /** One namespace, or all where undefined. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
}

export interface WatchOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
}

/**
 * A JSON merge patch. `metadata.resourceVersion` in it is a precondition: 409 where it is not met, which it never is of
 * another object of the same name. `metadata.uid` alone is none: a wrong one is refused with 422, and on the status
 * subresource it is not even looked at.
 */
export interface MergePatch {
  readonly subresource?: 'status' | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The API server refused or failed. `status.code` is the HTTP status; 0 where no answer came. */
export class KubeError extends Error {
  readonly status: KubeStatus;
  readonly retryAfterMs: number | undefined;

  constructor(status: KubeStatus, options: { readonly cause?: unknown; readonly retryAfterMs?: number } = {}) {
    super(status.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KubeError';
    this.status = status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * The few calls that the runtime makes to Kubernetes, in JSON. One implementation talks to an API server (the only file
 * that imports a client library); the other is a fake for tests, held to the same contract. Every method rejects with
 * `KubeError`, or with the signal's reason once it aborts.
 */
export interface KubeApi {
  list(resource: KubeResource, options: ListOptions, signal: AbortSignal): Promise<KubeList>;
  /** Bookmarks are always asked for. Ends when the server ends it; throws where the watch could not begin or broke off. */
  watch(resource: KubeResource, options: WatchOptions, signal: AbortSignal): AsyncIterable<KubeWatchEvent>;
  /** A live read. Undefined where there is no such object. */
  get(resource: KubeResource, key: KubeKey, signal: AbortSignal): Promise<KubeObject | undefined>;
  create(resource: KubeResource, object: KubeObject, signal: AbortSignal): Promise<KubeObject>;
  /** A PUT: `metadata.resourceVersion` in the object is the precondition. */
  replace(resource: KubeResource, object: KubeObject, signal: AbortSignal): Promise<KubeObject>;
  patch(resource: KubeResource, key: KubeKey, patch: MergePatch, signal: AbortSignal): Promise<KubeObject>;
}
