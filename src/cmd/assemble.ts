import { FINALIZER, PREFIX } from '../api/group.ts';
import { createEcsAccess, type EcsAccessOptions } from '../aws/access.ts';
import type { DefaultTag, KindTypes, ManagedKind } from '../core/managed-kind.ts';
import type { OperatorIdentity } from '../kinds/ecs-account/resolution.ts';
import { createKinds } from '../kinds/index.ts';
import type { Manager } from '../runtime/manager.ts';
import { createOperator, type OperatorOptions } from '../runtime/operator.ts';
import { createReflector } from '../runtime/watch/reflector.ts';
import { Accounts, NAMESPACES } from './accounts.ts';

/** What differs between the process and a test of the whole operator: the worlds, the clock, and who listens. */
export interface AssemblyOptions
  extends Omit<OperatorOptions, 'registrations' | 'identity' | 'watches'>,
    Pick<EcsAccessOptions, 'quotaShare' | 'client'> {
  readonly clusterId: string;
  readonly ecsMetrics: EcsAccessOptions['metrics'];
  /** Whether there are EcsAccounts, and who acts where none does. Left out, all is done as the operator itself. */
  readonly accounts?: { readonly operatorIdentity: OperatorIdentity } | undefined;
  /** For what is made as the operator itself; none where left out. */
  readonly defaultTags?: readonly DefaultTag[] | undefined;
  /** The kinds to run; those that there are where left out. */
  readonly kinds?: readonly ManagedKind<KindTypes>[] | undefined;
}

export interface Assembly {
  readonly manager: Manager;
  /** Closes what leads to AWS. */
  readonly access: { close(): void };
}

/** Joins the kinds, the runtime and the way to ECS into one operator. Nothing runs before `manager.run`. */
export function assembleOperator(options: AssemblyOptions): Assembly {
  const { clusterId, client, quotaShare, ecsMetrics, clock, random } = options;
  const { kinds = createKinds(), defaultTags = [] } = options;
  const access = createEcsAccess({ client, quotaShare, metrics: ecsMetrics, clock, random });
  const identity = { clusterId, finalizer: FINALIZER, annotationPrefix: PREFIX };
  const operatorIdentity = options.accounts?.operatorIdentity ?? 'always';
  const accounts = new Accounts({ access, clock, clusterId, operatorIdentity, defaultTags, manager: () => manager });
  const registrations = kinds.map((kind) => accounts.register(kind));
  const beside = options.accounts === undefined ? NONE : servedAccounts(accounts, options);
  const manager = createOperator({
    ...options,
    identity,
    registrations: [...beside.registrations, ...registrations],
    watches: beside.watches,
  });
  return {
    manager,
    access: {
      close() {
        accounts.close();
        access.close();
      },
    },
  };
}

const NONE = { registrations: [], watches: [] };

function servedAccounts(accounts: Accounts, { api, clock, random, log }: AssemblyOptions) {
  const namespaces = createReflector({
    api,
    clock,
    random,
    log,
    resource: NAMESPACES,
    onChange: (change) => accounts.noteNamespace(change),
  });
  return { registrations: [accounts.registration()], watches: [namespaces] };
}
