import { ALERTS } from '../monitoring/alerts.ts';
import { type ChartValue, flag, map, object, objects, oneOf, setting, text, texts, whole } from './chart-value.ts';

/** A duration as the operator reads it; the operator itself says more when it refuses one. */
const DURATION = { type: 'string', pattern: '^([0-9]+(ms|s|m|h))+$' };

const PORT = { type: 'integer', minimum: 1, maximum: 65_535 };

const POD_SECURITY = {
  runAsNonRoot: true,
  runAsUser: 65_532,
  runAsGroup: 65_532,
  fsGroup: 65_532,
  seccompProfile: { type: 'RuntimeDefault' },
};

const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

const SPREAD = ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: 'ScheduleAnyway',
}));

const OPERATOR: readonly ChartValue[] = [
  setting('clusterId', 'clusterId', { type: 'string', pattern: '^([A-Za-z0-9][A-Za-z0-9._-]{0,62})?$' }),
  setting('aws.region', 'awsRegion', { type: 'string' }),
  setting('aws.endpoint', 'awsEndpoint', { type: 'string', pattern: '^(https?://.+)?$' }),
  setting(
    'aws.useOperatorIdentity',
    'useOperatorIdentity',
    { enum: ['auto', 'true', 'false', true, false] },
    'Whether objects that no EcsAccount is for are acted for as the operator itself. `auto`: while there is no EcsAccount at all. Where `rbac.scope` is `namespaced` there is none, and all is done as the operator itself.',
  ),
  setting(
    'aws.defaultTags',
    'defaultTags',
    { type: 'object', additionalProperties: { type: 'string', pattern: '^[^,]*$' } },
    'Tags for all that is made as the operator itself, as `{key: value}`. A key that an object states itself goes before. An EcsAccount has its own.',
  ),
  setting('aws.quotaShare', 'quotaShare', { type: 'number', exclusiveMinimum: 0, maximum: 1 }),
  setting(
    'watchNamespaces',
    'watchNamespaces',
    { type: 'array', items: { type: 'string', minLength: 1 } },
    'The namespaces to look after. Empty: all, or that of the release where `rbac.scope` is `namespaced`.',
  ),
  setting('labelSelector', 'labelSelector', { type: 'string' }),
  setting('concurrency', 'concurrency', { type: 'integer', minimum: 1, maximum: 1_000 }),
  setting('resyncInterval', 'resyncInterval', DURATION),
  setting('shutdownGrace', 'shutdownGrace', DURATION),
  setting('logLevel', 'logLevel', { type: 'string', enum: ['debug', 'info', 'warn', 'error'] }),
  setting('leaderElection.enabled', 'leaderElection', { type: 'boolean' }),
  text({
    path: 'leaderElection.name',
    description: 'The name of the Lease. Empty: that of the release, so that two in a namespace elect a leader each.',
  }),
  setting('health.port', 'healthPort', PORT, 'The port of /healthz and /readyz.'),
  setting('metrics.port', 'metricsPort', PORT, 'The port of /metrics.'),
];

const INSTALLATION: readonly ChartValue[] = [
  flag({ path: 'crds.enabled', description: 'Whether the chart installs the CRDs, and upgrades them.' }, true),
  flag(
    {
      path: 'crds.keep',
      description:
        'Whether the CRDs, and so all objects, stay when the release is uninstalled. Without it the objects are deleted with them.',
    },
    true,
  ),
  map({
    path: 'crds.annotations',
    description: 'Annotations of the CRDs, such as `argocd.argoproj.io/sync-options: Prune=false`.',
  }),
  flag({ path: 'rbac.create', description: "Whether the chart makes the operator's roles and their bindings." }, true),
  oneOf(
    {
      path: 'rbac.scope',
      description:
        '`cluster` gives rights in all namespaces; `namespaced` only in `watchNamespaces`, or in that of the release where none is named.',
    },
    ['cluster', 'namespaced'],
  ),
  flag(
    {
      path: 'rbac.userRoles',
      description:
        "Whether ClusterRoles for people are made, which Kubernetes's own `view`, `edit` and `admin` take in. Cluster-wide, so once per cluster.",
    },
    true,
  ),
  flag({ path: 'serviceAccount.create', description: 'Whether the chart makes the service account.' }, true),
  text({
    path: 'serviceAccount.name',
    description: 'Its name. Empty: that of the release; `default` where it is not made.',
  }),
  map({ path: 'serviceAccount.labels', description: 'More labels for it.' }),
  map({
    path: 'serviceAccount.annotations',
    description:
      'Its annotations, such as `eks.amazonaws.com/role-arn` for IRSA. EKS Pod Identity needs none: associate the role with the service account.',
  }),
];

