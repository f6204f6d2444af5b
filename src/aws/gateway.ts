import type {
  TagResourceCommandInput as AutoScalingTagResourceCommandInput,
  UntagResourceCommandInput as AutoScalingUntagResourceCommandInput,
  DeleteScalingPolicyCommandInput,
  DeleteScheduledActionCommandInput,
  DeregisterScalableTargetCommandInput,
  PutScalingPolicyCommandInput,
  PutScheduledActionCommandInput,
  RegisterScalableTargetCommandInput,
  ScalableTarget,
  ScalingActivity,
  ScalingPolicy,
  ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import type {
  Cluster,
  CreateClusterCommandInput,
  CreateServiceCommandInput,
  DeleteClusterCommandInput,
  DeleteServiceCommandInput,
  DeleteTaskDefinitionsCommandInput,
  DeregisterTaskDefinitionCommandInput,
  ProtectedTask,
  PutClusterCapacityProvidersCommandInput,
  RegisterTaskDefinitionCommandInput,
  Service,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceRevision,
  Tag,
  TagResourceCommandInput,
  Task,
  TaskDefinition,
  UntagResourceCommandInput,
  UpdateClusterCommandInput,
  UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';

/**
 * Every write that the operator can make, tagged by the API call, with the SDK's own input. A kind's `Step` is a part
 * of this union; the IAM policy in the docs is generated from the actions in `actions.ts`.
 */
export type EcsWrite =
  | { readonly call: 'CreateCluster'; readonly input: CreateClusterCommandInput }
  | { readonly call: 'UpdateCluster'; readonly input: UpdateClusterCommandInput }
  | { readonly call: 'PutClusterCapacityProviders'; readonly input: PutClusterCapacityProvidersCommandInput }
  | { readonly call: 'DeleteCluster'; readonly input: DeleteClusterCommandInput }
  | { readonly call: 'RegisterTaskDefinition'; readonly input: RegisterTaskDefinitionCommandInput }
  | { readonly call: 'DeregisterTaskDefinition'; readonly input: DeregisterTaskDefinitionCommandInput }
  | { readonly call: 'DeleteTaskDefinitions'; readonly input: DeleteTaskDefinitionsCommandInput }
  | { readonly call: 'CreateService'; readonly input: CreateServiceCommandInput }
  | { readonly call: 'UpdateService'; readonly input: UpdateServiceCommandInput }
  | { readonly call: 'DeleteService'; readonly input: DeleteServiceCommandInput }
  | { readonly call: 'TagResource'; readonly input: TagResourceCommandInput }
  | { readonly call: 'UntagResource'; readonly input: UntagResourceCommandInput }
  | ScalingWrite;

/** Those of them that go to Application Auto Scaling. A call that ECS has as well carries its service. */
export type ScalingWrite =
  | { readonly call: 'RegisterScalableTarget'; readonly input: RegisterScalableTargetCommandInput }
  | { readonly call: 'DeregisterScalableTarget'; readonly input: DeregisterScalableTargetCommandInput }
  | { readonly call: 'PutScalingPolicy'; readonly input: PutScalingPolicyCommandInput }
  | { readonly call: 'DeleteScalingPolicy'; readonly input: DeleteScalingPolicyCommandInput }
  | { readonly call: 'PutScheduledAction'; readonly input: PutScheduledActionCommandInput }
  | { readonly call: 'DeleteScheduledAction'; readonly input: DeleteScheduledActionCommandInput }
  | {
      readonly call: 'application-autoscaling:TagResource';
      readonly input: AutoScalingTagResourceCommandInput;
    }
  | {
      readonly call: 'application-autoscaling:UntagResource';
      readonly input: AutoScalingUntagResourceCommandInput;
    };

/** A write of the given calls only: `WriteOf<'CreateCluster' | 'TagResource'>`. */
export type WriteOf<Call extends EcsWrite['call']> = Extract<EcsWrite, { call: Call }>;

export interface DescribedTaskDefinition {
  readonly definition: TaskDefinition;
  readonly tags: readonly Tag[];
}

/**
 * ECS, with what scales its services, in one account and region, as one reconcile sees it. Every read takes one resource: that reads travel together,
 * wait for tokens and are retried is the gateway's secret. "Not there" is `undefined` or an empty list, never a
 * failure; INACTIVE resources are returned as ECS shows them, for the caller to judge. Everything else that goes wrong
 * is a `Failure`. Answers are shared between callers and must not be changed.
 */
export interface EcsGateway {
  /** The cluster with tags, settings, configuration, statistics and attachments. By name or ARN. */
  describeCluster(cluster: string, signal: AbortSignal): Promise<Cluster | undefined>;
  /** The service with its tags. Both by name or ARN. A cluster that does not exist has no service. */
  describeService(cluster: string, service: string, signal: AbortSignal): Promise<Service | undefined>;
  /** The ARNs of the cluster's services; for messages, so at most `limit` (default 10) come back. */
  listServices(cluster: string, signal: AbortSignal, limit?: number): Promise<readonly string[]>;
  /** The ARNs of the cluster's tasks that are not stopped, at most `limit` (default 10). */
  listTasks(cluster: string, signal: AbortSignal, limit?: number): Promise<readonly string[]>;
  /** By ARN or `family:revision` (content is cached, as revisions do not change) or by family (the newest ACTIVE one, never cached). Tags may be up to 6 h old on a sweep, unless they are to be live, and fresh otherwise; of any age where only the content counts. */
  describeTaskDefinition(
    definition: string,
    signal: AbortSignal,
    tags?: 'live' | 'any',
  ): Promise<DescribedTaskDefinition | undefined>;
  /** The ARNs of a family's revisions of that status, newest first. ACTIVE on a sweep comes from a shared listing. */
  listRevisions(
    family: string,
    status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS',
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  describeServiceRevision(arn: string, signal: AbortSignal): Promise<ServiceRevision | undefined>;
  /** In brief, newest first, at most five. */
  listServiceDeployments(
    cluster: string,
    service: string,
    signal: AbortSignal,
  ): Promise<readonly ServiceDeploymentBrief[]>;
  describeServiceDeployment(arn: string, signal: AbortSignal): Promise<ServiceDeployment | undefined>;
  /** The newest stopped tasks of a service, described, at most `limit` (default 10). ECS keeps them about an hour. */
  listStoppedTasks(cluster: string, service: string, signal: AbortSignal, limit?: number): Promise<readonly Task[]>;
  /** The tasks of a service that are protected from scale-in, of its first hundred. */
  listProtectedTasks(cluster: string, service: string, signal: AbortSignal): Promise<readonly ProtectedTask[]>;
  /**
   * The scalable target of a service, by `service/<cluster>/<service>`. On a sweep from a listing that serves all of the
   * sweep, and so as old as the sweep is long; one that the listing lacks is asked for by itself where that is to be sure.
   */
  describeScalableTarget(
    resourceId: string,
    signal: AbortSignal,
    absence?: 'confirmed',
  ): Promise<ScalableTarget | undefined>;
  /** The scaling policies of a target, of any owner. On a sweep from a listing like that of targets. */
  listScalingPolicies(resourceId: string, signal: AbortSignal): Promise<readonly ScalingPolicy[]>;
  /** The scheduled actions of a target, of any owner. On a sweep from a listing like that of targets. */
  listScheduledActions(resourceId: string, signal: AbortSignal): Promise<readonly ScheduledAction[]>;
  /** The tags of a scalable target, by its ARN; never cached. */
  listScalableTargetTags(arn: string, signal: AbortSignal): Promise<Readonly<Record<string, string>> | undefined>;
  /** The newest scaling activities of a service, at most `limit` (default 5), also those that came to nothing. */
  listScalingActivities(resourceId: string, signal: AbortSignal, limit?: number): Promise<readonly ScalingActivity[]>;
  /**
   * One write: checks the lease as late as can be, waits for its token, retries throttling, and classifies what goes
   * wrong. The answer is dropped: what came of it is learnt by looking. Caches that the write makes old are dropped too.
   */
  write(write: EcsWrite, signal: AbortSignal): Promise<void>;
}

/** `urgent` is a user's edit or a rollout on its way; `sweep` is the resync, which gives way. */
export type Priority = 'urgent' | 'sweep';
