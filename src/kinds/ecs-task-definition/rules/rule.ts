import { type At, rulesOf } from '../../../api/rule.ts';
import type { ContainerDefinition } from '../schema/container.ts';
import type { EcsTaskDefinitionSpec } from '../schema.ts';

export const rule = rulesOf<EcsTaskDefinitionSpec>();

export type Spec = EcsTaskDefinitionSpec;

export type Volume = At<Spec, 'volumes[]'>;

type Part = Partial<ContainerDefinition>;

/** CEL: the definition must fit Fargate. */
export const CEL_ON_FARGATE = "(has(self.requiresCompatibilities) && 'FARGATE' in self.requiresCompatibilities)";

export function isOnFargate(spec: Spec): boolean {
  return spec.requiresCompatibilities?.includes('FARGATE') ?? false;
}

export const WINDOWS = 'WINDOWS_SERVER_2022_CORE';

/** CEL: the operating system is a Windows. */
export const CEL_ON_WINDOWS = "self.?runtimePlatform.operatingSystemFamily.orValue('LINUX').startsWith('WINDOWS')";

export function isOnWindows(spec: Spec): boolean {
  return spec.runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS') ?? false;
}

/** Part of an example: one small container with these members. */
export function one(part: Part): Pick<Spec, 'containerDefinitions'> {
  return containers({ name: 'app', ...part });
}

/** Part of an example: small containers with these members. */
export function containers(
  ...parts: readonly (Part & { readonly name: string })[]
): Pick<Spec, 'containerDefinitions'> {
  return { containerDefinitions: parts.map((part) => ({ image: 'busybox', memory: 128, ...part })) };
}

/** Part of an example: the role that ECS itself acts in. */
export const EXECUTION_ROLE: Partial<Spec> = {
  executionRoleArn: 'arn:aws:iam::111122223333:role/ecsTaskExecutionRole',
};

/** Part of an example: what every definition for Fargate has. */
export const FARGATE: Partial<Spec> = {
  ...EXECUTION_ROLE,
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
};
