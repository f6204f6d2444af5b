import type { KubeMeta } from '../kube/kube-api.ts';

/**
 * Ours is put on before the first write to the world, and taken off only once nothing of ours is left there. Thus
 * whenever a crash comes, an object that may have a resource still has the finalizer. Those of others are never touched.
 */
export function hasFinalizer(metadata: Pick<KubeMeta, 'finalizers'>, finalizer: string): boolean {
  return (metadata.finalizers ?? []).includes(finalizer);
}

export function withFinalizer(metadata: Pick<KubeMeta, 'finalizers'>, finalizer: string): readonly string[] {
  return [...(metadata.finalizers ?? []).filter((other) => other !== finalizer), finalizer];
}

export function withoutFinalizer(metadata: Pick<KubeMeta, 'finalizers'>, finalizer: string): readonly string[] {
  return (metadata.finalizers ?? []).filter((other) => other !== finalizer);
}
