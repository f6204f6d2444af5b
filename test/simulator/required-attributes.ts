import type { Attribute, ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';

const PRIVATE_ECR = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/;

/**
 * What a container instance must be able to do, by the attributes of the agent (ECS developer guide, "Amazon ECS
 * container agent … attributes"). Not all that ECS derives: enough that it is never empty, as it is not in AWS.
 */
export function requiredAttributes(definition: Omit<TaskDefinition, 'family'>): Attribute[] {
  const names = new Set(['com.amazonaws.ecs.capability.docker-remote-api.1.18']);
  if (definition.networkMode === 'awsvpc') names.add('ecs.capability.task-eni');
  if (definition.taskRoleArn) names.add('com.amazonaws.ecs.capability.task-iam-role');
  for (const container of definition.containerDefinitions ?? []) {
    for (const name of attributesOf(container, Boolean(definition.executionRoleArn))) names.add(name);
  }
  return [...names].map((name) => ({ name }));
}

function attributesOf(container: ContainerDefinition, hasExecutionRole: boolean): string[] {
  const driver = container.logConfiguration?.logDriver;
  return [
    ...(driver ? [`com.amazonaws.ecs.capability.logging-driver.${driver}`] : []),
    ...(driver === 'awslogs' && hasExecutionRole ? ['ecs.capability.execution-role-awslogs'] : []),
    ...(PRIVATE_ECR.test(container.image ?? '') ? ['com.amazonaws.ecs.capability.ecr-auth'] : []),
    ...(container.secrets?.length ? ['ecs.capability.secrets.ssm.environment-variables'] : []),
    ...(container.healthCheck ? ['ecs.capability.container-health-check'] : []),
    ...(container.dependsOn?.length ? ['ecs.capability.container-ordering'] : []),
    ...(container.firelensConfiguration ? [`ecs.capability.firelens.${container.firelensConfiguration.type}`] : []),
    ...(container.privileged === true ? ['com.amazonaws.ecs.capability.privileged-container'] : []),
  ];
}
