import type {
  CapacityProviderStrategyItem,
  LaunchType,
  NetworkConfiguration,
  Tag,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { clusterNameOf, containerInstanceArns, findTaskDefinition } from './addresses.ts';
import { imagesOf, isHealthy, isWanted, startTask, type TaskListener } from './task-lifecycle.ts';
import type { ServiceRecord, TaskRecord, World } from './world.ts';

/** What a deployment or a task set launches: the part of a service revision that a task is made of. */
export interface LaunchSpec {
  taskDefinition?: string | undefined;
  launchType?: LaunchType | undefined;
  capacityProviderStrategy?: CapacityProviderStrategyItem[] | undefined;
  platformVersion?: string | undefined;
  platformFamily?: string | undefined;
  networkConfiguration?: NetworkConfiguration | undefined;
}

/** The tasks of a service that are not STOPPED yet, of one deployment or task set if `owner` is given. */
export function tasksOf(world: World, record: ServiceRecord, owner?: string): TaskRecord[] {
  const tasks: TaskRecord[] = [];
  for (const arn of record.taskArns) {
    const found = world.tasks.get(arn);
    if (found === undefined || found.task.lastStatus === 'STOPPED') continue;
    if (owner === undefined || found.task.startedBy === owner) tasks.push(found);
  }
  return tasks;
}

export function isProtected(world: World, { protectedUntil }: TaskRecord): boolean {
  return protectedUntil !== undefined && protectedUntil > world.now();
}

/** Tasks to stop first: those that carry no load, then the oldest. Protected ones are never offered. */
export function stoppable(world: World, tasks: readonly TaskRecord[]): TaskRecord[] {
  return tasks
    .filter((task) => isWanted(task) && !isProtected(world, task))
    .toSorted((a, b) => Number(isHealthy(a)) - Number(isHealthy(b)));
}

/** Whether the capacity for these tasks is missing: by the behaviour of their images, or as there is no instance. */
export function lacksCapacity(world: World, clusterArn: string, spec: LaunchSpec): boolean {
  const definition = findTaskDefinition(world, spec.taskDefinition ?? '')?.definition;
  if (definition === undefined) return false;
  if (spec.launchType === 'EC2' && containerInstanceArns(world, clusterArn).length === 0) return true;
  return world.behaviours.of(imagesOf(definition)).becomes === 'no-capacity';
}

/** Starts `count` tasks for a deployment or a task set, spread over capacity providers and container instances. */
export function launchTasks(
  world: World,
  record: ServiceRecord,
  { owner, spec, count }: { owner: string; spec: LaunchSpec; count: number },
  listen: TaskListener,
): TaskRecord[] {
  const definition = findTaskDefinition(world, spec.taskDefinition ?? '')?.definition;
  if (definition === undefined) return [];
  const { service } = record;
  return Array.from({ length: count }, () => {
    const mine = tasksOf(world, record, owner).filter(isWanted);
    const provider = chooseProvider(spec.capacityProviderStrategy ?? [], mine);
    const launchType = launchTypeOf(world, spec, provider);
    const started = startTask(
      world,
      {
        clusterArn: service.clusterArn ?? '',
        definition,
        group: `service:${service.serviceName}`,
        startedBy: owner,
        launchType,
        capacityProviderName: provider,
        platformVersion: launchType === 'FARGATE' ? spec.platformVersion : undefined,
        platformFamily: launchType === 'FARGATE' ? spec.platformFamily : undefined,
        containerInstanceArn: launchType === 'FARGATE' ? undefined : freeInstance(world, record, mine),
        networkConfiguration: spec.networkConfiguration,
        enableExecuteCommand: service.enableExecuteCommand ?? false,
        overrides: {},
        tags: tagsOfTask(world, record, definition),
      },
      listen,
    );
    record.taskArns.add(started.task.taskArn ?? '');
    return started;
  });
}

/** The provider whose turn it is: bases first, then the one that is furthest behind its weight. */
export function chooseProvider(
  strategy: readonly CapacityProviderStrategyItem[],
  tasks: readonly TaskRecord[],
): string | undefined {
  const countOf = (name: string | undefined) => tasks.filter(({ task }) => task.capacityProviderName === name).length;
  const owedBase = strategy.find(({ capacityProvider, base }) => countOf(capacityProvider) < (base ?? 0));
  if (owedBase !== undefined) return owedBase.capacityProvider;
  const weighted = strategy.filter(({ weight }) => (weight ?? 0) > 0);
  const share = (item: CapacityProviderStrategyItem) =>
    (countOf(item.capacityProvider) - (item.base ?? 0)) / (item.weight ?? 1);
  return weighted.toSorted((a, b) => share(a) - share(b))[0]?.capacityProvider ?? strategy[0]?.capacityProvider;
}

/** A task tells the kind of capacity that its provider brings (SDK documentation of Task.launchType). */
export function launchTypeOf(world: World, spec: LaunchSpec, provider: string | undefined): LaunchType {
  if (provider === undefined) return spec.launchType ?? 'EC2';
  if (provider.startsWith('FARGATE')) return 'FARGATE';
  const isManaged = world.capacityProviders.get(provider)?.provider.managedInstancesProvider !== undefined;
  return isManaged ? 'MANAGED_INSTANCES' : 'EC2';
}

function freeInstance(world: World, record: ServiceRecord, mine: readonly TaskRecord[]): string | undefined {
  const instances = containerInstanceArns(world, record.service.clusterArn ?? '');
  const used = new Set(mine.map(({ task }) => task.containerInstanceArn));
  return instances.find((arn) => !used.has(arn)) ?? instances[mine.length % Math.max(1, instances.length)];
}

/** SDK documentation of propagateTags and enableECSManagedTags; the managed keys: developer guide, "Tagging". */
function tagsOfTask(world: World, record: ServiceRecord, definition: TaskDefinition): Tag[] {
  const { service } = record;
  const managed: Tag[] = [
    { key: 'aws:ecs:clusterName', value: clusterNameOf(service.clusterArn ?? '') },
    { key: 'aws:ecs:serviceName', value: service.serviceName },
  ];
  const propagated =
    service.propagateTags === 'SERVICE'
      ? record.tags
      : service.propagateTags === 'TASK_DEFINITION'
        ? (findTaskDefinition(world, definition.taskDefinitionArn ?? '')?.tags ?? [])
        : [];
  return [...propagated, ...(service.enableECSManagedTags === true ? managed : [])].map((tag) => ({ ...tag }));
}
