import type { ClusterRecord, ServiceRecord, TaskDefinitionRecord, World } from './world.ts';

/** The cluster of this name or ARN, in whatever state; `default` where none is named. */
export function findCluster(world: World, reference: string | undefined): ClusterRecord | undefined {
  const wanted = reference === undefined || reference === '' ? 'default' : reference;
  if (!wanted.startsWith('arn:')) return world.clusters.get(wanted);
  const record = world.clusters.get(clusterNameOf(wanted));
  return record?.cluster.clusterArn === wanted ? record : undefined;
}

/** The revision behind an ARN or `family:revision`, in whatever state; for a bare family the newest ACTIVE one. */
export function findTaskDefinition(world: World, reference: string): TaskDefinitionRecord | undefined {
  const name = reference.startsWith('arn:') ? reference.split('/').slice(1).join('/') : reference;
  const arn = reference.startsWith('arn:') ? reference : taskDefinitionArn(world, name);
  const direct = world.taskDefinitions.get(arn) ?? world.taskDefinitions.get(name);
  if (direct !== undefined) return direct;
  let newest: TaskDefinitionRecord | undefined;
  for (const record of world.taskDefinitions.values()) {
    const { definition } = record;
    if (definition.taskDefinitionArn === arn) return record;
    if (definition.family !== name || definition.status !== 'ACTIVE') continue;
    if ((definition.revision ?? 0) > (newest?.definition.revision ?? 0)) newest = record;
  }
  return newest;
}

/** The service of this name or ARN in this cluster, in whatever state. An ARN of another cluster finds nothing. */
export function findService(world: World, clusterArn: string, reference: string): ServiceRecord | undefined {
  const arn = serviceArnOf(clusterArn, reference);
  const record = world.services.get(arn);
  return record?.service.clusterArn === clusterArn ? record : undefined;
}

/** The long ARN that a name, an old short ARN or a long ARN stands for in this cluster. */
export function serviceArnOf(clusterArn: string, reference: string): string {
  const parts = reference.split('/');
  const isForeign = reference.startsWith('arn:') && parts.length === 3;
  return isForeign ? reference : `${clusterArn.replace(':cluster/', ':service/')}/${parts.at(-1)}`;
}

/** `arn:…:<kind>/<cluster>/<service>/<id>`, as deployments, revisions and task sets are named. */
export function arnBelow(serviceArn: string, kind: string, id: string): string {
  return `${serviceArn.replace(':service/', `:${kind}/`)}/${id}`;
}

/** The service that an ARN below it belongs to. */
export function serviceArnAbove(arn: string): string {
  return arn.replace(/:(service-deployment|service-revision|task-set)\/([^/]+\/[^/]+)\/.*$/, ':service/$2');
}

export function clusterNameOf(clusterArn: string): string {
  return clusterArn.split('/').at(-1) ?? '';
}

/** The container instances that are registered with a cluster. */
export function containerInstanceArns(world: World, clusterArn: string): string[] {
  return [...(findCluster(world, clusterArn)?.containerInstances ?? [])];
}

/** The ARNs of the first `count` container instances of a cluster. */
export function firstInstanceArns(clusterArn: string, count: number): string[] {
  return Array.from(
    { length: count },
    (_, at) => `${clusterArn.replace(':cluster/', ':container-instance/')}/${String(at + 1).padStart(32, '0')}`,
  );
}

function taskDefinitionArn(world: World, name: string): string {
  return `arn:aws:ecs:${world.region}:${world.accountId}:task-definition/${name}`;
}
