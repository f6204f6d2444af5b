import {
  type Cluster,
  DescribeClustersCommand,
  DescribeServicesCommand,
  type ECSClient,
  ListTaskDefinitionsCommand,
  type Service,
} from '@aws-sdk/client-ecs';

/** What ECS says of itself, asked by a plain client that knows nothing of the operator. */
export interface EcsAccount {
  cluster(name: string): Promise<Cluster | undefined>;
  service(name: string, cluster?: string): Promise<Service | undefined>;
  /** `web:1` and so on, oldest first. */
  revisions(family: string, status?: 'ACTIVE' | 'INACTIVE'): Promise<readonly string[]>;
  /** Every ACTIVE revision of the account. */
  activeRevisions(): Promise<readonly string[]>;
}

export function lookIntoAccount(ecs: ECSClient): EcsAccount {
  async function list(input: { familyPrefix?: string; status: 'ACTIVE' | 'INACTIVE' }): Promise<readonly string[]> {
    const { taskDefinitionArns = [] } = await ecs.send(new ListTaskDefinitionsCommand(input));
    return taskDefinitionArns.map(revisionOf);
  }
  return {
    async cluster(name) {
      const { clusters } = await ecs.send(
        new DescribeClustersCommand({ clusters: [name], include: ['TAGS', 'SETTINGS'] }),
      );
      return clusters?.[0];
    },
    async service(name, cluster = 'shop') {
      try {
        const input = { cluster, services: [name], include: ['TAGS' as const] };
        return (await ecs.send(new DescribeServicesCommand(input))).services?.[0];
      } catch (error) {
        if (error instanceof Error && error.name === 'ClusterNotFoundException') return undefined;
        throw error;
      }
    },
    revisions: (family, status = 'ACTIVE') => list({ familyPrefix: family, status }),
    activeRevisions: () => list({ status: 'ACTIVE' }),
  };
}

/** `web:1` of an ARN. */
export function revisionOf(arn: string | undefined): string {
  return arn?.split('/').at(-1) ?? '';
}

/** Whether that revision is all that runs, as many as are wanted, and the rollout has ended. */
export function isRolledOut(service: Service | undefined, revision: string): boolean {
  const [only, ...others] = service?.deployments ?? [];
  return (
    service?.status === 'ACTIVE' &&
    others.length === 0 &&
    only?.rolloutState === 'COMPLETED' &&
    only.runningCount === only.desiredCount &&
    revisionOf(only.taskDefinition) === revision
  );
}
