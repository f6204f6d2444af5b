import type { KubeHttp } from '../support/kube-http.ts';

const API_VERSION = 'ecs-operator.dev/v1alpha1';
const PLURALS = { EcsCluster: 'ecsclusters', EcsTaskDefinition: 'ecstaskdefinitions', EcsService: 'ecsservices' };

export interface Wish {
  readonly kind: keyof typeof PLURALS;
  readonly name: string;
  readonly spec: object;
}

function clusterWish(name: string): Wish {
  return { kind: 'EcsCluster', name, spec: {} };
}

export function definitionWish(name: string, image = 'shop/web:1'): Wish {
  const spec = {
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'web', image, portMappings: [{ containerPort: 80 }] }],
  };
  return { kind: 'EcsTaskDefinition', name, spec };
}

export function serviceWish(name: string, of: { readonly cluster: string; readonly definition: string }): Wish {
  const spec = {
    clusterRef: { name: of.cluster },
    taskDefinitionRef: { name: of.definition },
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1'] } },
  };
  return { kind: 'EcsService', name, spec };
}

/** One cluster, and services that share definitions evenly. */
export function shopWishes({ definitions, services }: { definitions: number; services: number }): readonly Wish[] {
  const cluster = 'bench';
  return [
    clusterWish(cluster),
    ...Array.from({ length: definitions }, (_, index) => definitionWish(`definition-${index}`)),
    ...Array.from({ length: services }, (_, index) =>
      serviceWish(`service-${index}`, { cluster, definition: `definition-${index % definitions}` }),
    ),
  ];
}

const PARALLEL = 8;

/** Applies all by server-side apply, in their order, a few requests at a time. */
export async function applyAll(kube: KubeHttp, namespace: string, wishes: readonly Wish[]): Promise<void> {
  const rest = wishes.values();
  async function takeTurns(): Promise<void> {
    for (const wish of rest) await apply(kube, namespace, wish);
  }
  await Promise.all(Array.from({ length: PARALLEL }, takeTurns));
}

export async function apply(kube: KubeHttp, namespace: string, { kind, name, spec }: Wish): Promise<void> {
  const { code, body } = await kube.send({
    method: 'PATCH',
    path: `/apis/${API_VERSION}/namespaces/${namespace}/${PLURALS[kind]}/${name}`,
    query: { fieldManager: 'bench', force: 'true' },
    contentType: 'application/apply-patch+yaml',
    body: { apiVersion: API_VERSION, kind, metadata: { name }, spec },
  });
  if (code >= 300) throw new Error(`${kind} ${name} was answered ${code}: ${JSON.stringify(body)}`);
}
