import type { KubeApi, KubeObject, KubeResource } from '../kube/kube-api.ts';
import { classifyKubeError } from '../kube/kube-failure.ts';
import { mergePatchOf } from '../kube/merge-patch.ts';
import { membersOf } from './managed-object.ts';

type Json = Readonly<Record<string, unknown>>;

export interface ObjectWriterOptions {
  readonly api: KubeApi;
  readonly resource: KubeResource;
  /** As it is known to be when the work on it begins. */
  readonly object: KubeObject;
  /** Told of each answer. */
  readonly remember: (answer: KubeObject) => void;
}

/**
 * The two things that the runtime ever writes to an object, each only where it differs and only onto the very object
 * that was read: uid and resourceVersion are preconditions, and each write goes on from the answer of the one before.
 * A race that was lost is a `Failure` `Conflict`.
 */
export class ObjectWriter {
  readonly #options: ObjectWriterOptions;
  #current: KubeObject;

  constructor(options: ObjectWriterOptions) {
    this.#options = options;
    this.#current = options.object;
  }

  /** The object as the last answer showed it. */
  get current(): KubeObject {
    return this.#current;
  }

  /** Makes the status exactly this: members that are not in it are removed. */
  async writeStatus(next: Json, signal: AbortSignal): Promise<void> {
    const status = mergePatchOf(membersOf(this.#current['status']), next);
    if (status === undefined) return;
    await this.#patch({ status }, { subresource: 'status', attempt: 'writing status' }, signal);
  }

  async writeFinalizers(finalizers: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#patch({ metadata: { finalizers } }, { attempt: 'writing finalizers' }, signal);
  }

  /** The object as the API server has it, where it is still the same one. */
  async readLive(signal: AbortSignal): Promise<KubeObject | undefined> {
    const { api, resource } = this.#options;
    try {
      const live = await api.get(resource, this.#current.metadata, signal);
      return live?.metadata.uid === this.#current.metadata.uid ? live : undefined;
    } catch (error) {
      throw classifyKubeError(error, 'reading the object');
    }
  }

  async #patch(
    body: { readonly metadata?: Json; readonly status?: Json },
    { subresource, attempt }: { readonly subresource?: 'status'; readonly attempt: string },
    signal: AbortSignal,
  ): Promise<void> {
    const { api, resource, remember } = this.#options;
    const { uid, resourceVersion, name, namespace } = this.#current.metadata;
    const guarded = { ...body, metadata: { ...body.metadata, uid, resourceVersion } };
    signal.throwIfAborted();
    try {
      this.#current = await api.patch(resource, { name, namespace }, { subresource, body: guarded }, signal);
    } catch (error) {
      throw classifyKubeError(error, attempt);
    }
    remember(this.#current);
  }
}
