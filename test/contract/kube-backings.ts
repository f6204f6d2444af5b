import { randomUUID } from 'node:crypto';
import { systemClock } from '../../src/lib/clock.ts';
import type { KubeApi, KubeKey, KubeObject } from '../../src/runtime/kube/kube-api.ts';
import { createKubeApi, loadKubeConfig } from '../../src/runtime/kube/kube-client.ts';
import { locateBuild } from '../../tools/control-plane/build.ts';
import { startControlPlane } from '../support/control-plane.ts';
import { createFakeKubeApi } from '../support/fake-kube-api.ts';
import { TOY_KIND, TOYS } from '../support/toy-objects.ts';

/** An API server that knows toys, and a user of it who is not us. */
export interface KubeBacking extends AsyncDisposable {
  readonly api: KubeApi;
  apply(object: KubeObject): Promise<void>;
  /** Asks for the deletion of a toy and does not wait for it. */
  delete(key: KubeKey): Promise<void>;
  /** A version that no watch can begin at any more. */
  expiredVersion(): Promise<string>;
  /** A namespace of one's own. */
  createNamespace(): Promise<string>;
}

export interface KubeBackingSource {
  readonly name: string;
  /** Why it cannot be had here; undefined where it can. */
  readonly missing: string | undefined;
  start(): Promise<KubeBacking>;
}

export async function locateKubeBackings(
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<readonly KubeBackingSource[]> {
  const isAtHand = Boolean(environment['KUBEBUILDER_ASSETS']) || (await locateBuild(environment)).isBuilt;
  const isForeign = environment['USE_EXISTING_CLUSTER'] === 'true';
  return [
    { name: 'the fake', missing: undefined, start: startFake },
    {
      name: 'a real API server',
      missing: isForeign
        ? 'USE_EXISTING_CLUSTER=true names a cluster that is not ours to define resources in'
        : isAtHand
          ? undefined
          : 'no control plane is built yet (make test-integration builds it)',
      start: startReal,
    },
  ];
}

function startFake(): Promise<KubeBacking> {
  const fake = createFakeKubeApi({ clock: systemClock, kinds: [TOY_KIND] });
  return Promise.resolve({
    api: fake,
    apply: async (object) => void fake.apply(object),
    delete: async (key) => fake.delete(TOYS, key),
    expiredVersion: async () => {
      fake.compact();
      return '1';
    },
    createNamespace: async () => `toys-${randomUUID()}`,
    [Symbol.asyncDispose]: async () => undefined,
  });
}

async function startReal(): Promise<KubeBacking> {
  const controlPlane = await startControlPlane({ hasControllers: false });
  const api = createKubeApi({
    connection: loadKubeConfig({ path: controlPlane.kubeconfigPath }),
    clock: systemClock,
    userAgent: 'ecs-operator/contract-test',
    fieldManager: 'ecs-operator',
  });
  await controlPlane.apply(TOY_DEFINITION);
  await controlPlane.kubectl([
    'wait',
    '--for=condition=Established',
    '--timeout=30s',
    'crd',
    TOY_DEFINITION.metadata.name,
  ]);
  return {
    api,
    apply: async (object) => void (await controlPlane.apply(object, '--server-side')),
    delete: async ({ namespace, name }) => {
      const where = namespace === undefined ? [] : ['--namespace', namespace];
      await controlPlane.kubectl(['delete', 'toys', name, ...where, '--wait=false']);
    },
    expiredVersion: async () => '1',
    createNamespace: async () => (await controlPlane.createNamespace('toys')).name,
    [Symbol.asyncDispose]: async () => {
      await api[Symbol.asyncDispose]();
      await controlPlane[Symbol.asyncDispose]();
    },
  };
}

const TOY_DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${TOYS.plural}.${TOYS.group}` },
  spec: {
    group: TOYS.group,
    scope: 'Namespaced',
    names: { plural: TOYS.plural, singular: 'toy', kind: 'Toy' },
    versions: [
      {
        name: TOYS.version,
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
              status: {
                type: 'object',
                'x-kubernetes-preserve-unknown-fields': true,
                default: { observedGeneration: -1 },
              },
            },
          },
        },
      },
    ],
  },
};
