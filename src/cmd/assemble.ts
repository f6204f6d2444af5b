import { FINALIZER, PREFIX } from '../api/group.ts';
import { createEcsAccess, type EcsAccess, type EcsAccessOptions } from '../aws/access.ts';
import type { KindTypes, ManagedKind } from '../core/managed-kind.ts';
import { createKinds } from '../kinds/index.ts';
import type { Manager } from '../runtime/manager.ts';
import { createOperator, type OperatorOptions } from '../runtime/operator.ts';
import type { Registration } from '../runtime/registration.ts';

/** What differs between the process and a test of the whole operator: the worlds, the clock, and who listens. */
export interface AssemblyOptions
  extends Omit<OperatorOptions, 'registrations' | 'identity'>,
    Pick<EcsAccessOptions, 'quotaShare' | 'client'> {
  readonly clusterId: string;
  readonly ecsMetrics: EcsAccessOptions['metrics'];
}

export interface Assembly {
  readonly manager: Manager;
  readonly access: EcsAccess;
}

/** Joins the kinds, the runtime and the way to ECS into one operator. Nothing runs before `manager.run`. */
export function assembleOperator(options: AssemblyOptions): Assembly {
  const { clusterId, client, quotaShare, ecsMetrics, clock, random } = options;
  const access = createEcsAccess({ client, quotaShare, metrics: ecsMetrics, clock, random });
  const identity = { clusterId, finalizer: FINALIZER, annotationPrefix: PREFIX };
  const registrations = createKinds().map((kind) => register(kind, access));
  return { manager: createOperator({ ...options, identity, registrations }), access };
}

function register(kind: ManagedKind<KindTypes>, access: EcsAccess): Registration<KindTypes> {
  return {
    kind,
    connect: ({ spec }, priority, signal, superseded) =>
      access.connect(spec, priority === 'background' ? 'sweep' : 'urgent', signal, superseded),
  };
}
