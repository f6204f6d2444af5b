import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DescribeServicesCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  type Service,
  type Tag,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';

/**
 * One fact about ECS that the operator leans on. `run` makes what it needs under names of its own, and waits up to
 * `patienceMs` for what takes time.
 */
export interface Case {
  readonly id: string;
  readonly fact: string;
  run(ecs: ECSClient, name: string, patienceMs: number, scaling: ApplicationAutoScalingClient): Promise<void>;
}

export const CONTAINER = { name: 'app', image: 'shop/app:1', memory: 128 };

export async function register(ecs: ECSClient, family: string, image = CONTAINER.image): Promise<string> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({ family, containerDefinitions: [{ ...CONTAINER, image }] }),
  );
  return String(taskDefinition?.taskDefinitionArn);
}

export async function createService(ecs: ECSClient, name: string, more: Partial<CreateServiceCommandInput> = {}) {
  await ecs.send(new CreateClusterCommand({ clusterName: name }));
  const taskDefinition = await register(ecs, name);
  const input = { cluster: name, serviceName: name, taskDefinition, desiredCount: 1, ...more };
  const { service } = await ecs.send(new CreateServiceCommand(input));
  return { service, input };
}

export async function describeService(ecs: ECSClient, name: string): Promise<Service | undefined> {
  const command = new DescribeServicesCommand({ cluster: name, services: [name], include: ['TAGS'] });
  const { services } = await ecs.send(command);
  return services?.[0];
}

/** The error's name, or `none`. */
export async function errorOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}

export function primaryIdOf(service: Service | undefined): string | undefined {
  return service?.deployments?.find(({ status }) => status === 'PRIMARY')?.id;
}

/** What the resource is made with, for `retag` to change. */
export const TAGS_BEFORE: Tag[] = [
  { key: 'kept', value: 'a' },
  { key: 'changed', value: 'a' },
  { key: 'gone', value: 'a' },
];

/** Changes one tag, adds one and takes one off, and one more that is not there. */
export async function retag(ecs: ECSClient, arn: string | undefined): Promise<void> {
  const resourceArn = String(arn);
  const tags = [
    { key: 'changed', value: 'b' },
    { key: 'added', value: 'b' },
  ];
  await ecs.send(new TagResourceCommand({ resourceArn, tags }));
  await ecs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['gone', 'never-there'] }));
}

export function expectTagsAfter(tags: readonly Tag[] | undefined): void {
  expect(Object.fromEntries((tags ?? []).map(({ key, value }) => [key, value]))).toEqual({
    kept: 'a',
    changed: 'b',
    added: 'b',
  });
}
