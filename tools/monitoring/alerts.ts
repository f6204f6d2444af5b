/** What somebody is to be called for. The runbook has a section of the same name. */
export interface Alert {
  readonly name: string;
  readonly severity: 'critical' | 'warning';
  readonly expr: string;
  /** How long it must hold. */
  readonly for: string;
  readonly summary: string;
}

/**
 * Every operator that is made with controller-runtime has series of these names: only those of targets that have our own
 * series as well are meant.
 */
export function ours(expr: string): string {
  return `${expr} and on (job, instance) ecs_operator_resources`;
}

export const ALERTS: readonly Alert[] = [
  {
    name: 'EcsOperatorAbsent',
    severity: 'critical',
    expr: 'absent(ecs_operator_resources)',
    for: '10m',
    summary: 'No replica of ecs-operator is scraped.',
  },
  {
    name: 'EcsOperatorWithoutLeader',
    severity: 'critical',
    // Releases of one name in two namespaces have leases of one name: `namespace` is of the scraped target.
    expr: `sum by (namespace, name) (${ours('leader_election_master_status')}) < 1`,
    for: '5m',
    summary:
      'No replica of ecs-operator holds the lease {{ $labels.namespace }}/{{ $labels.name }}, so nothing is reconciled.',
  },
  {
    name: 'EcsOperatorReconcileErrors',
    severity: 'warning',
    expr: `sum by (controller) (${ours('rate(controller_runtime_reconcile_errors_total[5m])')}) > 0.1`,
    for: '15m',
    summary: 'Reconciles of {{ $labels.controller }} fail again and again.',
  },
  {
    name: 'EcsOperatorAccessDenied',
    severity: 'warning',
    expr: 'sum by (operation) (increase(ecs_operator_aws_requests_total{outcome="AccessDenied"}[10m])) > 0',
    for: '10m',
    summary: 'AWS does not allow {{ $labels.operation }}.',
  },
  {
    name: 'EcsOperatorAwsUnavailable',
    severity: 'warning',
    expr: 'sum(rate(ecs_operator_aws_requests_total{outcome="Unavailable"}[5m])) > 0.05',
    for: '10m',
    summary: 'ECS does not answer, or answers with errors of its own.',
  },
  {
    name: 'EcsOperatorThrottled',
    severity: 'warning',
    expr: 'sum by (operation) (rate(ecs_operator_aws_throttles_total[5m])) > 0.1',
    for: '15m',
    summary: 'ECS throttles {{ $labels.operation }} although the operator paces its calls.',
  },
  {
    name: 'EcsOperatorWorkerStuck',
    severity: 'critical',
    expr: `max by (controller) (${ours('workqueue_longest_running_processor_seconds')}) > 900`,
    for: '2m',
    summary: 'A reconcile of {{ $labels.controller }} does not end.',
  },
  {
    name: 'EcsOperatorWatchFailing',
    severity: 'warning',
    expr: 'sum by (controller) (increase(ecs_operator_watch_ends_total{reason!="timeout"}[15m])) > 10',
    for: '15m',
    summary: 'The watch of {{ $labels.controller }} breaks again and again.',
  },
  {
    name: 'EcsObjectsNotReady',
    severity: 'warning',
    expr: 'max by (controller) (ecs_operator_resources{ready="false"}) > 0',
    for: '1h',
    summary: '{{ $value }} objects of {{ $labels.controller }} are not Ready for an hour.',
  },
  {
    name: 'EcsDriftFought',
    severity: 'warning',
    expr: 'sum by (controller) (increase(ecs_operator_drift_corrected_total[1h])) > 10',
    for: '1h',
    summary: 'Something else changes resources of {{ $labels.controller }} in AWS, and the operator changes them back.',
  },
];
