import type { Tag } from '@aws-sdk/client-ecs';
import type { Policy, Statement } from '../../tools/iam/policies.ts';
import type { World } from '../simulator/world.ts';

/** One question to IAM: may this action be done to this resource, as things stand? */
export interface Question {
  readonly action: string;
  readonly resource: string;
  /** What the condition keys are for this call; a key that is not here has no value. */
  readonly context: Readonly<Record<string, string>>;
}

/** Whether a statement of the policy allows it, by IAM's rules for the operators that our policies use. */
export function isAllowed({ Statement: statements }: Policy, question: Question): boolean {
  return statements.some((statement) => allows(statement, question));
}

function allows({ Action, Resource, Condition = {} }: Statement, { action, resource, context }: Question): boolean {
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, wanted]) => ({ operator, wanted: listOf(wanted), found: context[key] })),
  );
  return (
    listOf(Action).includes(action) &&
    listOf(Resource).some((pattern) => isLike(pattern, resource)) &&
    conditions.every(({ operator, wanted, found }) => holds(operator, wanted, found))
  );
}

function holds(operator: string, wanted: readonly string[], found: string | undefined): boolean {
  if (operator === 'Null') return wanted.includes(String(found === undefined));
  if (found === undefined) return false;
  if (operator === 'StringEquals') return wanted.includes(found);
  if (operator === 'ArnLike') return wanted.some((pattern) => isLike(pattern, found));
  throw new Error(`the condition operator ${operator} is not known here`);
}

function isLike(pattern: string, text: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`).test(text);
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

interface Input {
  readonly cluster?: string;
  readonly clusterName?: string;
  readonly serviceName?: string;
  readonly service?: string;
  readonly family?: string;
  readonly resourceArn?: string;
  readonly taskDefinitions?: readonly string[];
  readonly tags?: readonly Tag[];
  /** Of Application Auto Scaling, whose members begin with capitals. */
  readonly ServiceNamespace?: string;
  readonly ResourceARN?: string;
  readonly Tags?: Readonly<Record<string, string>>;
}

/** What ECS asks IAM about a call: the call itself, whether the roles in it may be passed, and whether its tags may be put. */
export function questionsOf(
  call: { readonly action: string; readonly input: object },
  world: World,
): readonly Question[] {
  const { action } = call;
  const input: Input = call.input;
  if (input.ServiceNamespace !== undefined || input.ResourceARN !== undefined) return questionsOfScaling(action, input);
  const cluster = clusterOf(input, world);
  const shared = { ...tagsAs('aws:RequestTag', input.tags), ...(cluster && { 'ecs:cluster': cluster }) };
  const created = resourcesOf(action, input, world).map((resource) => ({
    action: `ecs:${action}`,
    resource,
    context: { ...shared, ...tagsAs('aws:ResourceTag', tagsOf(resource, world)) },
  }));
  const questions = [...created, ...rolesIn(input).map((role) => questionOfRole(role, world))];
  if (!/^(?:Create|Register)/.test(action) || !input.tags?.length) return questions;
  const tagging = created.map(({ resource, context }) => ({
    action: 'ecs:TagResource',
    resource,
    context: { ...context, 'ecs:CreateAction': action },
  }));
  return [...questions, ...tagging];
}

interface PassedRole {
  readonly member: string;
  readonly role: string;
}

/** Every role in a call, however deep. */
function rolesIn(input: unknown): readonly PassedRole[] {
  if (Array.isArray(input)) return input.flatMap(rolesIn);
  if (typeof input !== 'object' || input === null) return [];
  return Object.entries(input).flatMap(([member, value]: [string, unknown]) =>
    /^(?:role|roleArn|\w+RoleArn)$/.test(member) && typeof value === 'string' && value !== ''
      ? [{ member, role: value }]
      : rolesIn(value),
  );
}

/** Roles of tasks are passed to those, all others to ECS itself. */
function questionOfRole({ member, role }: PassedRole, { accountId }: World): Question {
  const isOfTasks = member === 'taskRoleArn' || member === 'executionRoleArn';
  return {
    action: 'iam:PassRole',
    resource: role.startsWith('arn:') ? role : `arn:aws:iam::${accountId}:role/${role}`,
    context: { 'iam:PassedToService': isOfTasks ? 'ecs-tasks.amazonaws.com' : 'ecs.amazonaws.com' },
  };
}

/** Registering a target with tags asks for the right to tag as well. */
function questionsOfScaling(action: string, input: Input): readonly Question[] {
  const { ServiceNamespace, ResourceARN: resource = '*', Tags = {} } = input;
  const name = action.slice(action.indexOf(':') + 1);
  const tags = tagsAs(
    'aws:RequestTag',
    Object.entries(Tags).map(([key, value]) => ({ key, value })),
  );
  const scaled = ServiceNamespace && { 'application-autoscaling:service-namespace': ServiceNamespace };
  const names = name === 'RegisterScalableTarget' && input.Tags !== undefined ? [name, 'TagResource'] : [name];
  return names.map((each) => ({
    action: `application-autoscaling:${each}`,
    resource,
    context: { ...tags, ...scaled },
  }));
}

function resourcesOf(action: string, input: Input, world: World): readonly string[] {
  const at = `arn:aws:ecs:${world.region}:${world.accountId}`;
  if (input.resourceArn !== undefined) return [input.resourceArn];
  if (action === 'DescribeClusters') {
    const { clusters = [] } = input as { readonly clusters?: readonly string[] };
    return clusters.map((name) => (name.startsWith('arn:') ? name : `${at}:cluster/${name}`));
  }
  if (action === 'RegisterTaskDefinition') return [`${at}:task-definition/${input.family}:1`];
  if (action === 'DeleteTaskDefinitions') return input.taskDefinitions ?? [];
  if (/Cluster/.test(action)) return [clusterOf(input, world) ?? '*'];
  if (/^(?:Create|Update|Delete)Service$/.test(action)) {
    const name = (input.serviceName ?? input.service ?? '').split('/').at(-1);
    return [`${at}:service/${clusterOf(input, world)?.split('/').at(-1)}/${name}`];
  }
  return ['*'];
}

/** The ARN of the cluster that a call names, by `cluster`, or by an ARN below it. */
function clusterOf(input: Input, { region, accountId }: World): string | undefined {
  const arn = JSON.stringify(input).match(/:service(?:-deployment|-revision)?\/([^/"]+)\//)?.[1];
  const name = (input.cluster ?? input.clusterName ?? arn)?.split('/').at(-1);
  return name === undefined ? undefined : `arn:aws:ecs:${region}:${accountId}:cluster/${name}`;
}

function tagsOf(arn: string, world: World): readonly Tag[] {
  const records = [
    ...[...world.clusters.values()].map(({ cluster, tags }) => ({ arn: cluster.clusterArn, tags })),
    ...[...world.services.values()].map(({ service, tags }) => ({ arn: service.serviceArn, tags })),
    ...[...world.taskDefinitions.values()].map(({ definition, tags }) => ({ arn: definition.taskDefinitionArn, tags })),
  ];
  return records.find((record) => record.arn === arn)?.tags ?? [];
}

function tagsAs(key: string, tags: readonly Tag[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map((tag) => [`${key}/${tag.key}`, tag.value ?? '']));
}
