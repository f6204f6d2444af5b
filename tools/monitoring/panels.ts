import { ours } from './alerts.ts';

/** A graph of the dashboard. */
export interface Panel {
  readonly title: string;
  readonly expr: string;
  readonly legend: string;
  readonly unit: 'short' | 's' | 'reqps' | 'bytes';
}

export const PANELS: readonly Panel[] = [
  {
    title: 'Objects by their Ready condition',
    expr: 'max by (controller, ready) (ecs_operator_resources)',
    legend: '{{controller}} {{ready}}',
    unit: 'short',
  },
  { title: 'Who leads', expr: ours('leader_election_master_status'), legend: '{{pod}}', unit: 'short' },
  {
    title: 'Reconciles by result',
    expr: `sum by (controller, result) (${ours('rate(controller_runtime_reconcile_total[5m])')})`,
    legend: '{{controller}} {{result}}',
    unit: 'reqps',
  },
  {
    title: 'Time of a reconcile, 95 % below',
    expr: `histogram_quantile(0.95, sum by (controller, le) (${ours('rate(controller_runtime_reconcile_time_seconds_bucket[5m])')}))`,
    legend: '{{controller}}',
    unit: 's',
  },
  {
    title: 'Objects that wait for a worker',
    // A standby's wait as well, for it to lead.
    expr: 'sum by (controller) (workqueue_depth and on (pod) leader_election_master_status == 1)',
    legend: '{{controller}}',
    unit: 'short',
  },
  {
    title: 'Calls of AWS',
    expr: 'sum by (operation) (rate(ecs_operator_aws_requests_total[5m]))',
    legend: '{{operation}}',
    unit: 'reqps',
  },
  {
    title: 'Calls of AWS that failed',
    expr: 'sum by (outcome) (rate(ecs_operator_aws_requests_total{outcome!="ok"}[5m]))',
    legend: '{{outcome}}',
    unit: 'reqps',
  },
  {
    title: 'Time that calls wait so that the quota holds, 95 % below',
    expr: 'histogram_quantile(0.95, sum by (operation, le) (rate(ecs_operator_aws_paced_seconds_bucket[5m])))',
    legend: '{{operation}}',
    unit: 's',
  },
  {
    title: 'Changes made by others that were undone',
    expr: 'sum by (controller) (increase(ecs_operator_drift_corrected_total[1h]))',
    legend: '{{controller}}',
    unit: 'short',
  },
  {
    title: 'Requests to the API server',
    expr: `sum by (code, method) (${ours('rate(rest_client_requests_total[5m])')})`,
    legend: '{{method}} {{code}}',
    unit: 'reqps',
  },
  { title: 'Memory', expr: ours('process_resident_memory_bytes'), legend: '{{pod}}', unit: 'bytes' },
  {
    title: 'Time by which the event loop is late, 99 % below',
    expr: ours('nodejs_eventloop_lag_p99_seconds'),
    legend: '{{pod}}',
    unit: 's',
  },
];
