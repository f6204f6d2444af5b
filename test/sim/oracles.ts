import type { Tag } from '@aws-sdk/client-ecs';
import { TAG_KEYS } from '../../src/api/group.ts';
import { ownerOf } from '../../src/api/ownership.ts';
import { isReadyAt } from '../../src/runtime/reconcile/conditions.ts';
import { CLUSTER_ID, nameOf, type Stage, type StageObject } from '../support/operator-stage.ts';
import { ownedScalingIn, scalingOf } from './scaling-oracles.ts';

/** What is left at the end of a story on both sides, without what chance and time put into it. */
export function endOf(stage: Stage) {
  stage.simulator.settle();
  return { aws: awsOf(stage), kubernetes: stage.objects().map(kubernetesOf) };
}

function awsOf({ simulator: { world } }: Stage) {
  const clusters = [...world.clusters.values()].map(({ cluster, tags }) => ({
    name: cluster.clusterName,
    status: cluster.status,
    capacityProviders: cluster.capacityProviders,
    settings: cluster.settings,
    tags: tagsOf(tags),
  }));
  const services = [...world.services.values()].map(({ service, tags, deployments }) => ({
    name: service.serviceName,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: service.runningCount,
    taskDefinition: service.taskDefinition,
    current: service.deployments?.map(({ status, taskDefinition }) => ({ status, taskDefinition })),
    /** Each rollout that ever began. */
    deployments: deployments.length,
    tags: tagsOf(tags),
  }));
  /** Also those that are no more: a duplicate stays one when it is cleaned up. */
  const revisions = [...world.taskDefinitions].map(([arn, { definition, tags }]) => ({
    arn,
    status: definition.status,
    images: definition.containerDefinitions?.map(({ image }) => image),
    tags: tagsOf(tags),
  }));
  return { clusters, services, revisions, scaling: scalingOf(world) };
}

function tagsOf(tags: readonly Tag[]): readonly string[] {
  return tags.map(({ key, value }) => `${key}=${value}`).toSorted();
}

/** The deployments of a service have ids and times of their own. */
function kubernetesOf({ kind, metadata, spec, status }: StageObject) {
  const {
    conditions = [],
    deployments: _,
    registering: __,
    restart: ___,
    selector: ____,
    settled: _____,
    scaling: ______,
    ...rest
  } = status;
  return {
    kind,
    name: metadata.name,
    finalizers: metadata.finalizers,
    spec,
    status: withoutMoments(rest),
    conditions: conditions.map(({ type, status: is, reason }) => `${type} ${is} ${reason}`),
  };
}

const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

function withoutMoments(value: unknown): unknown {
  const text = JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'string' && MOMENT.test(member) ? 'some time' : member,
  );
  return JSON.parse(text) as unknown;
}

/** What bears our tags and is not on its way out. */
export function ownedIn({ simulator }: Stage): readonly string[] {
  simulator.settle();
  const { clusters, services, taskDefinitions } = simulator.world;
  return [
    ...ownedScalingIn(simulator.world),
    ...[...clusters.values()].flatMap(({ cluster, tags }) =>
      cluster.status !== 'INACTIVE' && isOurs(tags) ? `cluster ${cluster.clusterName}` : [],
    ),
    ...[...services.values()].flatMap(({ service, tags }) =>
      service.status !== 'INACTIVE' && isOurs(tags) ? `service ${service.serviceName}` : [],
    ),
    ...[...taskDefinitions].flatMap(([arn, { definition, tags }]) =>
      definition.status === 'ACTIVE' && isOurs(tags) ? `revision ${arn}` : [],
    ),
  ];
}

function isOurs(tags: readonly Tag[]): boolean {
  return ownerOf(tags)?.clusterId === CLUSTER_ID;
}

/** Contents that were registered more than once under our name. */
export function doublesIn({ simulator }: Stage): readonly string[] {
  const seen = new Set<string>();
  return [...simulator.world.taskDefinitions.values()].flatMap(({ definition, tags }) => {
    const content = tags.find(({ key }) => key === TAG_KEYS.content)?.value;
    if (content === undefined) return [];
    const id = `${definition.family} ${content}`;
    if (seen.has(id)) return id;
    seen.add(id);
    return [];
  });
}

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
    return missingTag(spec, found.tags);
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
