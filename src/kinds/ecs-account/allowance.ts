import type { Claim } from '../../core/managed-kind.ts';
import type { Account } from './resolution.ts';
import { isLike } from './wildcard.ts';

/** What an object would make use of through an account. */
export interface Use {
  readonly region: string;
  readonly claims: readonly Claim[];
}

/**
 * Why the account does not allow it; undefined where it does. Handing a role to ECS is the way to more rights, so no role
 * is allowed that is not listed; clusters and regions are held to their lists where there are any.
 */
export function refusalOf({ name, spec }: Account, { region, claims }: Use): string | undefined {
  const { allowedRegions, allowedClusters, allowedRoles = [] } = spec;
  const next = 'name another, or let an administrator list it';
  if (allowedRegions !== undefined && !allowedRegions.includes(region))
    return `spec.region: EcsAccount ${name} does not allow the region ${region}; ${next}`;
  const refused = claims.find((claim) => {
    if (claim.on === 'role') return !isListed(allowedRoles, roleArnOf(claim.name, spec.roleArn));
    return allowedClusters !== undefined && !isListed(allowedClusters, clusterNameOf(claim.name));
  });
  if (refused === undefined) return undefined;
  return `${refused.path}: EcsAccount ${name} does not allow the ${refused.on} ${refused.name}; ${next}`;
}

function isListed(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => isLike(pattern, text));
}

/**
 * The ARN that a name stands for: a role of the account itself, with its path where it has one, which may begin with a
 * slash (SDK: CreateServiceRequest.role).
 */
function roleArnOf(name: string, accountRole: string): string {
  if (name.startsWith('arn:')) return name;
  const [arn, partition, , , accountId] = accountRole.split(':');
  return `${arn}:${partition}:iam::${accountId}:role/${name.replace(/^\/+/, '')}`;
}

function clusterNameOf(cluster: string): string {
  return cluster.slice(cluster.lastIndexOf('/') + 1);
}
