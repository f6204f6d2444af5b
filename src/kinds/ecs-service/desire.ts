import { ANNOTATIONS } from '../../api/group.ts';
import { ownerTags, tagKeysOf } from '../../api/ownership.ts';
import { roleClaims, roleMembersOf } from '../../api/role-claims.ts';
import { withDefaultTags } from '../../api/tags.ts';
import { Failure } from '../../core/failure.ts';
import type { Claim, Managed, Reference, Resolved, Surroundings } from '../../core/managed-kind.ts';
import { clusterArnOf, locateService } from './locate.ts';
import type {
  Configuration,
  DesiredService,
  EcsServiceTypes,
  Fixed,
  RestartWish,
  ServiceAddress,
  ServiceRemoval,
} from './model.ts';
import { scalingRemoval, scalingWish } from './scaling/desire.ts';
import { EcsServiceSpec } from './schema.ts';

type EcsService = Managed<EcsServiceTypes>;

/** What the user wishes, in ECS's terms, with what was put before. */
export function desireService(object: EcsService, { refs, defaultTags, now }: Surroundings): DesiredService {
  const { metadata, spec, status, owner } = object;
  const at = locateService(object, refs);
  // Neither is anything that an onlooker asks for.
  const isObserving = spec.managementPolicy === 'Observe';
  const tags = withDefaultTags(spec.tags, isObserving ? [] : defaultTags);
  return {
    owner,
    uid: metadata.uid,
    at,
    name: spec.serviceName ?? metadata.name,
    otherCluster: otherClusterOf(at, clusterArnOf(refs['spec.clusterRef'])),
    stated: statedConfiguration(spec, refs),
    fixed: fixedOf(spec),
    tags: [...tags, ...(isObserving ? [] : ownerTags(owner))],
    statedTagKeys: tagKeysOf(tags),
    applied: appliedOf(object),
    scaling: scalingWish(object, at, now),
    restart: isObserving ? undefined : restartOf(object),
    deploying: isObserving ? undefined : status.deploying,
    updating: status.updating,
    generation: metadata.generation,
    completedDeploymentId: status.completedDeploymentId,
    createdAt: status.createdAt,
    remedy: remedyOf(object),
    now,
  };
}

export function removeService(object: EcsService, { refs, now }: Surroundings): ServiceRemoval {
  const { spec, status } = object;
  const at = locateService(object, refs);
  return {
    isRetained: spec.deletionPolicy === 'Retain',
    isForced: spec.forceDelete === true,
    creatingAt: status.creating && Date.parse(status.creating.at),
    at,
    scaling: scalingRemoval(object, at),
    now,
  };
}

const ROLE_MEMBERS = roleMembersOf(EcsServiceSpec);

export function claimsOfService(object: EcsService, refs: Resolved): readonly Claim[] {
  const { spec } = object;
  const path = spec.clusterRef === undefined ? 'spec.cluster' : 'spec.clusterRef';
  return [{ on: 'cluster', path, name: locateService(object, refs).cluster }, ...roleClaims(spec, ROLE_MEMBERS)];
}

export function referencesOfService(spec: EcsServiceSpec): readonly Reference[] {
  const found: Reference[] = [];
  if (spec.clusterRef !== undefined) {
    found.push({
      path: 'spec.clusterRef',
      kind: 'EcsCluster',
      name: spec.clusterRef.name,
      isUsable: ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined && typeof status['arn'] === 'string' && status['state'] === 'ACTIVE',
      // Its counts change with every task of any service.
      uses: ({ status }) => status['arn'],
    });
  }
  if (spec.taskDefinitionRef !== undefined) {
    found.push({ path: 'spec.taskDefinitionRef', kind: 'EcsTaskDefinition', name: spec.taskDefinitionRef.name });
  }
  return found;
}

/** What is only observed was never put, so that nothing of it is to be cleared. */
function appliedOf({ spec, status: { lastApplied } }: EcsService): DesiredService['applied'] {
  if (spec.managementPolicy === 'Observe' || lastApplied === undefined) return undefined;
  return { fields: lastApplied.fields ?? [], tagKeys: lastApplied.tagKeys ?? [] };
}

/** A service cannot be moved: one that was seen elsewhere would be left behind. */
function otherClusterOf({ cluster }: ServiceAddress, resolved: string | undefined): string | undefined {
  return resolved === cluster ? undefined : resolved;
}

