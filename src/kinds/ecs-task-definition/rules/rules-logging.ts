import type { Rule } from '../../../api/rule.ts';
import { CEL_ON_FARGATE, containers, FARGATE, isOnFargate, one, rule } from './rule.ts';

const GROUP_AND_REGION = { 'awslogs-group': '/shop/web', 'awslogs-region': 'eu-west-1' };

const ROUTER = { name: 'router', firelensConfiguration: { type: 'fluentbit' } } as const;

export const LOGGING_RULES: readonly Rule[] = [
  rule({
    id: 'awslogs-says-where',
    source: 'SDK: LogConfiguration.options',
    at: 'containerDefinitions[].logConfiguration',
    cel: "self.logDriver != 'awslogs' || (has(self.options) && 'awslogs-group' in self.options && 'awslogs-region' in self.options)",
    holds: ({ logDriver, options = {} }) =>
      logDriver !== 'awslogs' || ('awslogs-group' in options && 'awslogs-region' in options),
    message: 'the log driver awslogs needs the options awslogs-group and awslogs-region: add them',
    examples: {
      refused: one({ logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/shop/web' } } }),
      accepted: one({ logConfiguration: { logDriver: 'awslogs', options: GROUP_AND_REGION } }),
    },
  }),
  rule({
    id: 'awslogs-on-fargate-has-a-prefix',
    source: 'SDK: LogConfiguration.options',
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || self.containerDefinitions.all(c, !has(c.logConfiguration) || c.logConfiguration.logDriver != 'awslogs' || (has(c.logConfiguration.options) && 'awslogs-stream-prefix' in c.logConfiguration.options))`,
    holds: (spec) =>
      !isOnFargate(spec) ||
      spec.containerDefinitions.every(
        ({ logConfiguration }) =>
          logConfiguration?.logDriver !== 'awslogs' || 'awslogs-stream-prefix' in (logConfiguration.options ?? {}),
      ),
    message: 'on Fargate the log driver awslogs needs the option awslogs-stream-prefix: add it',
    examples: {
      base: FARGATE,
      refused: one({ logConfiguration: { logDriver: 'awslogs', options: GROUP_AND_REGION } }),
      accepted: one({
        logConfiguration: { logDriver: 'awslogs', options: { ...GROUP_AND_REGION, 'awslogs-stream-prefix': 'web' } },
      }),
    },
  }),
  rule({
    id: 'fargate-knows-three-log-drivers',
    source: 'SDK: LogConfiguration.logDriver',
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || self.containerDefinitions.all(c, !has(c.logConfiguration) || c.logConfiguration.logDriver in ['awslogs', 'splunk', 'awsfirelens'])`,
    holds: (spec) =>
      !isOnFargate(spec) ||
      spec.containerDefinitions.every(
        ({ logConfiguration }) =>
          logConfiguration === undefined || ['awslogs', 'splunk', 'awsfirelens'].includes(logConfiguration.logDriver),
      ),
    message: 'Fargate knows the log drivers awslogs, splunk and awsfirelens only: choose one of them',
    examples: {
      base: FARGATE,
      refused: one({ logConfiguration: { logDriver: 'json-file' } }),
      accepted: one({ logConfiguration: { logDriver: 'splunk' } }),
    },
  }),
  rule({
    id: 'awsfirelens-has-a-router',
    source: 'AWS: awsfirelens sends to the container with firelensConfiguration',
    at: 'containerDefinitions',
    cel: "self.all(c, !has(c.logConfiguration) || c.logConfiguration.logDriver != 'awsfirelens') || self.exists(c, has(c.firelensConfiguration))",
    holds: (all) =>
      all.every(({ logConfiguration }) => logConfiguration?.logDriver !== 'awsfirelens') ||
      all.some(({ firelensConfiguration }) => firelensConfiguration !== undefined),
    message: 'the log driver awsfirelens needs a log router: give one container a firelensConfiguration',
    examples: {
      refused: containers({ name: 'app', logConfiguration: { logDriver: 'awsfirelens' } }),
      accepted: containers({ name: 'app', logConfiguration: { logDriver: 'awsfirelens' } }, ROUTER),
    },
  }),
  rule({
    id: 'one-log-router',
    source: 'AWS: a task has one log router',
    at: 'containerDefinitions',
    cel: 'self.filter(c, has(c.firelensConfiguration)).size() <= 1',
    holds: (all) => all.filter(({ firelensConfiguration }) => firelensConfiguration !== undefined).length <= 1,
    message: 'only one container can be the log router: take firelensConfiguration off the others',
    examples: {
      base: {},
      refused: containers({ name: 'app', logConfiguration: { logDriver: 'awsfirelens' } }, ROUTER, {
        ...ROUTER,
        name: 'second',
      }),
      accepted: containers({ name: 'app', logConfiguration: { logDriver: 'awsfirelens' } }, ROUTER),
    },
  }),
  rule({
    id: 'fargate-reads-router-settings-from-a-file',
    source: 'SDK: FirelensConfiguration.options',
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || self.containerDefinitions.all(c, !has(c.firelensConfiguration) || !has(c.firelensConfiguration.options) || !('config-file-type' in c.firelensConfiguration.options) || c.firelensConfiguration.options['config-file-type'] == 'file')`,
    holds: (spec) =>
      !isOnFargate(spec) ||
      spec.containerDefinitions.every(
        ({ firelensConfiguration }) => (firelensConfiguration?.options?.['config-file-type'] ?? 'file') === 'file',
      ),
    message: 'on Fargate config-file-type must be file: put the configuration into the image of the log router',
    examples: {
      base: FARGATE,
      refused: routerWith('s3'),
      accepted: routerWith('file'),
    },
  }),
];

function routerWith(type: string) {
  const options = { 'config-file-type': type, 'config-file-value': '/extra.conf' };
  return containers(
    { name: 'app', logConfiguration: { logDriver: 'awsfirelens' } },
    { name: 'router', firelensConfiguration: { type: 'fluentbit', options } },
  );
}
