import type {
  CreateServiceCommandInput,
  ProtectedTask,
  Service,
  ServiceDeployment,
  ServiceRevision,
  UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import type { Tag } from '../../api/ownership.ts';
import type { EcsGateway, ScalingWrite, WriteOf } from '../../aws/gateway.ts';
import type { Owner } from '../../core/plan.ts';
import type { ScalingRemoval, ScalingState, ScalingWish } from './scaling/model.ts';
import type { EcsServiceSpec, EcsServiceStatus } from './schema.ts';

/** Cluster and service by name or ARN, as the gateway takes them. */
export interface ServiceAddress {
  readonly cluster: string;
  readonly service: string;
  /** Those that one DescribeServices can hold: of one account, region and cluster. */
  readonly group: string;
}

/** The members that creation and update share: those that are compared, and corrected in place. */
export type ConfigurationMember = Exclude<keyof CreateServiceCommandInput & keyof UpdateServiceCommandInput, 'cluster'>;

export type Configuration = Readonly<Partial<Pick<CreateServiceCommandInput, ConfigurationMember>>>;

/** What is settled at creation: a difference later is refused. */
export interface Fixed {
  readonly role?: string | undefined;
  readonly launchType?: CreateServiceCommandInput['launchType'];
  readonly schedulingStrategy?: CreateServiceCommandInput['schedulingStrategy'];
}

/** What has been put at some time, by status: what of it is stated no more is to be cleared. */
interface Applied {
  readonly fields: readonly string[];
  readonly tagKeys: readonly string[];
}

/** A restart that somebody asks for. `from` is the deployment that it is to replace and `at` when ECS was asked, once that is persisted. */
export interface RestartWish {
  readonly value: string;
  readonly from: string | undefined;
  readonly at: number | undefined;
}

export interface DesiredService {
  readonly owner: Owner;
  readonly uid: string;
  readonly at: ServiceAddress;
  readonly name: string;
  /** The cluster that the reference means by now, where that is another than the service is on. */
  readonly otherCluster: string | undefined;
  /** What the user states, references resolved, in ECS's shapes. */
  readonly stated: Configuration;
  readonly fixed: Fixed;
  /** All that must be there, ours included. */
  readonly tags: readonly Tag[];
  readonly statedTagKeys: readonly string[];
  readonly applied: Applied | undefined;
  /** Undefined for daemons, which have no count. */
  readonly scaling: ScalingWish | undefined;
  readonly restart: RestartWish | undefined;
  /** The deployment that ECS was asked for last, until it has finished it. */
  readonly deploying: EcsServiceStatus['deploying'];
  /** What ECS was asked to change, while it goes on showing what it showed before. */
  readonly updating: EcsServiceStatus['updating'];
  readonly generation: number;
  /** The deployment that was seen to have ended well, by its id. */
  readonly completedDeploymentId: string | undefined;
  /** When the service that was last seen here was made: tells one creation from the next. */
  readonly createdAt: string | undefined;
  /** Wall time of this look: what has not moved for long is asked why. */
  readonly now: number;
  /** What a person would mend after a bad rollout: `EcsTaskDefinition shop/web`, or a field. */
  readonly remedy: string;
}

export interface ServiceRemoval {
  readonly isRetained: boolean;
  readonly isForced: boolean;
  /** When ECS was asked for a service that has not been seen since. */
  readonly creatingAt: number | undefined;
  readonly at: ServiceAddress;
  readonly scaling: ScalingRemoval;
  /** Wall time of this look. */
  readonly now: number;
}

/** A task that stopped by itself, and why. */
export interface StoppedTask {
  readonly id: string;
  readonly reason: string;
  readonly hasStarted: boolean;
  readonly stoppedAt: Date | undefined;
}

/** The newest service deployment, with the revision that it rolls out. */
export interface NewestDeployment {
  readonly deployment: ServiceDeployment;
  readonly target: ServiceRevision | undefined;
}

export interface ServiceState {
  readonly service: Service;
  /** The revision of the PRIMARY deployment; read only where something is stated that nothing else shows. */
  readonly revision: ServiceRevision | undefined;
  /** Read only where the wish differs in what a deployment rolls out, where a rollout has failed, or once one has ended. */
  readonly newest: NewestDeployment | undefined;
  /** Read only where a rollout fails. */
  readonly stoppedTasks: readonly StoppedTask[];
  /** Read only where tasks of a service that is to be deleted do not stop. */
  readonly protectedTasks: readonly ProtectedTask[];
  /** Undefined where nobody scales the service. */
  readonly scaling: ScalingState | undefined;
}

export type ServiceStep =
  | WriteOf<'CreateService' | 'UpdateService' | 'DeleteService' | 'TagResource' | 'UntagResource'>
  | ScalingWrite;

export interface EcsServiceTypes {
  spec: EcsServiceSpec;
  status: EcsServiceStatus;
  address: ServiceAddress;
  desired: DesiredService;
  removal: ServiceRemoval;
  state: ServiceState;
  step: ServiceStep;
  gateway: EcsGateway;
}
