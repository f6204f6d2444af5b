import type { KubeMeta } from '../kube/kube-api.ts';
import type { ObjectWriter } from './object-writer.ts';

/**
 * Ours is put on before the first write to the world, and taken off only once nothing of ours is left there. Thus
 * whenever a crash comes, an object that may have a resource still has the finalizer. Those of others are never touched.
 */
export function hasFinalizer(metadata: Pick<KubeMeta, 'finalizers'>, finalizer: string): boolean {
  return (metadata.finalizers ?? []).includes(finalizer);
}

/** No write where it is there already. */
export async function putFinalizerOn(writer: ObjectWriter, finalizer: string, signal: AbortSignal): Promise<void> {
  const { metadata } = writer.current;
  if (!hasFinalizer(metadata, finalizer))
    await writer.writeFinalizers([...othersOf(metadata, finalizer), finalizer], signal);
}

/** No write where it is gone already. */
export async function takeFinalizerOff(writer: ObjectWriter, finalizer: string, signal: AbortSignal): Promise<void> {
  const { metadata } = writer.current;
  if (hasFinalizer(metadata, finalizer)) await writer.writeFinalizers(othersOf(metadata, finalizer), signal);
}

function othersOf(metadata: Pick<KubeMeta, 'finalizers'>, finalizer: string): readonly string[] {
  return (metadata.finalizers ?? []).filter((other) => other !== finalizer);
}
