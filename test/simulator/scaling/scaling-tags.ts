import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-application-auto-scaling';
import { SimulatedError } from '../simulated-error.ts';
import { MAX_TAGS } from '../tag-checks.ts';
import type { World } from '../world.ts';
import type { TargetRecord } from './scaling-world.ts';

/** Only scalable targets have tags (SDK: `TagResourceRequest.ResourceARN`). */
export function tagScalableTarget(world: World, input: TagResourceRequest): object {
  const record = findTagged(world, input.ResourceARN);
  const merged = { ...record.tags, ...input.Tags };
  checkScalingTags(merged);
  record.tags = merged;
  return {};
}

export function untagScalableTarget(world: World, input: UntagResourceRequest): object {
  const record = findTagged(world, input.ResourceARN);
  const gone = new Set(input.TagKeys);
  record.tags = Object.fromEntries(Object.entries(record.tags).filter(([key]) => !gone.has(key)));
  return {};
}

export function listScalableTargetTags(world: World, input: ListTagsForResourceRequest): ListTagsForResourceResponse {
  return { Tags: findTagged(world, input.ResourceARN).tags };
}

/** SDK: `TooManyTagsException`. */
export function checkScalingTags(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length <= MAX_TAGS) return;
  throw new SimulatedError('TooManyTagsException', 'Too many tags for the scalable target.'); // wording unknown
}

function findTagged(world: World, arn: string | undefined): TargetRecord {
  for (const record of world.scaling.targets.values()) if (record.target.ScalableTargetARN === arn) return record;
  throw new SimulatedError('ResourceNotFoundException', `Resource doesn't exist: ${arn}`); // wording unknown
}
