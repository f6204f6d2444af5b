import { ownerTags, tagKeysOf } from '../../api/ownership.ts';
import { roleClaims, roleMembersOf } from '../../api/role-claims.ts';
import { withDefaultTags } from '../../api/tags.ts';
import type { Claim, Managed, Surroundings } from '../../core/managed-kind.ts';
import { contentHash } from './canonical/content-difference.ts';
import type {
  DesiredContent,
  DesiredTaskDefinition,
  EcsTaskDefinitionTypes,
  KnownRevision,
  TaskDefinitionAddress,
  TaskDefinitionRemoval,
} from './model.ts';
import { EcsTaskDefinitionSpec } from './schema.ts';
import { revisionsRun, useOfFamily } from './use.ts';

type Object = Managed<EcsTaskDefinitionTypes>;

const HISTORY_LIMIT = 10;

/** A family is found by its name alone, so also on deletion and with everything else lost. */
export function locateTaskDefinition({ spec, metadata }: Object): TaskDefinitionAddress {
  return { family: spec.family ?? metadata.name, group: `${spec.accountRef?.name ?? ''}/${spec.region ?? ''}` };
}

const ROLE_MEMBERS = roleMembersOf(EcsTaskDefinitionSpec);

export function claimsOfTaskDefinition({ spec }: Object): readonly Claim[] {
  return roleClaims(spec, ROLE_MEMBERS);
}

export function desireTaskDefinition(object: Object, around: Surroundings): DesiredTaskDefinition {
  const { metadata, spec, status, owner } = object;
  const content = contentOf(spec);
  const claim = claimOf(spec);
  const { family } = locateTaskDefinition(object);
  const tags = withDefaultTags(spec.tags, claim === 'observe' ? [] : around.defaultTags);
  return {
    family,
    owner,
    content,
    hash: contentHash(content),
    tags: [...tags, ...(claim === 'observe' ? [] : ownerTags(owner))],
    tagKeys: { now: tagKeysOf(tags), before: status.lastApplied?.tagKeys ?? [] },
    known: knownRevisions(object),
    last: status.arn,
    createdAt: Date.parse(metadata.creationTimestamp),
    preferred: around.referrers.flatMap(revisionsRun),
    use: useOfFamily(family, around.heeded, around.referrers),
    registering: registeringOf(object),
    history: { limit: spec.revisionHistoryLimit ?? HISTORY_LIMIT, cleanup: spec.revisionCleanup ?? 'Deregister' },
    claim,
  };
}

export function removeTaskDefinition(object: Object): TaskDefinitionRemoval {
  return {
    family: locateTaskDefinition(object).family,
    owner: object.owner,
    registering: registeringOf(object),
    isRetained: object.spec.deletionPolicy === 'Retain',
    known: knownRevisions(object),
  };
}

function claimOf(spec: EcsTaskDefinitionSpec): DesiredTaskDefinition['claim'] {
  if (spec.managementPolicy === 'Observe') return 'observe';
  return spec.adoptionPolicy === 'Adopt' ? 'adopt' : 'own';
}

function registeringOf({ status: { registering } }: Object): DesiredTaskDefinition['registering'] {
  return registering && { hash: registering.hash, at: Date.parse(registering.at) };
}

function knownRevisions({ status }: Object): KnownRevision[] {
  return (status.revisions ?? []).map(({ arn, adopted, contentHash: hash, tagKeys = [] }) => ({
    arn,
    isAdopted: adopted ?? false,
    contentHash: hash,
    tagKeys,
  }));
}

/** The spec without what is the operator's own: all else is RegisterTaskDefinition's, in its words. */
function contentOf(spec: EcsTaskDefinitionSpec): DesiredContent {
  const {
    region: _region,
    accountRef: _accountRef,
    adoptionPolicy: _adoptionPolicy,
    deletionPolicy: _deletionPolicy,
    managementPolicy: _managementPolicy,
    suspend: _suspend,
    revisionHistoryLimit: _limit,
    revisionCleanup: _cleanup,
    family: _family,
    tags: _tags,
    ...content
  } = spec;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same shape: the SDK only words a union of one otherwise
  return content as DesiredContent;
}
