/**
 * What Kubernetes must know of a kind, apart from its schema's details. The schema is anything that can parse, so that
 * this module needs no schema library; the generators know which it is.
 */
export interface Definition<Spec, Status> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  readonly spec: Parser<Spec>;
  readonly status: Parser<Status>;
  /**
   * The rules that hold between members of a spec that has been parsed: those that admission also knows (an object may
   * have been stored before them) and those that only the operator knows. Empty means that the spec can be acted on.
   * Not asked on deletion: an object that breaks a rule must still be able to go.
   */
  check(object: { readonly name: string; readonly spec: Spec }): readonly Issue[];
  readonly printerColumns: readonly PrinterColumn[];
  readonly scale?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath: string;
  };
  /** For the CRD and the docs. */
  readonly description: string;
}

/** What is wrong with a spec, and what to write instead. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** What zod's schemas have: never throws, and says where it went wrong. */
export interface Parser<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  /** 1 shows it only with `-o wide`. */
  readonly priority?: 0 | 1;
}
