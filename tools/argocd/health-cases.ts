interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly scope: 'Namespaced' | 'Cluster';
}

/** An object as the operator leaves it, and what Argo CD is to show of it. */
export interface HealthCase {
  readonly name: string;
  readonly object: object;
  readonly health: { readonly status: string; readonly message: string };
}

interface Shown {
  readonly name: string;
  readonly status: string;
  /** The condition beside Ready. */
  readonly also?: 'Reconciling' | 'Stalled' | 'Suspended';
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly isDeleting?: boolean;
}

const GENERATION = 2;
const AT = '2026-11-01T12:00:00Z';

const SHOWN: readonly Shown[] = [
  { name: 'healthy', status: 'Healthy', ready: 'True', reason: 'InSync', message: 'AWS matches the object' },
  {
    name: 'progressing_reconciling',
    status: 'Progressing',
    also: 'Reconciling',
    ready: 'False',
    reason: 'DependencyNotReady',
    message: 'EcsCluster shop is not ready',
  },
  {
    name: 'degraded_stalled',
    status: 'Degraded',
    also: 'Stalled',
    ready: 'False',
    reason: 'NotOwned',
    message: 'a resource of this name belongs to somebody else',
  },
  {
    name: 'suspended',
    status: 'Suspended',
    also: 'Suspended',
    ready: 'Unknown',
    reason: 'Suspended',
    message: 'nothing is looked at or changed while spec.suspend is true; unset it to go on',
  },
  {
    name: 'progressing_deleting',
    status: 'Progressing',
    also: 'Reconciling',
    ready: 'False',
    reason: 'Deleting',
    message: 'the resource is going away',
    isDeleting: true,
  },
];

/** One object for each health there is, and those that nobody has looked at since they changed. */
export function healthCases(kind: Kind): readonly HealthCase[] {
  const waiting = { status: 'Progressing', message: 'Waiting for the operator' };
  const ready = [{ type: 'Ready', status: 'True', reason: 'InSync', observedGeneration: 1, lastTransitionTime: AT }];
  return [
    ...SHOWN.map((shown) => caseOf(kind, shown)),
    { name: 'progressing_untouched', object: objectOf(kind, { observedGeneration: -1 }), health: waiting },
    {
      name: 'progressing_changed',
      object: objectOf(kind, { observedGeneration: 1, conditions: ready }),
      health: waiting,
    },
  ];
}

function caseOf(kind: Kind, { name, status, also, ready, reason, message, isDeleting = false }: Shown): HealthCase {
  const facts = { reason, message, observedGeneration: GENERATION, lastTransitionTime: AT };
  const conditions = [
    { type: 'Ready', status: ready, ...facts },
    ...(also === undefined ? [] : [{ type: also, status: 'True', ...facts }]),
  ];
  return {
    name,
    object: objectOf(kind, { observedGeneration: GENERATION, conditions }, isDeleting),
    health: { status, message: `${reason}: ${message}` },
  };
}

function objectOf({ group, version, kind, scope }: Kind, status: object, isDeleting = false): object {
  return {
    apiVersion: `${group}/${version}`,
    kind,
    metadata: {
      name: 'web',
      ...(scope === 'Namespaced' && { namespace: 'shop' }),
      generation: GENERATION,
      ...(isDeleting && { deletionTimestamp: AT, finalizers: ['ecs-operator.dev/finalizer'] }),
    },
    spec: {},
    status,
  };
}
