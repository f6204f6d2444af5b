import type {
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionFamiliesResponse,
  ListTaskDefinitionsRequest,
  ListTaskDefinitionsResponse,
} from '@aws-sdk/client-ecs';
import { pageOf } from './paging.ts';
import type { World } from './world.ts';

// SDK documentation of ListTaskDefinitions and ListTaskDefinitionFamilies.
const LIST = { usual: 100, most: 100 };

/**
 * `familyPrefix` is, despite its name, the whole family; by default ACTIVE revisions only, by family and then by
 * revision, ascending (SDK documentation of ListTaskDefinitions).
 */
export function listTaskDefinitions(world: World, input: ListTaskDefinitionsRequest): ListTaskDefinitionsResponse {
  const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input;
  const definitions = [...world.taskDefinitions.values()]
    .map(({ definition }) => definition)
    .filter((each) => each.status === status && (familyPrefix === undefined || each.family === familyPrefix))
    .toSorted((a, b) => compare(a.family, b.family) || (a.revision ?? 0) - (b.revision ?? 0));
  if (sort === 'DESC') definitions.reverse();
  const { items, nextToken } = pageOf(
    definitions.map(({ taskDefinitionArn }) => taskDefinitionArn ?? ''),
    input,
    LIST,
  );
  return { taskDefinitionArns: items, nextToken };
}

/** Here the prefix is one. A family is ACTIVE as long as one of its revisions is. */
export function listTaskDefinitionFamilies(
  world: World,
  input: ListTaskDefinitionFamiliesRequest,
): ListTaskDefinitionFamiliesResponse {
  const { familyPrefix = '', status } = input;
  const active = new Map<string, boolean>();
  for (const { definition } of world.taskDefinitions.values()) {
    const { family = '' } = definition;
    if (!family.startsWith(familyPrefix)) continue;
    active.set(family, active.get(family) === true || definition.status === 'ACTIVE');
  }
  const families = [...active]
    .filter(([, isActive]) => status === undefined || status === 'ALL' || isActive === (status === 'ACTIVE'))
    .map(([family]) => family)
    .toSorted(compare);
  const { items, nextToken } = pageOf(families, input, LIST);
  return { families: items, nextToken };
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : Number(a > b);
}
