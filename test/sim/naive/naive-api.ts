import type { KubeApi, KubeKey, KubeObject, KubeWatchEvent } from '../../../src/runtime/kube/kube-api.ts';

/** What the operator holds of an object never equals what it wants to write, so that it writes at every look. */
export function neverEqual(api: KubeApi): KubeApi {
  return {
    ...api,
    async list(resource, options, signal) {
      const list = await api.list(resource, options, signal);
      return { ...list, items: list.items.map(blurred) };
    },
    async *watch(resource, options, signal): AsyncGenerator<KubeWatchEvent> {
      for await (const event of api.watch(resource, options, signal)) {
        yield event.type === 'ERROR' ? event : { ...event, object: blurred(event.object) };
      }
    },
    patch: async (resource, key, patch, signal) => blurred(await api.patch(resource, key, patch, signal)),
  };
}

function blurred(object: KubeObject): KubeObject {
  return { ...object, status: { ...(object['status'] as object | undefined), blur: true } };
}

/** The finalizer is put on once a write to AWS may have been made: with the second status that follows. */
export function finalizerLast(api: KubeApi): KubeApi {
  const owed = new Map<string, { readonly finalizers: readonly string[]; statuses: number }>();
  return {
    ...api,
    async patch(resource, key, { body, subresource }, signal) {
      const finalizers = finalizersIn(body);
      if (finalizers.length > 0) {
        owed.set(nameOf(key), { finalizers, statuses: 0 });
        const current = await api.get(resource, key, signal);
        if (current !== undefined) return { ...current, metadata: { ...current.metadata, finalizers } };
      }
      const debt = subresource === 'status' ? owed.get(nameOf(key)) : undefined;
      if (debt === undefined || debt.statuses++ === 0)
        return await api.patch(resource, key, { body, subresource }, signal);
      owed.delete(nameOf(key));
      const paid = await api.patch(resource, key, { body: { metadata: { finalizers: debt.finalizers } } }, signal);
      const { resourceVersion } = paid.metadata;
      const metadata = { ...(body['metadata'] as object | undefined), resourceVersion };
      return await api.patch(resource, key, { body: { ...body, metadata }, subresource }, signal);
    },
  };
}

function finalizersIn(body: Readonly<Record<string, unknown>>): readonly string[] {
  return (body['metadata'] as Partial<KubeObject['metadata']> | undefined)?.finalizers ?? [];
}

function nameOf({ namespace, name }: KubeKey): string {
  return `${namespace}/${name}`;
}
