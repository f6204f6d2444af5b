import type { KubeObject, KubeResource } from '../../src/runtime/kube/kube-api.ts';
import type { FakeKind } from './fake-kube-objects.ts';

/** A custom resource that stands for any. */
export const TOYS: KubeResource = { group: 'toys.example.com', version: 'v1', plural: 'toys' };

export const TOY_KIND: FakeKind = {
  resource: TOYS,
  kind: 'Toy',
  hasStatus: true,
  defaultStatus: { observedGeneration: -1 },
};

export function toy(name: string, spec: Readonly<Record<string, unknown>> = {}, namespace = 'shop'): KubeObject {
  return { apiVersion: 'toys.example.com/v1', kind: 'Toy', metadata: { name, namespace }, spec };
}
