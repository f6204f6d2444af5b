import type { Tag } from '@aws-sdk/client-ecs';
import { TAG_KEYS } from '../../../src/api/group.ts';
import { ownerOf } from '../../../src/api/ownership.ts';
import { CLUSTER_ID, nameOf, type Stage } from '../../support/operator-stage.ts';
import { claimsOfScaling } from './scaling.ts';

interface Owned {
  /** `EcsService/web`. */
  readonly by: string;
  readonly what: string;
}

/** What bears our tags and is not on its way out. */
function owned({ simulator }: Stage): readonly Owned[] {
  simulator.settle();
  const { clusters, services, taskDefinitions } = simulator.world;
  return [
    ...[...clusters.values()].flatMap(({ cluster, tags }) =>
      cluster.status === 'INACTIVE' ? [] : claimed(`cluster ${cluster.clusterName}`, tags),
    ),
    ...[...services.values()].flatMap(({ service, tags }) =>
      service.status === 'INACTIVE' ? [] : claimed(`service ${service.serviceName}`, tags),
    ),
    ...[...taskDefinitions].flatMap(([arn, { definition, tags }]) =>
      definition.status === 'ACTIVE' ? claimed(`revision ${arn}`, tags) : [],
    ),
    ...claimsOfScaling(simulator.world).flatMap(({ what, tags }) => claimed(what, tags)),
  ];
}

function claimed(what: string, tags: readonly Tag[]): readonly Owned[] {
  const owner = ownerOf(tags);
  return owner?.clusterId === CLUSTER_ID ? [{ what, by: `${owner.kind}/${owner.name}` }] : [];
}

export function ownedIn(stage: Stage): readonly string[] {
  return owned(stage).map(({ what }) => what);
}

/** What is owned by objects that are no more. */
export function orphansIn(stage: Stage): readonly string[] {
  const objects = new Set<string>(stage.objects().map(nameOf));
  return owned(stage).flatMap(({ what, by }) => (objects.has(by) ? [] : `${what} is left`));
}

/** Contents that were registered more than once under our name. */
export function doublesIn({ simulator }: Stage): readonly string[] {
  const seen = new Set<string>();
  return [...simulator.world.taskDefinitions.values()].flatMap(({ definition, tags }) => {
    const content = tags.find(({ key }) => key === TAG_KEYS.content)?.value;
    if (content === undefined) return [];
    const id = `${definition.family} ${content}`;
    if (seen.has(id)) return `${id} is there twice`;
    seen.add(id);
    return [];
  });
}
