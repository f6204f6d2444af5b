import type {
  ContainerDefinition,
  HealthCheck,
  PortMapping,
  RegisterTaskDefinitionRequest,
  TaskDefinition,
  Volume,
} from '@aws-sdk/client-ecs';
import { type Place, roleArn } from './arn.ts';

/** A definition as ECS keeps it: what was stated, in ECS's own spelling, with its defaults (the T rules of EcsTaskDefinition). */
export function filledDefinition(
  place: Place,
  stated: Omit<RegisterTaskDefinitionRequest, 'tags'>,
): Omit<TaskDefinition, 'family'> {
  const { family: _, cpu, memory, taskRoleArn, executionRoleArn, proxyConfiguration, ...rest } = stated;
  const networkMode = stated.networkMode ?? usualNetworkMode(stated);
  return {
    ...rest,
    containerDefinitions: (stated.containerDefinitions ?? []).map((each) => filledContainer(each, networkMode)),
    ...(cpu !== undefined && { cpu: cpuUnits(cpu) }),
    ...(memory !== undefined && { memory: mebibytes(memory) }),
    ...(taskRoleArn !== undefined && { taskRoleArn: longRole(place, taskRoleArn) }),
    ...(executionRoleArn !== undefined && { executionRoleArn: longRole(place, executionRoleArn) }),
    ...(networkMode !== undefined && { networkMode }),
    // T38: SDK documentation of ProxyConfiguration.type.
    ...(proxyConfiguration !== undefined && {
      proxyConfiguration: { type: 'APPMESH' as const, ...proxyConfiguration },
    }),
    volumes: (stated.volumes ?? []).map(filledVolume),
    placementConstraints: stated.placementConstraints ?? [],
    // T42: SDK documentation of enableFaultInjection; seen on live definitions.
    enableFaultInjection: stated.enableFaultInjection ?? false,
  };
}

/** T1: `.25 vCPU` becomes `256`. */
export function cpuUnits(text: string): string {
  const [, count] = /^\s*(\d*\.?\d+)\s*vcpu\s*$/i.exec(text) ?? [];
  return count === undefined ? text : String(Number(count) * 1_024);
}

/** T2: `1 GB` becomes `1024`. */
export function mebibytes(text: string): string {
  const [, count] = /^\s*(\d*\.?\d+)\s*gb\s*$/i.exec(text) ?? [];
  return count === undefined ? text : String(Number(count) * 1_024);
}

/** T3: SDK documentation of TaskDefinition.networkMode. Windows on EC2 has a mode of its own, which is not answered. */
function usualNetworkMode(stated: Omit<RegisterTaskDefinitionRequest, 'tags'>): TaskDefinition['networkMode'] {
  const wanted = stated.requiresCompatibilities ?? [];
  if (wanted.includes('FARGATE') || wanted.includes('MANAGED_INSTANCES')) return 'awsvpc';
  return stated.runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS') === true ? undefined : 'bridge';
}

/** T47: a role may be named; it is answered by its ARN. */
function longRole(place: Place, role: string): string {
  return role === '' || role.startsWith('arn:') ? role : roleArn(place, role);
}

function filledContainer(stated: ContainerDefinition, networkMode: TaskDefinition['networkMode']): ContainerDefinition {
  const { healthCheck, restartPolicy } = stated;
  return {
    ...stated,
    // T7, T8, T10: SDK documentation; the empty lists are in every answer of AWS's.
    cpu: stated.cpu ?? 0,
    essential: stated.essential ?? true,
    environment: stated.environment ?? [],
    portMappings: (stated.portMappings ?? []).map((each) => filledPort(each, networkMode)),
    // T18
    mountPoints: (stated.mountPoints ?? []).map((each) => ({ readOnly: false, ...each })),
    volumesFrom: (stated.volumesFrom ?? []).map((each) => ({ readOnly: false, ...each })),
    systemControls: stated.systemControls ?? [],
    ...(healthCheck !== undefined && { healthCheck: filledHealthCheck(healthCheck) }),
    // T29: SDK documentation of ContainerRestartPolicy.restartAttemptPeriod.
    ...(restartPolicy?.enabled === true && { restartPolicy: { restartAttemptPeriod: 300, ...restartPolicy } }),
  };
}

/** T13, T14: SDK documentation of PortMapping. A range keeps the host's side to itself until it runs. */
function filledPort(stated: PortMapping, networkMode: TaskDefinition['networkMode']): PortMapping {
  const protocol = stated.protocol ?? 'tcp';
  if (stated.containerPortRange !== undefined) return { ...stated, protocol };
  const isMapped = networkMode === 'awsvpc' || networkMode === 'host';
  const hostPort = isMapped ? stated.hostPort || stated.containerPort : (stated.hostPort ?? 0);
  return { ...stated, protocol, hostPort };
}

/** T23: SDK documentation of HealthCheck. */
function filledHealthCheck(stated: HealthCheck): HealthCheck {
  return { ...stated, interval: stated.interval ?? 30, timeout: stated.timeout ?? 5, retries: stated.retries ?? 3 };
}

/** T32, T33, T35, T36: SDK documentation of Volume and its configurations. */
function filledVolume(stated: Volume): Volume {
  const { efsVolumeConfiguration, s3filesVolumeConfiguration, dockerVolumeConfiguration } = stated;
  const hasConfiguration = Object.entries(stated).some(([name, value]) => name.endsWith('Configuration') && value);
  return {
    ...stated,
    ...(!hasConfiguration && stated.configuredAtLaunch !== true && { host: stated.host ?? {} }),
    ...(efsVolumeConfiguration && { efsVolumeConfiguration: { rootDirectory: '/', ...efsVolumeConfiguration } }),
    ...(s3filesVolumeConfiguration && {
      s3filesVolumeConfiguration: { rootDirectory: '/', ...s3filesVolumeConfiguration },
    }),
    ...(dockerVolumeConfiguration && {
      dockerVolumeConfiguration: { scope: 'task', driver: 'local', ...dockerVolumeConfiguration },
    }),
  };
}
