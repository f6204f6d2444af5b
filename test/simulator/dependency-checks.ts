import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { clientException } from './refusals.ts';

/** What containers say of each other must exist and not go in a circle (SDK documentation of dependsOn). */
export function checkDependencies(containers: readonly ContainerDefinition[]): void {
  const byName = new Map(containers.map((each) => [each.name ?? '', each]));
  for (const { name, dependsOn = [], volumesFrom = [] } of containers) {
    for (const { sourceContainer } of volumesFrom) {
      if (!byName.has(sourceContainer ?? '')) throw clientException(`Unknown container '${sourceContainer}'.`);
    }
    for (const { containerName = '', condition } of dependsOn) {
      const target = byName.get(containerName);
      if (target === undefined) throw clientException(`Container '${name}' depends on unknown '${containerName}'.`);
      if (condition === 'HEALTHY' && target.healthCheck === undefined) {
        throw clientException(`Container '${name}' waits for the health of '${containerName}', which has no check.`);
      }
      if ((condition === 'COMPLETE' || condition === 'SUCCESS') && target.essential !== false) {
        throw clientException(`Container '${name}' waits for the end of '${containerName}', which is essential.`);
      }
    }
  }
  for (const name of byName.keys()) checkNoCircle(name, byName, new Set());
}

function checkNoCircle(
  name: string,
  byName: ReadonlyMap<string, ContainerDefinition>,
  above: ReadonlySet<string>,
): void {
  if (above.has(name)) throw clientException('The dependencies of the containers go in a circle.');
  for (const { containerName = '' } of byName.get(name)?.dependsOn ?? []) {
    checkNoCircle(containerName, byName, new Set([...above, name]));
  }
}
