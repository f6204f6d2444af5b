import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { roleClaims, TASK_DEFINITION_ROLES } from '../../api/role-claims.ts';
import type { EcsGateway } from '../../aws/gateway.ts';
import { Failure } from '../../core/failure.ts';
import type { Claim, Foresight, Prospect } from '../../core/managed-kind.ts';
import type { Observation } from '../../core/plan.ts';
import { stableHash } from '../../lib/stable-json.ts';
import { TOKEN_LENGTH } from './create.ts';
import type { EcsServiceTypes, ServiceState, ServiceStep } from './model.ts';
import { isRevision, revisionName } from './task-definition-name.ts';

/**
 * The roles of the task definitions that ECS would run after the steps, whoever registered them: naming a definition is
 * as good as naming its roles. A revision never changes, so one that was read before is not read again; a family is read,
 * and the revision that it stands for is what is sent, as another one could come in between.
 */
export async function foreseeService(
  { steps: [first, ...rest], desired, observed }: Prospect<EcsServiceTypes>,
  gateway: EcsGateway,
  signal: AbortSignal,
): Promise<Foresight<EcsServiceTypes>> {
  const claims: Claim[] = [];
  async function look(step: ServiceStep): Promise<ServiceStep> {
    const names = definitionsRunAfter(step, observed);
    const found = await Promise.all(names.map((name) => read(name, gateway, signal)));
    claims.push(...found.flatMap((definition) => claimsOf(definition, desired.remedy)));
    const [definition] = found;
    return definition === undefined ? step : pinned(step, definition);
  }
  return { steps: [await look(first), ...(await Promise.all(rest.map(look)))], claims };
}

/** What is sent, or else what is there already: more of it is started, in another network, or with ECS Exec. */
function definitionsRunAfter(step: ServiceStep, observed: Observation<ServiceState>): readonly string[] {
  if (step.call !== 'CreateService' && step.call !== 'UpdateService') return [];
  const { taskDefinition } = step.input;
  if (taskDefinition !== undefined) return [taskDefinition];
  if (!observed.exists) return [];
  const { service } = observed.state;
  const running = [service.taskDefinition, ...(service.taskSets ?? []).map((taskSet) => taskSet.taskDefinition)];
  return [...new Set(running.flatMap((name) => name || []))];
}

async function read(name: string, gateway: EcsGateway, signal: AbortSignal): Promise<TaskDefinition> {
  const described = await gateway.describeTaskDefinition(name, signal, 'any');
  if (described !== undefined) return described.definition;
  throw new Failure('Rejected', `ECS has no task definition ${name}: register it, or name another one`);
}

/** `spec.taskDefinition (web:3, taskRoleArn)`. */
function claimsOf(definition: TaskDefinition, named: string): readonly Claim[] {
  const revision = revisionName(definition.taskDefinitionArn ?? '');
  return TASK_DEFINITION_ROLES.flatMap((member) =>
    roleClaims(definition, [member]).map((claim) => ({ ...claim, path: `${named} (${revision}, ${member})` })),
  );
}

/** A creation of another revision is another request, so it has a token of its own. */
function pinned(step: ServiceStep, { taskDefinitionArn }: TaskDefinition): ServiceStep {
  if (step.call !== 'CreateService' && step.call !== 'UpdateService') return step;
  const { taskDefinition } = step.input;
  if (taskDefinition === undefined || isRevision(taskDefinition)) return step;
  if (step.call === 'UpdateService') return { ...step, input: { ...step.input, taskDefinition: taskDefinitionArn } };
  const clientToken = stableHash({ clientToken: step.input.clientToken, taskDefinitionArn }, TOKEN_LENGTH);
  return { ...step, input: { ...step.input, taskDefinition: taskDefinitionArn, clientToken } };
}
