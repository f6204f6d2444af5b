import type { RegisterTaskDefinitionCommandInput, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Tag } from '../../api/ownership.ts';
import type { EcsGateway, WriteOf } from '../../aws/gateway.ts';
import type { KindTypes } from '../../core/managed-kind.ts';
import type { Owner } from '../../core/plan.ts';
import type { EcsTaskDefinitionSpec, EcsTaskDefinitionStatus } from './schema.ts';
import type { Use } from './use.ts';

export interface EcsTaskDefinitionTypes extends KindTypes {
  spec: EcsTaskDefinitionSpec;
  status: EcsTaskDefinitionStatus;
  address: TaskDefinitionAddress;
  desired: DesiredTaskDefinition;
  removal: TaskDefinitionRemoval;
  state: TaskDefinitionState;
  step: TaskDefinitionStep;
  gateway: EcsGateway;
}

export interface TaskDefinitionAddress {
  readonly family: string;
  /** Account and region as the spec words them: families of the same words are read together. */
  readonly group: string;
}

/** A revision that status remembers. Saves reads; whether it is still there, and ours, is always asked of ECS. */
export interface KnownRevision {
  readonly arn: string;
  readonly isAdopted: boolean;
  /** Of its content, in whatever version of the hash there was then. */
  readonly contentHash: string | undefined;
  /** User tags that we may have put on it. */
  readonly tagKeys: readonly string[];
}

export interface Registering {
  readonly hash: string;
  readonly at: number;
}

/** The content as the user stated it, which is how it is sent. */
export type DesiredContent = Omit<RegisterTaskDefinitionCommandInput, 'family' | 'tags'>;

export interface DesiredTaskDefinition {
  readonly family: string;
  readonly owner: Owner;
  readonly content: DesiredContent;
  readonly hash: string;
  readonly tags: readonly Tag[];
  /** User tags: what is stated now, and what may have been put on the revision that was announced or used last. */
  readonly tagKeys: { readonly now: readonly string[]; readonly before: readonly string[] };
  readonly known: readonly KnownRevision[];
  /** The revision that held the wish at the last look. */
  readonly last: string | undefined;
  /** When the object was made, milliseconds since the epoch. */
  readonly createdAt: number;
  /** Revisions that the services which refer to the object run: of equal ones these come first, as others would roll them. */
  readonly preferred: readonly string[];
  readonly use: Use;
  /** A registration that was announced and has not been seen yet. */
  readonly registering: Registering | undefined;
  readonly history: { readonly limit: number; readonly cleanup: 'Deregister' | 'Delete' };
  /** `own`: only what is ours counts. `adopt`: also what nobody owns. `observe`: the newest revision, whosever it is. */
  readonly claim: 'own' | 'adopt' | 'observe';
}

export interface TaskDefinitionRemoval {
  readonly family: string;
  readonly owner: Owner;
  readonly registering: Registering | undefined;
  readonly isRetained: boolean;
  readonly known: readonly KnownRevision[];
}

export interface ObservedRevision {
  readonly arn: string;
  readonly revision: number;
  readonly owner: Owner | undefined;
  /** `registered` by this operator; `adopted` when found. A revision without our content tag is never deregistered. */
  readonly origin: 'registered' | 'adopted';
  /** The value of the content tag. */
  readonly contentTag: string | undefined;
  readonly definition: TaskDefinition;
  readonly tags: readonly Tag[];
}

export interface TaskDefinitionState {
  /** The ARNs of all ACTIVE revisions of the family, newest first. */
  readonly active: readonly string[];
  /** Those of them that were looked at, newest first. */
  readonly revisions: readonly ObservedRevision[];
  /** INACTIVE revisions that are to be deleted, as far as they were looked at. */
  readonly inactive: readonly ObservedRevision[];
  /** Known ones that are still to be deleted: those whose turn has not come, and those that no list shows yet. */
  readonly waiting: readonly string[];
}

export type TaskDefinitionStep = WriteOf<
  'RegisterTaskDefinition' | 'DeregisterTaskDefinition' | 'DeleteTaskDefinitions' | 'TagResource' | 'UntagResource'
>;
