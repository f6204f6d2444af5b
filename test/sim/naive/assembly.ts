import { FINALIZER, PREFIX } from '../../../src/api/group.ts';
import { createEcsAccess } from '../../../src/aws/access.ts';
import type { assembleOperator } from '../../../src/cmd/assemble.ts';
import type { KindTypes, ManagedKind } from '../../../src/core/managed-kind.ts';
import { createKinds } from '../../../src/kinds/index.ts';
import { createOperator } from '../../../src/runtime/operator.ts';
import type { Registration } from '../../../src/runtime/registration.ts';

export type Kind = ManagedKind<KindTypes>;

/** The operator as it is assembled, but for its kinds, of which each is put in the place of one of them. */
function assembleWith(replace: (kind: Kind) => Kind): typeof assembleOperator {
  return (options) => {
    const { clusterId, client, quotaShare, ecsMetrics, clock, random } = options;
    const access = createEcsAccess({ client, quotaShare, metrics: ecsMetrics, clock, random });
    const identity = { clusterId, finalizer: FINALIZER, annotationPrefix: PREFIX };
    const registrations = createKinds().map(
      (kind: Kind): Registration<KindTypes> => ({
        kind: replace(kind),
        connect: ({ spec }, priority, signal, superseded) =>
          access.connect(spec, priority === 'background' ? 'sweep' : 'urgent', signal, superseded),
      }),
    );
    return { manager: createOperator({ ...options, identity, registrations }), access };
  };
}

/** Only the kind of that name is another. */
export function replacing(name: string, change: (kind: Kind) => Partial<Kind>): typeof assembleOperator {
  return assembleWith((kind) => (kind.definition.kind === name ? { ...kind, ...change(kind) } : kind));
}
