import { ALERTS } from '../../tools/monitoring/alerts.ts';

const TARGET = 'namespace="ecs-operator",job="ecs-operator",instance="a"';
const NAMESAKE = 'namespace="team",job="ecs-operator",instance="c"';

/**
 * For each alert series that make it fire and series that are near to that and do not, in the notation of
 * `promtool test rules`: a value and what is added to it each minute, so many times.
 */
interface AlertTrial {
  readonly alert: string;
  /** When it is looked at. */
  readonly at: string;
  readonly fires: AlertSeries;
  /** What the alert groups by. */
  readonly labels: Readonly<Record<string, string>>;
  readonly tells: string;
  readonly keepsQuiet: AlertSeries;
}

type AlertSeries = Readonly<Record<string, string>>;

/** Another operator with series of the same names, that neither is to be called for nor hides that ours is gone. */
const FOREIGN: AlertSeries = {
  'leader_election_master_status{name="cert-manager-controller",job="cert-manager",instance="b"}': '0x200',
  'controller_runtime_reconcile_errors_total{controller="certificate",job="cert-manager",instance="b"}': '0+60x200',
  'workqueue_longest_running_processor_seconds{controller="certificate",job="cert-manager",instance="b"}': '0+60x200',
};

/** What each of our replicas shows. */
const OURS: AlertSeries = { [`ecs_operator_resources{controller="ecsservice",ready="true",${TARGET}}`]: '1x200' };

/** A release of the same name in another namespace, which has a leader. */
const NAMESAKES: AlertSeries = {
  [`ecs_operator_resources{controller="ecsservice",ready="true",${NAMESAKE}}`]: '1x200',
  [`leader_election_master_status{name="ecs-operator",${NAMESAKE}}`]: '1x200',
};

const SERVICE = { controller: 'ecsservice' };
const RECONCILE_ERRORS = `controller_runtime_reconcile_errors_total{controller="ecsservice",${TARGET}}`;
const IS_LEADER = `leader_election_master_status{name="ecs-operator",${TARGET}}`;
const STUCK = `workqueue_longest_running_processor_seconds{controller="ecsservice",${TARGET}}`;
const WATCH_ENDS = 'ecs_operator_watch_ends_total{controller="ecsservice",reason="error"}';
const WATCH_TIMEOUTS = 'ecs_operator_watch_ends_total{controller="ecsservice",reason="timeout"}';
const NOT_READY = 'ecs_operator_resources{controller="ecsservice",ready="false"}';
const DRIFT = 'ecs_operator_drift_corrected_total{controller="ecsservice"}';

function requests(outcome: string): string {
  return `ecs_operator_aws_requests_total{operation="CreateService",outcome="${outcome}"}`;
}

export const ALERT_TRIALS: readonly AlertTrial[] = [
  {
    alert: 'EcsOperatorAbsent',
    at: '15m',
    fires: {},
    labels: {},
    tells: 'No replica of ecs-operator is scraped.',
    keepsQuiet: OURS,
  },
  {
    alert: 'EcsOperatorWithoutLeader',
    at: '10m',
    fires: { ...OURS, ...NAMESAKES, [IS_LEADER]: '0x30' },
    labels: { namespace: 'ecs-operator', name: 'ecs-operator' },
    tells: 'No replica of ecs-operator holds the lease ecs-operator/ecs-operator, so nothing is reconciled.',
    keepsQuiet: { ...OURS, [IS_LEADER]: '0x4 1x30' },
  },
  {
    alert: 'EcsOperatorReconcileErrors',
    at: '30m',
    fires: { ...OURS, [RECONCILE_ERRORS]: '0+12x60' },
    labels: SERVICE,
    tells: 'Reconciles of ecsservice fail again and again.',
    keepsQuiet: { ...OURS, [RECONCILE_ERRORS]: '0+3x60' },
  },
  {
    alert: 'EcsOperatorAccessDenied',
    at: '30m',
    fires: { [requests('AccessDenied')]: '0+1x60' },
    labels: { operation: 'CreateService' },
    tells: 'AWS does not allow CreateService.',
    keepsQuiet: { [requests('AccessDenied')]: '4x60', [requests('ok')]: '0+9x60' },
  },
  {
    alert: 'EcsOperatorAwsUnavailable',
    at: '30m',
    fires: { [requests('Unavailable')]: '0+6x60' },
    labels: {},
    tells: 'ECS does not answer, or answers with errors of its own.',
    keepsQuiet: { [requests('Unavailable')]: '0+1x60', [requests('ok')]: '0+99x60' },
  },
  {
    alert: 'EcsOperatorThrottled',
    at: '30m',
    fires: { 'ecs_operator_aws_throttles_total{operation="CreateService"}': '0+12x60' },
    labels: { operation: 'CreateService' },
    tells: 'ECS throttles CreateService although the operator paces its calls.',
    keepsQuiet: { 'ecs_operator_aws_throttles_total{operation="CreateService"}': '0+3x60' },
  },
  {
    alert: 'EcsOperatorWorkerStuck',
    at: '30m',
    fires: { ...OURS, [STUCK]: '0+60x60' },
    labels: SERVICE,
    tells: 'A reconcile of ecsservice does not end.',
    keepsQuiet: { ...OURS, [STUCK]: '800x60' },
  },
  {
    alert: 'EcsOperatorWatchFailing',
    at: '45m',
    fires: { [WATCH_ENDS]: '0+2x60' },
    labels: SERVICE,
    tells: 'The watch of ecsservice breaks again and again.',
    keepsQuiet: { [WATCH_TIMEOUTS]: '0+2x60', [WATCH_ENDS]: '3x60' },
  },
  {
    alert: 'EcsObjectsNotReady',
    at: '90m',
    fires: { [NOT_READY]: '3x100' },
    labels: SERVICE,
    tells: '3 objects of ecsservice are not Ready for an hour.',
    keepsQuiet: { [NOT_READY]: '3x50 0x50' },
  },
  {
    alert: 'EcsDriftFought',
    at: '150m',
    fires: { [DRIFT]: '0+1x200' },
    labels: SERVICE,
    tells: 'Something else changes resources of ecsservice in AWS, and the operator changes them back.',
    keepsQuiet: { [DRIFT]: '0+12x1 12x199' },
  },
];

/** A file for `promtool test rules`, which reads JSON as the YAML that it is. */
export function renderAlertTrials(rules: string): string {
  return JSON.stringify({
    rule_files: [rules],
    evaluation_interval: '1m',
    tests: ALERT_TRIALS.flatMap((trial) => [trialOf(trial, true), trialOf(trial, false)]),
  });
}

function trialOf({ alert, at, fires, labels, tells, keepsQuiet }: AlertTrial, isFiring: boolean): object {
  const severity = ALERTS.find(({ name }) => name === alert)?.severity;
  const runbook = 'https://github.com/ecs-operator/ecs-operator/blob/main/docs/runbook.md';
  const annotations = { summary: tells, runbook_url: `${runbook}#${alert.toLowerCase()}` };
  const fired = { exp_labels: { ...labels, severity }, exp_annotations: annotations };
  return {
    interval: '1m',
    name: `${alert} ${isFiring ? 'fires' : 'keeps quiet'}`,
    input_series: Object.entries({ ...FOREIGN, ...(isFiring ? fires : keepsQuiet) }).map(([series, values]) => ({
      series,
      values,
    })),
    alert_rule_test: [{ alertname: alert, eval_time: at, exp_alerts: isFiring ? [fired] : [] }],
  };
}
