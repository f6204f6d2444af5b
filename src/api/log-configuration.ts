import { group, list, oneOf, text, textMap } from './field.ts';

export const Secret = group('A value that ECS fetches when the task starts.', {
  name: text('Name that the value is given under.'),
  valueFrom: text('ARN of a Secrets Manager secret or SSM parameter, or the name of a parameter of the same region.'),
});

/** Shared by containers and by Service Connect's proxy. */
export const LogConfiguration = group('Where the logs go.', {
  logDriver: oneOf('Log driver. Fargate knows awslogs, splunk and awsfirelens.', [
    'awsfirelens',
    'awslogs',
    'fluentd',
    'gelf',
    'journald',
    'json-file',
    'splunk',
    'syslog',
  ]),
  options: textMap('Options of the driver.').optional(),
  secretOptions: list('Options of the driver whose values are secret.', Secret).optional(),
});