const POD: readonly ChartValue[] = [
  text({ path: 'image.repository', description: 'The image, without tag.' }, 'ghcr.io/ecs-operator/ecs-operator', {
    minLength: 1,
  }),
  text({ path: 'image.tag', description: "The tag. Empty: the chart's appVersion." }),
  text({ path: 'image.digest', description: 'The digest, which goes before the tag.' }, '', {
    pattern: '^(sha256:[0-9a-f]{64})?$',
  }),
  oneOf({ path: 'image.pullPolicy', description: 'When the image is pulled.' }, ['IfNotPresent', 'Always', 'Never']),
  objects({ path: 'imagePullSecrets', description: 'Secrets to pull the image with, as `{name}`.' }),
  whole(
    { path: 'replicas', description: 'How many run. One works, the others stand by with filled caches.' },
    2,
    0,
    10,
  ),
  whole({ path: 'revisionHistoryLimit', description: 'How many old ReplicaSets are kept.' }, 10, 0, 100),
  object(
    {
      path: 'strategy',
      description:
        "How a Deployment's pods are replaced. Without leader election it is always `Recreate`, or two would write during an upgrade.",
    },
    { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  ),
  object(
    { path: 'resources', description: 'Requests and limits of the container. No CPU limit: it would stall the lease.' },
    { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
  ),
  object({ path: 'podSecurityContext', description: 'The default fits Pod Security `restricted`.' }, POD_SECURITY),
  object(
    { path: 'securityContext', description: "The container's. The default fits Pod Security `restricted`." },
    CONTAINER_SECURITY,
  ),
  whole(
    {
      path: 'terminationGracePeriodSeconds',
      description: 'How long a pod may take to end; more than `shutdownGrace`.',
    },
    30,
    0,
    600,
  ),
  object(
    { path: 'livenessProbe', description: 'How often and how long `/healthz` is asked, without the question itself.' },
    { initialDelaySeconds: 10, periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 4 },
  ),
  object(
    { path: 'readinessProbe', description: 'How often and how long `/readyz` is asked, without the question itself.' },
    { periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
  ),
  flag({ path: 'podDisruptionBudget.enabled', description: 'Whether a PodDisruptionBudget is made.' }, true),
  whole(
    { path: 'podDisruptionBudget.maxUnavailable', description: 'How many pods may be evicted at the same time.' },
    1,
    1,
    10,
  ),
  whole(
    {
      path: 'podDisruptionBudget.minAvailable',
      description: 'How many pods must stay. Above 0 it is stated instead of `maxUnavailable`.',
    },
    0,
    0,
    10,
  ),
  objects(
    {
      path: 'topologySpreadConstraints',
      description: "How pods are spread. One without `labelSelector` gets that of the operator's pods.",
    },
    SPREAD,
  ),
  text({ path: 'dnsPolicy', description: 'The DNS policy of the pods.' }, 'ClusterFirst'),
  object({ path: 'dnsConfig', description: 'The DNS settings of the pods.' }),
  text({ path: 'priorityClassName', description: 'The priority class of the pods.' }),
  map({ path: 'nodeSelector', description: 'Labels that a node must have.' }),
  object({ path: 'affinity', description: 'Affinity of the pods.' }),
  objects({ path: 'tolerations', description: 'Taints that the pods tolerate.' }),
  map({ path: 'podLabels', description: 'More labels for the pods.' }),
  map({ path: 'podAnnotations', description: 'Annotations for the pods.' }),
  texts({ path: 'extraArgs', description: 'More flags for the operator.' }),
  objects({ path: 'extraEnv', description: 'More variables for the container.' }),
  objects({ path: 'envFrom', description: 'ConfigMaps and Secrets whose keys are variables of the container.' }),
  objects({ path: 'extraVolumes', description: 'More volumes for the pod.' }),
  objects({ path: 'extraVolumeMounts', description: 'Where the container sees them.' }),
];

const AROUND: readonly ChartValue[] = [
  flag({ path: 'metrics.service.enabled', description: 'Whether a Service for the metrics port is made.' }, true),
  map({ path: 'metrics.service.annotations', description: 'Annotations of that Service.' }),
  flag(
    {
      path: 'metrics.serviceMonitor.enabled',
      description: "Whether a ServiceMonitor is made; needs the Prometheus operator's CRDs.",
    },
    false,
  ),
  text({ path: 'metrics.serviceMonitor.interval', description: 'How often it scrapes.' }, '30s'),
  text({
    path: 'metrics.serviceMonitor.scrapeTimeout',
    description: "How long a scrape may take. Empty: Prometheus's own.",
  }),
  map({ path: 'metrics.serviceMonitor.annotations', description: 'Annotations of the ServiceMonitor.' }),
  map({ path: 'metrics.serviceMonitor.labels', description: 'Labels by which your Prometheus selects it.' }),
  objects({ path: 'metrics.serviceMonitor.relabelings', description: 'Relabelings before the scrape.' }),
  objects({ path: 'metrics.serviceMonitor.metricRelabelings', description: 'Relabelings of what was scraped.' }),
  flag(
    {
      path: 'metrics.prometheusRule.enabled',
      description: "Whether the alerts are installed as a PrometheusRule; needs the Prometheus operator's CRDs.",
    },
    false,
  ),
  map({ path: 'metrics.prometheusRule.labels', description: 'Labels by which your Prometheus selects it.' }),
  {
    path: 'metrics.prometheusRule.without',
    description: 'Names of alerts that are left out.',
    fallback: [],
    schema: { type: 'array', items: { type: 'string', enum: ALERTS.map(({ name }) => name) } },
  },
  flag(
    { path: 'metrics.dashboard.enabled', description: 'Whether a ConfigMap with a Grafana dashboard is made.' },
    false,
  ),
  map(
    { path: 'metrics.dashboard.labels', description: "Labels by which Grafana's sidecar finds it." },
    { grafana_dashboard: '1' },
  ),
  map({
    path: 'metrics.dashboard.annotations',
    description: "Annotations for the sidecar, such as the folder's name.",
  }),
  flag({ path: 'networkPolicy.enabled', description: 'Whether a NetworkPolicy is made.' }, false),
  objects({
    path: 'networkPolicy.metricsFrom',
    description: 'Who may reach the metrics port, as NetworkPolicy peers. Empty: everybody in the cluster.',
  }),
  objects(
    {
      path: 'networkPolicy.egress',
      description:
        'Where the operator may go: DNS, HTTPS (AWS and the API server), the EKS Pod Identity agent and the metadata service of EC2. Add the port of your API server if it is another.',
    },
    [
      {
        ports: [
          { protocol: 'UDP', port: 53 },
          { protocol: 'TCP', port: 53 },
        ],
      },
      {
        ports: [
          { protocol: 'TCP', port: 443 },
          { protocol: 'TCP', port: 6443 },
        ],
      },
      {
        to: ['169.254.170.23/32', 'fd00:ec2::23/128', '169.254.169.254/32'].map((cidr) => ({ ipBlock: { cidr } })),
        ports: [{ protocol: 'TCP', port: 80 }],
      },
    ],
  ),
  text({ path: 'nameOverride', description: "Instead of the chart's name in names and labels." }),
  text({ path: 'fullnameOverride', description: 'Instead of the name that is made of the release and the chart.' }),
  map({ path: 'commonLabels', description: 'More labels for everything.' }),
  objects({ path: 'extraObjects', description: 'More objects to install, each rendered as a template.' }),
];

/** All that can be set in the chart; its values, their schema and its README are made of it. */
export const VALUES: readonly ChartValue[] = [...OPERATOR, ...INSTALLATION, ...POD, ...AROUND];
