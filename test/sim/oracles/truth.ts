import type { Tag } from '@aws-sdk/client-ecs';
import { ownerOf } from '../../../src/api/ownership.ts';
import { isReadyAt } from '../../../src/runtime/reconcile/conditions.ts';
import { CLUSTER_ID, nameOf, type Stage, type StageObject } from '../../support/operator-stage.ts';
import { wrongInScaling } from './scaling.ts';

/** Objects that say Ready for their newest generation while ECS is not as they specify. */
export function liesIn(stage: Stage): readonly string[] {
  const ready = stage.objects().filter(isReady);
  if (ready.length === 0) return [];
  stage.simulator.settle();
  return ready.flatMap((object) => {
    const because = TRUTHS[String(object.kind)]?.(stage, object);
    return because === undefined ? [] : `${nameOf(object)} says Ready, and ${because}`;
  });
}

/** Objects that say only a person can help. */
export function stallsIn(stage: Stage): readonly string[] {
  return stage.objects().flatMap((object) => {
    const reason = stage.stalledBy(nameOf(object));
    return reason === undefined ? [] : `${nameOf(object)} ${reason}`;
  });
}

/** Services that say Ready while a revision of another content is being registered for them. */
export function untimelyIn(stage: Stage, family: string): readonly string[] {
  return stage.objects().flatMap((object) => {
    const isAbout = object.kind === 'EcsService' && nameIn(object, 'taskDefinitionRef') === family;
    return isAbout && isReady(object) ? `${nameOf(object)} says Ready while ${family} is registered` : [];
  });
}

function isReady({ metadata, status }: StageObject): boolean {
  return isReadyAt(status.conditions, metadata.generation ?? 0);
}

type Truth = (stage: Stage, object: StageObject) => string | undefined;

const TRUTHS: Readonly<Record<string, Truth>> = {
  EcsCluster: ({ simulator: { world } }, { metadata, spec }) => {
    const found = world.clusters.get(metadata.name);
    if (found?.cluster.status !== 'ACTIVE') return 'the cluster is not ACTIVE';
    return missingTag(spec, found.tags);
  },
  EcsTaskDefinition: ({ simulator: { world } }, { spec, status }) => {
    const found = world.taskDefinitions.get(String(status['arn']));
    if (found?.definition.status !== 'ACTIVE') return 'its revision is not ACTIVE';
    const image = found.definition.containerDefinitions?.[0]?.image;
    if (image !== imageIn(spec)) return `its revision runs ${image}`;
    return missingTag(spec, found.tags);
  },
  EcsService: (stage, object) => {
    const { world } = stage.simulator;
    const found = world.services.get(String(object.status['arn']));
    if (found?.service.status !== 'ACTIVE') return 'the service is not ACTIVE';
    const { desiredCount, runningCount = 0, deployments = [], taskDefinition } = found.service;
    const { spec } = object;
    const wanted = spec['desiredCount'];
    if (wanted !== undefined && wanted !== desiredCount) return `its desired count is ${desiredCount}`;
    if (runningCount < Number(wanted ?? 1)) return `${runningCount} tasks run`;
    if (deployments.length !== 1) return `it has ${deployments.length} deployments`;
    if (deployments[0]?.rolloutState !== 'COMPLETED') return `its rollout is ${deployments[0]?.rolloutState}`;
    const definition = stage.object(`EcsTaskDefinition/${nameIn(object, 'taskDefinitionRef')}`);
    const isSeen = definition?.metadata.generation === definition?.status.observedGeneration;
    if (definition !== undefined && isSeen && definition.status['arn'] !== taskDefinition)
      return `it runs ${taskDefinition}`;
    return wrongInScaling(world, object) ?? missingTag(spec, found.tags);
  },
};

function missingTag(spec: StageObject['spec'], found: readonly Tag[]): string | undefined {
  if (spec['adoptionPolicy'] !== 'Adopt' && ownerOf(found)?.clusterId !== CLUSTER_ID) return 'it is not tagged as ours';
  const stated = (spec['tags'] ?? []) as readonly Tag[];
  const missing = stated.find(({ key, value }) => !found.some((tag) => tag.key === key && tag.value === value));
  return missing === undefined ? undefined : `the tag ${missing.key} is missing`;
}

function imageIn(spec: StageObject['spec']): string | undefined {
  return (spec['containerDefinitions'] as readonly { readonly image?: string }[] | undefined)?.[0]?.image;
}

function nameIn({ spec }: StageObject, member: string): string | undefined {
  return (spec[member] as { readonly name?: string } | undefined)?.name;
}
