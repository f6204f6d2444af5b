import type { Compatibility, TaskDefinition } from '@aws-sdk/client-ecs';
import { fargateRefusal } from './fargate-checks.ts';
import { clientException } from './refusals.ts';

type Definition = Omit<TaskDefinition, 'family'>;

/** Why a definition cannot run on a kind of capacity; undefined where it can. */
const REFUSALS: Readonly<Record<Compatibility, (definition: Definition) => string | undefined>> = {
  EC2: () => undefined,
  FARGATE: fargateRefusal,
  // SDK documentation of RegisterTaskDefinition and developer guide, "Amazon ECS clusters for the external launch type".
  EXTERNAL: ({ networkMode }) =>
    networkMode === 'awsvpc' ? 'External instances do not support network mode awsvpc.' : undefined,
  // Developer guide, "Amazon ECS Managed Instances".
  MANAGED_INSTANCES: (definition) =>
    definition.networkMode === 'bridge' || definition.networkMode === 'none'
      ? 'Managed Instances support network modes awsvpc and host only.'
      : sizeRefusal(definition),
};

/** Where the definition can run, as ECS finds out itself. It must be able to run wherever it says that it does. */
export function compatibilitiesOf(definition: Definition): Compatibility[] {
  for (const wanted of definition.requiresCompatibilities ?? []) {
    const refusal = REFUSALS[wanted](definition);
    if (refusal !== undefined) throw clientException(refusal);
  }
  const all: Compatibility[] = ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'];
  return all.filter((each) => REFUSALS[each](definition) === undefined);
}

function sizeRefusal({ cpu, memory }: Definition): string | undefined {
  if (cpu === undefined || memory === undefined) return 'Managed Instances need cpu and memory at the task level.';
  return undefined;
}
