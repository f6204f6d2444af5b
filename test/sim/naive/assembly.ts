import { assembleOperator } from '../../../src/cmd/assemble.ts';
import type { KindTypes, ManagedKind } from '../../../src/core/managed-kind.ts';
import { createKinds } from '../../../src/kinds/index.ts';

export type Kind = ManagedKind<KindTypes>;

/** Only the kind of that name is another. */
export function replacing(name: string, change: (kind: Kind) => Partial<Kind>): typeof assembleOperator {
  return (options) => {
    const kinds = createKinds().map(
      (kind: Kind): Kind => (kind.definition.kind === name ? { ...kind, ...change(kind) } : kind),
    );
    return assembleOperator({ ...options, kinds });
  };
}
