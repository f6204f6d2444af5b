import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { roleClaims, roleMembersOf } from './role-claims.ts';

const Shape = z.object({
  role: z.string().optional(),
  roles: z.array(z.string()).optional(),
  volumes: z.array(z.object({ disk: z.object({ roleArn: z.string() }).optional() })).optional(),
  executionRoleArn: z.string(),
  schedule: z.string(),
});

describe('roleMembersOf', () => {
  test('finds members by ECS’s names for them, at every depth', () => {
    expect(roleMembersOf(Shape)).toEqual(['role', 'volumes[].disk.roleArn', 'executionRoleArn']);
  });
});

describe('roleClaims', () => {
  const members = roleMembersOf(Shape);

  test('tells each role with its place, because a refusal must name the field', () => {
    const spec = { role: 'lb', volumes: [{}, { disk: { roleArn: 'arn:aws:iam::123456789012:role/ebs' } }] };

    expect(roleClaims(spec, members)).toEqual([
      { on: 'role', path: 'spec.role', name: 'lb' },
      { on: 'role', path: 'spec.volumes[1].disk.roleArn', name: 'arn:aws:iam::123456789012:role/ebs' },
    ]);
  });

  test('tells nothing of what is empty or misshapen, because there is no role in it', () => {
    expect(roleClaims({ role: '', volumes: 'none', executionRoleArn: 7 }, members)).toEqual([]);
  });
});
