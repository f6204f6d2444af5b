import { z } from 'zod';
import { RESERVED_TAG_KEY, Tag } from '../api/tags.ts';
import { parseDuration } from '../lib/duration.ts';

/** How a setting is told apart: its flag is the member's name in kebab-case, its variable stands here. */
interface SettingMeta {
  readonly env: string;
  readonly description: string;
}

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: `"${text}" is not a duration; write one like 30s, 10m or 1h30m` });
  return z.NEVER;
});

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const list = z.string().transform((text) => text.split(',').flatMap((item) => item.trim() || []));

const tag = z
  .string()
  .transform((text, context): z.input<typeof Tag> => {
    const at = text.indexOf('=');
    if (at > 0) return { key: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
    context.addIssue({ code: 'custom', message: `"${text}" is not a tag; write key=value` });
    return z.NEVER;
  })
  .pipe(Tag)
  .refine(({ key }) => !RESERVED_TAG_KEY.test(key), 'keys that begin with aws: or ecs-operator.dev/ are taken');

/** A tag of ECS has no comma (SDK type Tag: "letters, numbers, and spaces representable in UTF-8, and + - = . _ : / @"). */
const tags = list
  .pipe(z.array(tag).max(20))
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'name each key once');

/** The SDK sends nothing of what stands before an `@`. */
const endpoint = z
  .url()
  .refine(
    (text) => !/^[^/]*\/\/[^/]*@/.test(text),
    "credentials have no place here: the AWS SDK's own chain finds them",
  );

function port(fallback: string) {
  return z.coerce.number().int().min(0).max(65_535).prefault(fallback);
}

function setting<Schema extends z.ZodType>(schema: Schema, meta: SettingMeta): Schema {
  return schema.meta({ ...meta });
}

/** All that can be set, once: flags, variables, `--help`, the docs page and the chart's values come from here. */
export const Config = z.object({
  clusterId: setting(
    z
      .string('is required')
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'write 1–63 letters, digits, dots, hyphens or underscores'),
    {
      env: 'ECS_OPERATOR_CLUSTER_ID',
      description:
        'Whose the AWS resources are: the first part of their ownership tags. Choose it once for a Kubernetes cluster, and keep it when the cluster is rebuilt. Required.',
    },
  ),
  kubeconfig: setting(z.string().optional(), {
    env: 'KUBECONFIG',
    description: "The kubeconfig file. Left out: KUBECONFIG, then ~/.kube/config, then the pod's own service account.",
  }),
  watchNamespaces: setting(list.prefault(''), {
    env: 'ECS_OPERATOR_WATCH_NAMESPACES',
    description: 'The namespaces to look after, separated by commas. Empty: all.',
  }),
  labelSelector: setting(z.string().optional(), {
    env: 'ECS_OPERATOR_LABEL_SELECTOR',
    description: 'Only objects with these labels are looked after.',
  }),
  awsRegion: setting(z.string().min(1).optional(), {
    env: 'AWS_REGION',
    description: "The region of objects that name none. Left out: what the AWS SDK's own chain finds (profile).",
  }),
  awsEndpoint: setting(endpoint.optional(), {
    env: 'ECS_OPERATOR_AWS_ENDPOINT',
    description:
      "The endpoint of every AWS service that is called (ECS, Application Auto Scaling, STS), such as a simulator's. Left out: what the AWS SDK's own chain finds for each (AWS_ENDPOINT_URL_ECS and its like, AWS_ENDPOINT_URL, else AWS).",
  }),
  quotaShare: setting(z.coerce.number().gt(0).max(1).prefault('0.9'), {
    env: 'ECS_OPERATOR_QUOTA_SHARE',
    description: "Which part of ECS's documented request quotas the operator may use (0–1).",
  }),
  accounts: setting(flag.prefault('true'), {
    env: 'ECS_OPERATOR_ACCOUNTS',
    description:
      'Whether EcsAccounts are served. They live in no namespace, so it takes rights in the whole cluster. Without them all is done as the operator itself.',
  }),
  useOperatorIdentity: setting(z.enum(['auto', 'true', 'false']).prefault('auto'), {
    env: 'ECS_OPERATOR_USE_OPERATOR_IDENTITY',
    description:
      'Whether objects that no EcsAccount is for are acted for as the operator itself. `auto`: while there is no EcsAccount at all.',
  }),
  defaultTags: setting(tags.prefault(''), {
    env: 'ECS_OPERATOR_DEFAULT_TAGS',
    description:
      'Tags for all that is made as the operator itself, as `key=value`, separated by commas. A key that an object states itself goes before. An EcsAccount has its own.',
  }),
  concurrency: setting(z.coerce.number().int().min(1).max(1_000).prefault('512'), {
    env: 'ECS_OPERATOR_CONCURRENCY',
    description:
      'How many objects of a kind are looked at, at the same time. Most of them wait for their turn at a quota.',
  }),
  resyncInterval: setting(duration.refine((ms) => ms >= 1_000 && ms <= 86_400_000, 'write 1s to 24h').prefault('10m'), {
    env: 'ECS_OPERATOR_RESYNC_INTERVAL',
    description: 'How often each object is compared with AWS although nothing has changed.',
  }),
  leaderElection: setting(flag.prefault('true'), {
    env: 'ECS_OPERATOR_LEADER_ELECTION',
    description: 'Whether replicas elect the one that works. Without it, run only one.',
  }),
  leaderElectionNamespace: setting(z.string().min(1).prefault('default'), {
    env: 'POD_NAMESPACE',
    description: 'The namespace of the Lease.',
  }),
  leaderElectionName: setting(z.string().min(1).prefault('ecs-operator'), {
    env: 'ECS_OPERATOR_LEADER_ELECTION_NAME',
    description: 'The name of the Lease.',
  }),
  shutdownGrace: setting(duration.prefault('20s'), {
    env: 'ECS_OPERATOR_SHUTDOWN_GRACE',
    description: 'How long steps under way may take to finish after SIGTERM.',
  }),
  bindAddress: setting(z.string().min(1).prefault('0.0.0.0'), {
    env: 'ECS_OPERATOR_BIND_ADDRESS',
    description: 'The address that the health and metrics ports listen on.',
  }),
  healthPort: setting(port('8081'), {
    env: 'ECS_OPERATOR_HEALTH_PORT',
    description: 'The port of /healthz and /readyz; 0 takes any free one.',
  }),
  metricsPort: setting(port('8080'), {
    env: 'ECS_OPERATOR_METRICS_PORT',
    description: 'The port of /metrics; 0 takes any free one.',
  }),
  logLevel: setting(z.enum(['debug', 'info', 'warn', 'error']).prefault('info'), {
    env: 'ECS_OPERATOR_LOG_LEVEL',
    description: 'The least level that is logged.',
  }),
});
export type Config = z.output<typeof Config>;
