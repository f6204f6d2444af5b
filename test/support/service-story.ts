import type {
  DescribeScalableTargetsResponse,
  DescribeScalingActivitiesResponse,
  DescribeScalingPoliciesResponse,
  DescribeScheduledActionsResponse,
  ListTagsForResourceResponse,
} from '@aws-sdk/client-application-auto-scaling';
import type {
  DescribeServiceDeploymentsResponse,
  DescribeServiceRevisionsResponse,
  DescribeServicesResponse,
  DescribeTasksResponse,
  GetTaskProtectionResponse,
  ListServiceDeploymentsResponse,
  ListTasksResponse,
} from '@aws-sdk/client-ecs';
import type { EcsGateway } from '../../src/aws/gateway.ts';
import type { Managed, Notice, Referent } from '../../src/core/managed-kind.ts';
import type { Goal } from '../../src/core/plan.ts';
import { createEcsService } from '../../src/kinds/ecs-service/kind.ts';
import type { DesiredService, EcsServiceTypes, ServiceRemoval } from '../../src/kinds/ecs-service/model.ts';
import type { ServicePlan } from '../../src/kinds/ecs-service/plan.ts';
import type { EcsServiceSpec } from '../../src/kinds/ecs-service/schema.ts';
import { createManualClock } from '../simulator/clock.ts';
import { createSimulator, type Simulator } from '../simulator/simulator.ts';
import { anObject } from './ecs-service-builders.ts';

const START_MS = Date.UTC(2026, 0, 1);
const MAX_LOOKS = 400;

/** One EcsService, the simulator, and a loop that does what the runtime does, a look at a time. */
export interface ServiceStory {
  readonly simulator: Simulator;
  /** Registers a revision of the family and answers its ARN. */
  define(image: string, family?: string): Promise<string>;
  wish(spec: Partial<EcsServiceSpec>): void;
  annotate(key: string, value: string): void;
  /** Status is lost, and whatever the operator had in mind. */
  forget(): void;
  status(): Managed<EcsServiceTypes>['status'];
  /** One look, with whatever is written because of it. */
  look(): Promise<ServicePlan>;
  /** Looks again and again, as often as the plans ask for, until one of that verdict (and reason). */
  lookUntil(verdict: ServicePlan['verdict'], reason?: string): Promise<ServicePlan>;
  lookUntilGone(): Promise<void>;
  pass(ms: number): Promise<void>;
  /** The actions of all writes since the last time. */
  writes(): string[];
  /** What all looks since the last time had to tell, each once. */
  notices(): readonly Notice[];
}

export interface StoryOptions {
  readonly shuffleAnswers?: boolean;
  readonly readLagMs?: number;
  readonly seed?: number;
}

export async function beginStory(spec: Partial<EcsServiceSpec>, options: StoryOptions = {}): Promise<ServiceStory> {
  const clock = createManualClock(START_MS);
  const simulator = createSimulator({ clock, seed: 7, containerInstances: 1, ...options });
  const gateway = gatewayOf(simulator);
  const signal = new AbortController().signal;
  let kind = createEcsService();
  let object: Managed<EcsServiceTypes> = anObject({ cluster: 'shop', ...spec });
  const refs: Readonly<Record<string, Referent>> = {};
  const told = new Map<string, Notice>();
  let toldBefore = 0;

  async function define(image: string, family = 'web'): Promise<string> {
    const answer = await simulator.call('RegisterTaskDefinition', {
      family,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE', 'EC2'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'web', image, portMappings: [{ containerPort: 80, name: 'http' }] }],
    });
    return (answer as { taskDefinition: { taskDefinitionArn: string } }).taskDefinition.taskDefinitionArn;
  }

  async function pass(ms: number): Promise<void> {
    await clock.advance(ms);
    simulator.settle();
  }

  function goalNow(isDeleting: boolean): Goal<DesiredService, ServiceRemoval> {
    const around = { refs, referrers: [], heeded: [], defaultTags: [], now: clock.now() };
    return isDeleting
      ? { want: 'absent', removal: kind.removal(object, around) }
      : { want: 'present', desired: kind.desire(object, around) };
  }

  async function look(isDeleting = false): Promise<ServicePlan> {
    const at = kind.locate(object, refs);
    if (at === undefined) throw new Error('nowhere to look');
    const goal = goalNow(isDeleting);
    const sight = await kind.observe(at, goal, gateway, signal);
    const { status, notices } = kind.report(object, goal, sight, clock.now());
    for (const notice of notices) told.set(notice.id, told.get(notice.id) ?? notice);
    const verdict = kind.plan(goal, sight, clock.now());
    object = { ...object, status: { ...status, ...('intents' in verdict ? verdict.intents : {}) } };
    if (verdict.verdict === 'change') {
      for (const step of verdict.steps) await kind.apply(step, gateway, signal);
      object = { ...object, status: { ...object.status, ...verdict.done } };
    }
    return verdict;
  }

  async function lookUntil(verdict: string, reason?: string, isDeleting = false): Promise<ServicePlan> {
    for (let count = 0; count < MAX_LOOKS; count += 1) {
      const seen = await look(isDeleting);
      if (seen.verdict === verdict && (reason === undefined || ('reason' in seen && seen.reason === reason)))
        return seen;
      await pass(seen.verdict === 'wait' ? seen.pollAfterMs : 1_000);
    }
    throw new Error(`never ${verdict} ${reason ?? ''}: ${JSON.stringify(await look(isDeleting))}`);
  }

  await simulator.call('CreateCluster', { clusterName: 'shop' });
  await define('web:1');
  await pass(options.readLagMs ?? 0);
  simulator.forgetCalls();
  return {
    simulator,
    define,
    wish(changes) {
      const metadata = { ...object.metadata, generation: object.metadata.generation + 1 };
      object = { ...object, metadata, spec: { ...object.spec, ...changes } };
    },
    annotate(key, value) {
      const { metadata } = object;
      object = { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, [key]: value } } };
    },
    forget() {
      object = { ...object, status: {} };
      kind = createEcsService();
    },
    status: () => object.status,
    look: () => look(),
    lookUntil: (verdict, reason) => lookUntil(verdict, reason),
    lookUntilGone: async () => void (await lookUntil('in-sync', undefined, true)),
    pass,
    writes() {
      const actions = simulator.writes().map(({ action }) => action);
      simulator.forgetCalls();
      return actions;
    },
    notices() {
      const since = [...told.values()].slice(toldBefore);
      toldBefore = told.size;
      return since;
    },
  };
}

