import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-ecs';
import { serviceArnAbove } from './addresses.ts';
import { parseEcsArn } from './arn.ts';
import { clusterNotFound, invalidParameter } from './refusals.ts';
import { SimulatedError } from './simulated-error.ts';
import { checkTagCount } from './tag-checks.ts';
import type { Operation, World } from './world.ts';

/** Whatever keeps tags. */
interface Tagged {
  tags: Tag[];
}

export const TAG_OPERATIONS: Record<string, Operation> = {
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};

/** Adds tags and overwrites the values of those that are there. */
function tagResource(world: World, input: TagResourceRequest): object {
  const tagged = findTagged(world, input.resourceArn ?? '');
  const merged = new Map(tagged.tags.map((tag) => [tag.key, tag]));
  for (const tag of input.tags ?? []) merged.set(tag.key, tag);
  checkTagCount(merged.size);
  tagged.tags = structuredClone([...merged.values()]);
  return {};
}

/** Keys that are not there are passed over. */
function untagResource(world: World, input: UntagResourceRequest): object {
  const tagged = findTagged(world, input.resourceArn ?? '');
  const gone = new Set(input.tagKeys);
  tagged.tags = tagged.tags.filter(({ key }) => !gone.has(key ?? ''));
  return {};
}

function listTagsForResource(world: World, input: ListTagsForResourceRequest): ListTagsForResourceResponse {
  return { tags: findTagged(world, input.resourceArn ?? '').tags };
}

function findTagged(world: World, arn: string): Tagged {
  const parsed = parseEcsArn(arn);
  if (parsed === undefined) throw invalidParameter('The specified resource ARN is not valid.'); // wording unknown
  const { kind, rest } = parsed;
  switch (kind) {
    case 'cluster':
      return findClusterTags(world, arn);
    case 'service':
    case 'task':
    case 'task-set':
      // SDK: `TagResourceRequest.resourceArn`; old short ARNs cannot be tagged. The message is AWS's.
      if (rest.length < 2) throw invalidParameter('Long arn format must be used for tagging operations');
      return findBelowCluster(world, kind, arn);
    case 'task-definition':
      return world.taskDefinitions.get(arn) ?? missing();
    case 'capacity-provider':
      return world.capacityProviders.get(rest.at(-1) ?? '') ?? missing();
    default:
      throw new SimulatedError('UnsupportedFeatureException', `Resources of type ${kind} cannot be tagged.`);
  }
}

function findClusterTags(world: World, arn: string): Tagged {
  const record = [...world.clusters.values()].find(({ cluster }) => cluster.clusterArn === arn);
  if (record === undefined) throw clusterNotFound();
  if (record.cluster.status === 'INACTIVE') {
    throw invalidParameter('The specified cluster is inactive. Specify an active cluster and try again.');
  }
  return record;
}

function findBelowCluster(world: World, kind: 'service' | 'task' | 'task-set', arn: string): Tagged {
  if (kind === 'task') return world.tasks.get(arn) ?? missing();
  const record = world.services.get(serviceArnAbove(arn)) ?? missing();
  if (record.service.status === 'INACTIVE') {
    throw invalidParameter('The specified service is inactive. Specify an active service and try again.');
  }
  if (kind === 'service') return record;
  return record.rollouts.get(arn.split('/').slice(-2).join('/')) ?? missing();
}

/** Research into clients of the API: an unknown resource is an InvalidParameterException; the wording is unknown. */
function missing(): never {
  throw invalidParameter('The specified resource was not found.');
}