function statedConfiguration(spec: EcsServiceSpec, refs: Resolved): Configuration {
  const taskDefinition = taskDefinitionOf(spec, refs);
  return defined({
    desiredCount: spec.desiredCount,
    taskDefinition,
    capacityProviderStrategy: spec.capacityProviderStrategy,
    deploymentConfiguration: deploymentConfigurationOf(spec),
    availabilityZoneRebalancing: spec.availabilityZoneRebalancing,
    networkConfiguration: spec.networkConfiguration,
    placementConstraints: spec.placementConstraints,
    placementStrategy: spec.placementStrategy,
    platformVersion: spec.platformVersion,
    healthCheckGracePeriodSeconds: spec.healthCheckGracePeriodSeconds,
    deploymentController: spec.deploymentController,
    enableExecuteCommand: spec.enableExecuteCommand,
    enableECSManagedTags: spec.enableECSManagedTags,
    loadBalancers: spec.loadBalancers,
    propagateTags: spec.propagateTags,
    serviceRegistries: spec.serviceRegistries,
    serviceConnectConfiguration: serviceConnectOf(spec),
    volumeConfigurations: spec.volumeConfigurations,
    vpcLatticeConfigurations: spec.vpcLatticeConfigurations,
    gatewayConnectors: spec.gatewayConnectors,
    monitoring: spec.monitoring,
  } satisfies Record<keyof Configuration, unknown>);
}

/** References are usable when this is asked, so the exact revision is known. */
function taskDefinitionOf(spec: EcsServiceSpec, refs: Resolved): string | undefined {
  if (spec.taskDefinitionRef === undefined) return spec.taskDefinition;
  const arn = refs['spec.taskDefinitionRef']?.status['arn'];
  if (typeof arn === 'string') return arn;
  throw new Failure('DependencyNotReady', `EcsTaskDefinition ${spec.taskDefinitionRef.name} has no revision yet`);
}

function deploymentConfigurationOf({
  deploymentConfiguration,
}: EcsServiceSpec): Configuration['deploymentConfiguration'] {
  if (deploymentConfiguration?.lifecycleHooks === undefined) return deploymentConfiguration;
  const lifecycleHooks = deploymentConfiguration.lifecycleHooks.map(({ hookDetails, ...hook }, index) =>
    hookDetails === undefined ? hook : { ...hook, hookDetails: parseDetails(hookDetails, index) },
  );
  return { ...deploymentConfiguration, lifecycleHooks };
}

type HookDetails = NonNullable<
  NonNullable<NonNullable<Configuration['deploymentConfiguration']>['lifecycleHooks']>[number]['hookDetails']
>;

function parseDetails(text: string, index: number): HookDetails {
  try {
    return JSON.parse(text);
  } catch (error) {
    const path = `spec.deploymentConfiguration.lifecycleHooks[${index}].hookDetails`;
    throw new Failure('Rejected', `${path} is no JSON: write it as JSON text`, { cause: error });
  }
}

/** ECS has a union here: each setting is an object with one member. */
function serviceConnectOf({
  serviceConnectConfiguration,
}: EcsServiceSpec): Configuration['serviceConnectConfiguration'] {
  if (serviceConnectConfiguration === undefined) return undefined;
  const { containerConfigurations, ...rest } = serviceConnectConfiguration;
  if (containerConfigurations === undefined) return rest;
  return {
    ...rest,
    containerConfigurations: containerConfigurations.flatMap(({ logLevel }) =>
      logLevel === undefined ? [] : { logLevel },
    ),
  };
}

function fixedOf({ role, launchType, schedulingStrategy }: EcsServiceSpec): Fixed {
  return defined({ role, launchType, schedulingStrategy });
}

/**
 * The annotation asks for something only while status remembers another value: without a memory (a new object, or a
 * status that was lost) it asks for nothing.
 */
function restartOf({ metadata, status }: EcsService): RestartWish | undefined {
  const value = metadata.annotations[ANNOTATIONS.restartAt] ?? '';
  const known = status.restart;
  if (value === '' || known === undefined) return undefined;
  if (known.value !== value) return { value, from: undefined, at: undefined };
  if (known.deploymentId === undefined) return undefined;
  return { value, from: known.deploymentId, at: known.at === undefined ? undefined : Date.parse(known.at) };
}

function remedyOf({ metadata, spec }: EcsService): string {
  return spec.taskDefinitionRef === undefined
    ? 'spec.taskDefinition'
    : `EcsTaskDefinition ${metadata.namespace}/${spec.taskDefinitionRef.name}`;
}

function defined<Value extends object>(value: Value): Value {
  // Members that are undefined are left out, which the type allows for every member that can be so.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;
}