/** The gateway's reads and writes, one call each: batches, pacing and classification are tested where they are made. */
function gatewayOf(simulator: Simulator): EcsGateway {
  const { call } = simulator;
  return {
    async describeService(cluster, service) {
      const answer: DescribeServicesResponse = await call('DescribeServices', {
        cluster,
        services: [service],
        include: ['TAGS'],
      });
      return answer.services?.[0];
    },
    async describeServiceRevision(arn) {
      const answer: DescribeServiceRevisionsResponse = await call('DescribeServiceRevisions', {
        serviceRevisionArns: [arn],
      });
      return answer.serviceRevisions?.[0];
    },
    async listServiceDeployments(cluster, service) {
      const list: ListServiceDeploymentsResponse = await call('ListServiceDeployments', { cluster, service });
      return (list.serviceDeployments ?? []).toSorted(
        (a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0),
      );
    },
    async describeServiceDeployment(arn) {
      const answer: DescribeServiceDeploymentsResponse = await call('DescribeServiceDeployments', {
        serviceDeploymentArns: [arn],
      });
      return answer.serviceDeployments?.[0];
    },
    async listStoppedTasks(cluster, service, _signal, limit = 10) {
      const list: ListTasksResponse = await call('ListTasks', {
        cluster,
        serviceName: service,
        desiredStatus: 'STOPPED',
      });
      if ((list.taskArns ?? []).length === 0) return [];
      const answer: DescribeTasksResponse = await call('DescribeTasks', { cluster, tasks: list.taskArns });
      return (answer.tasks ?? []).slice(0, limit);
    },
    async listProtectedTasks(cluster, service) {
      const list: ListTasksResponse = await call('ListTasks', { cluster, serviceName: service });
      if ((list.taskArns ?? []).length === 0) return [];
      const answer: GetTaskProtectionResponse = await call('GetTaskProtection', { cluster, tasks: list.taskArns });
      return (answer.protectedTasks ?? []).filter(({ protectionEnabled }) => protectionEnabled === true);
    },
    async describeScalableTarget(resourceId) {
      const answer: DescribeScalableTargetsResponse = await call('DescribeScalableTargets', {
        ...SCALED,
        ResourceIds: [resourceId],
      });
      return answer.ScalableTargets?.[0];
    },
    async listScalingPolicies(resourceId) {
      const answer: DescribeScalingPoliciesResponse = await call('DescribeScalingPolicies', {
        ...SCALED,
        ResourceId: resourceId,
      });
      return answer.ScalingPolicies ?? [];
    },
    async listScheduledActions(resourceId) {
      const answer: DescribeScheduledActionsResponse = await call('DescribeScheduledActions', {
        ...SCALED,
        ResourceId: resourceId,
      });
      return answer.ScheduledActions ?? [];
    },
    async listScalableTargetTags(arn) {
      const answer: ListTagsForResourceResponse = await call('application-autoscaling:ListTagsForResource', {
        ResourceARN: arn,
      });
      return answer.Tags;
    },
    async listScalingActivities(resourceId, _signal, limit = 5) {
      const answer: DescribeScalingActivitiesResponse = await call('DescribeScalingActivities', {
        ...SCALED,
        ResourceId: resourceId,
        MaxResults: limit,
        IncludeNotScaledActivities: true,
      });
      return answer.ScalingActivities ?? [];
    },
    async write({ call: action, input }) {
      await call(action, input);
    },
    describeCluster: unexpected,
    listServices: unexpected,
    listTasks: unexpected,
    describeTaskDefinition: unexpected,
    listRevisions: unexpected,
  };
}

const SCALED = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;

function unexpected(): never {
  throw new Error('a service does not need this read');
}
