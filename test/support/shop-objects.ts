const API = 'ecs-operator.dev/v1alpha1';

type Fields = Readonly<Record<string, unknown>>;

/** As a user would write it; a story applies it. */
export interface StoryManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: Fields;
}

export function clusterNamed(name: string, spec: Fields = {}): StoryManifest {
  return { apiVersion: API, kind: 'EcsCluster', metadata: { name }, spec };
}

/** A small definition of one container, for Fargate. */
export function definitionOf(name: string, image: string, spec: Fields = {}): StoryManifest {
  return {
    apiVersion: API,
    kind: 'EcsTaskDefinition',
    metadata: { name },
    spec: {
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'app', image }],
      ...spec,
    },
  };
}

/** Two tasks on Fargate of the definition of the same name, in the cluster object `shop`. */
export function serviceNamed(name: string, spec: Fields = {}): StoryManifest {
  return {
    apiVersion: API,
    kind: 'EcsService',
    metadata: { name },
    spec: {
      clusterRef: { name: 'shop' },
      taskDefinitionRef: { name },
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1'] } },
      ...spec,
    },
  };
}

export const BREAKER = {
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
};

/** Several objects as one file, in this order. */
export function asFile(...objects: readonly StoryManifest[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}
