/**
 * A role by its path and name where it is of that account, else as it stands: ECS takes the name or the ARN of a role
 * of its own account, and shows either (CloudFormation's property transforms of AWS::ECS::TaskDefinition). The path is
 * a part of the name.
 */
export function canonicalRole(role: unknown, accountId: string | undefined): unknown {
  if (typeof role !== 'string') return role;
  const parts = /^arn:[^:]+:iam::(\d{12}):role\/(.+)$/.exec(role);
  return parts !== null && parts[1] === accountId ? parts[2] : role;
}

/** The account that an ARN names. */
export function accountOfArn(arn: string | undefined): string | undefined {
  return arn?.split(':')[4] || undefined;
}
