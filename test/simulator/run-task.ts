import type { Cluster, RunTaskRequest, RunTaskResponse, TaskDefinition } from '@aws-sdk/client-ecs';
import { containerInstanceArns, findCluster, findTaskDefinition } from './addresses.ts';
import { clientException, clusterNotFound, conflict, invalidParameter } from './refusals.ts';
import { checkLaunch, checkNetwork } from './service-checks.ts';
import { filledNetwork, filledStrategy, platformFamilyOf } from './service-defaults.ts';
import { chooseProvider, type LaunchSpec, lacksCapacity, launchTypeOf } from './service-tasks.ts';
import { startTask, type TaskWish } from './task-lifecycle.ts';
import { answerOnce } from './tokens.ts';
import type { TaskRecord, World } from './world.ts';

/** RunTask: tasks that belong to nobody, and are not replaced. */
export function runTask(world: World, input: RunTaskRequest): RunTaskResponse {
  const cluster = findCluster(world, input.cluster)?.cluster;
  if (cluster?.status !== 'ACTIVE') throw clusterNotFound();
  return answerOnce(
    world,
    { action: `RunTask ${cluster.clusterArn}`, token: input.clientToken, input },
    // SDK documentation of ConflictException: the same token with other parameters.
    () => conflict('The client token was used with other parameters.'),
    () => run(world, input, cluster),
  );
}

function run(world: World, input: RunTaskRequest, cluster: Cluster): RunTaskResponse {
  const count = input.count ?? 1;
  // SDK documentation of RunTask.count; the wording is not known.
  if (count < 1 || count > 10) throw invalidParameter('count must be between 1 and 10.');
  if (input.propagateTags === 'SERVICE') throw invalidParameter('propagateTags cannot be SERVICE for RunTask.');
  const definition = runnable(world, input.taskDefinition ?? '');
  checkLaunch(input.launchType, input.capacityProviderStrategy);
  const strategy =
    input.capacityProviderStrategy ?? (input.launchType ? [] : (cluster.defaultCapacityProviderStrategy ?? []));
  const spec: LaunchSpec = {
    taskDefinition: definition.taskDefinitionArn,
    launchType: strategy.length > 0 ? undefined : (input.launchType ?? 'EC2'),
    capacityProviderStrategy: strategy.length > 0 ? filledStrategy(strategy) : undefined,
    networkConfiguration: filledNetwork(input.networkConfiguration),
  };
  checkNetwork(spec, definition);
  if (lacksCapacity(world, cluster.clusterArn ?? '', spec)) {
    // Developer guide, "API failure reasons".
    const reason =
      launchTypeOf(world, spec, strategy[0]?.capacityProvider) === 'FARGATE' ? 'RESOURCE:FARGATE' : 'RESOURCE:MEMORY';
    return { tasks: [], failures: [{ arn: cluster.clusterArn, reason }] };
  }
  const started: TaskRecord[] = [];
  for (let at = 0; at < count; at += 1) {
    const provider = chooseProvider(spec.capacityProviderStrategy ?? [], started);
    started.push(
      startTask(world, wishOf(world, { input, definition, spec, provider }, cluster.clusterArn ?? ''), () => undefined),
    );
  }
  return { tasks: started.map(({ task, tags }) => ({ ...task, tags })), failures: [] };
}

function wishOf(
  world: World,
  {
    input,
    definition,
    spec,
    provider,
  }: { input: RunTaskRequest; definition: TaskDefinition; spec: LaunchSpec; provider: string | undefined },
  clusterArn: string,
): TaskWish {
  const launchType = launchTypeOf(world, spec, provider);
  const isFargate = launchType === 'FARGATE';
  const propagated =
    input.propagateTags === 'TASK_DEFINITION'
      ? (findTaskDefinition(world, definition.taskDefinitionArn ?? '')?.tags ?? [])
      : [];
  return {
    clusterArn,
    definition,
    // SDK documentation of RunTask.group.
    group: input.group ?? `family:${definition.family}`,
    startedBy: input.startedBy,
    launchType,
    capacityProviderName: provider,
    platformVersion: isFargate ? '1.4.0' : undefined,
    platformFamily: isFargate ? platformFamilyOf(definition) : undefined,
    containerInstanceArn: isFargate ? undefined : containerInstanceArns(world, clusterArn)[0],
    networkConfiguration: spec.networkConfiguration,
    enableExecuteCommand: input.enableExecuteCommand ?? false,
    overrides: input.overrides ?? {},
    tags: structuredClone([...propagated, ...(input.tags ?? [])]),
  };
}

/** RunTask answers an inactive definition with InvalidParameterException, as its users report. */
function runnable(world: World, reference: string): TaskDefinition {
  const found = findTaskDefinition(world, reference)?.definition;
  if (found === undefined || found.status === 'DELETE_IN_PROGRESS') throw clientException('TaskDefinition not found.');
  if (found.status !== 'ACTIVE') throw invalidParameter('TaskDefinition is inactive');
  return found;
}
