import type { Deployment, Service, ServiceDeployment, ServiceRevision } from '@aws-sdk/client-ecs';
import { ownerOf, ownerTags } from '../../src/api/ownership.ts';
import type { Managed, Referent, Surroundings } from '../../src/core/managed-kind.ts';
import type { Goal, Observation, Owner } from '../../src/core/plan.ts';
import { desireService, removeService } from '../../src/kinds/ecs-service/desire.ts';
import type {
  DesiredService,
  EcsServiceTypes,
  ServiceRemoval,
  ServiceState,
} from '../../src/kinds/ecs-service/model.ts';
import { planService, type ServicePlan } from '../../src/kinds/ecs-service/plan.ts';
import type { EcsServiceSpec, EcsServiceStatus } from '../../src/kinds/ecs-service/schema.ts';

export const NOW = Date.UTC(2026, 0, 1, 12);
export const OWNER: Owner = { clusterId: 'prod-1', kind: 'EcsService', namespace: 'shop', name: 'web' };
const ECS = 'arn:aws:ecs:eu-west-1:123456789012';
export const CLUSTER_ARN = `${ECS}:cluster/shop`;
export const SERVICE_ARN = `${ECS}:service/shop/web`;

export function revision(number: number, family = 'web'): string {
  return `${ECS}:task-definition/${family}:${number}`;
}

export function at(msBeforeNow: number): Date {
  return new Date(NOW - msBeforeNow);
}

interface ObjectParts {
  readonly annotations?: Record<string, string>;
  readonly status?: Partial<EcsServiceStatus>;
  readonly name?: string;
  readonly uid?: string;
}

/** An EcsService that runs web:1 on the cluster shop, but for what is said. */
export function anObject(spec: Partial<EcsServiceSpec> = {}, parts: ObjectParts = {}): Managed<EcsServiceTypes> {
  return {
    metadata: {
      name: parts.name ?? 'web',
      namespace: 'shop',
      uid: parts.uid ?? 'uid-1',
      generation: 1,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      finalizers: [],
      annotations: parts.annotations ?? {},
      labels: {},
    },
    spec: { cluster: CLUSTER_ARN, taskDefinition: revision(1), ...spec },
    status: parts.status ?? {},
    owner: OWNER,
  };
}

export function surroundings(refs: Surroundings['refs'] = {}, now = NOW): Surroundings {
  return { refs, referrers: [], heeded: [], defaultTags: [], now };
}

/** An object that another one refers to. */
export function aReferent(
  kind: string,
  name: string,
  parts: Partial<Pick<Referent, 'spec' | 'status'>> = {},
): Referent {
  const { metadata } = anObject({}, { name });
  return { kind, metadata, spec: parts.spec ?? {}, status: parts.status ?? {} };
}

export function wishFor(object: Managed<EcsServiceTypes>, refs: Surroundings['refs'] = {}): DesiredService {
  return desireService(object, surroundings(refs));
}

/** What the service `web` with two tasks of web:1 shows, settled and ours, with ECS's defaults, but for what is said. */
export function aService(changes: Partial<Service> = {}): Service {
  return {
    serviceArn: SERVICE_ARN,
    serviceName: 'web',
    clusterArn: CLUSTER_ARN,
    status: 'ACTIVE',
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    platformFamily: 'Linux',
    taskDefinition: revision(1),
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    deploymentConfiguration: {
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      strategy: 'ROLLING',
      bakeTimeInMinutes: 0,
      deploymentCircuitBreaker: {
        enable: false,
        rollback: false,
        resetOnHealthyTask: true,
        thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 },
      },
      alarms: { alarmNames: [], enable: false, rollback: false },
      lifecycleHooks: [],
      earlySuccessCriteria: { enable: false, healthyPercent: 100, sourceServiceRevisionCleanup: 'BLOCKING' },
    },
    deployments: [aDeployment()],
    loadBalancers: [],
    serviceRegistries: [],
    placementConstraints: [],
    placementStrategy: [],
    healthCheckGracePeriodSeconds: 0,
    enableECSManagedTags: false,
    enableExecuteCommand: false,
    propagateTags: 'NONE',
    availabilityZoneRebalancing: 'ENABLED',
    resourceManagementType: 'CUSTOMER',
    roleArn: 'arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS',
    createdAt: at(3_600_000),
    events: [],
    tags: ownerTags(OWNER),
    ...changes,
  };
}

export function aDeployment(changes: Partial<Deployment> = {}): Deployment {
  return {
    id: 'ecs-svc/1',
    status: 'PRIMARY',
    taskDefinition: revision(1),
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    failedTasks: 0,
    rolloutState: 'COMPLETED',
    rolloutStateReason: 'ECS deployment ecs-svc/1 completed.',
    createdAt: at(3_600_000),
    updatedAt: at(3_500_000),
    ...changes,
  };
}

/** The newest service deployment, to the given configuration. */
export function newest(
  status: NonNullable<ServiceDeployment['status']>,
  target: ServiceRevision,
  changes: Partial<ServiceDeployment> = {},
): NonNullable<ServiceState['newest']> {
  const serviceDeploymentArn = `${ECS}:service-deployment/shop/web/d2`;
  return { deployment: { serviceDeploymentArn, status, createdAt: at(60_000), ...changes }, target };
}

export function observed(
  service: Service,
  parts: Partial<ServiceState> = {},
): Observation<ServiceState> & { exists: true } {
  const state = {
    revision: undefined,
    newest: undefined,
    stoppedTasks: [],
    protectedTasks: [],
    scaling: undefined,
    ...parts,
    service,
  };
  return { exists: true, owner: ownerOf(service.tags), state };
}

/** What is planned for the object in sight of that, at `NOW`. */
export function planFor(
  object: Managed<EcsServiceTypes>,
  sight: Observation<ServiceState>,
  refs: Surroundings['refs'] = {},
): ServicePlan {
  return planService({ want: 'present', desired: wishFor(object, refs) }, sight, NOW);
}

export function planDeletion(object: Managed<EcsServiceTypes>, sight: Observation<ServiceState>): ServicePlan {
  return planService(absence(object), sight, NOW);
}

export function absence(object: Managed<EcsServiceTypes>): Goal<DesiredService, ServiceRemoval> {
  return { want: 'absent', removal: removeService(object, surroundings()) };
}

/** The input of the one UpdateService that a plan has. */
export function updateOf(verdict: ServicePlan): object | undefined {
  if (verdict.verdict !== 'change') return undefined;
  return verdict.steps.find(({ call }) => call === 'UpdateService')?.input;
}
