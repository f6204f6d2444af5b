import { z } from 'zod';
import type { Claim } from '../core/managed-kind.ts';
import { isPlainObject } from '../lib/stable-json.ts';

/** ECS's names for members that hold a role: `role`, `roleArn`, `taskRoleArn`. */
const ROLE_MEMBER = /^(?:role|roleArn|\w+RoleArn)$/;

/** Every member of a schema that names a role, by path, `[]` for each item: `volumeConfigurations[].managedEBSVolume.roleArn`. */
export function roleMembersOf(schema: unknown, path = ''): readonly string[] {
  if (schema instanceof z.ZodOptional) return roleMembersOf(schema.def.innerType, path);
  if (schema instanceof z.ZodArray) return roleMembersOf(schema.def.element, `${path}[]`);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries<unknown>(schema.shape).flatMap(([name, member]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return ROLE_MEMBER.test(name) ? [at] : roleMembersOf(member, at);
  });
}

/** The members of a task definition that name a role, in ECS's answers as in specs. */
export const TASK_DEFINITION_ROLES: readonly string[] = ['taskRoleArn', 'executionRoleArn'];

/** The roles that a spec states at these members. What is empty names none. */
export function roleClaims(spec: object, members: readonly string[]): readonly Claim[] {
  return members.flatMap((member) => rolesAt(spec, member.split('.'), 'spec'));
}

function rolesAt(value: unknown, [step, ...rest]: readonly string[], path: string): readonly Claim[] {
  if (step === undefined) return typeof value === 'string' && value !== '' ? [{ on: 'role', path, name: value }] : [];
  const name = step.replace('[]', '');
  const member = isPlainObject(value) ? value[name] : undefined;
  const at = `${path}.${name}`;
  if (!step.endsWith('[]')) return rolesAt(member, rest, at);
  const items: readonly unknown[] = Array.isArray(member) ? member : [];
  return items.flatMap((item, index) => rolesAt(item, rest, `${at}[${index}]`));
}
