import { COST_BOUNDS } from '../../../api/cost-bounds.ts';
import { flag, group, integer, list, oneOf, text } from '../../../api/field.ts';

/** When a container starts, counts as healthy, is restarted. Bounds: the fields' documentation in the SDK. */
export const DependsOn = list(
  'Containers that must have come so far before this one starts.',
  group('One dependency.', {
    containerName: text('Name of the other container.', { max: 255 }),
    condition: oneOf('How far: started, healthy, ended, or ended without error.', [
      'COMPLETE',
      'HEALTHY',
      'START',
      'SUCCESS',
    ]),
  }),
  { max: COST_BOUNDS.dependsOn },
);

/** `timeout` is bounded by 120, as sources do not agree whether ECS takes more than 60. */
export const HealthCheck = group('How ECS finds out whether the container is healthy.', {
  command: list(
    'Begins with CMD (arguments follow) or CMD-SHELL (a command for the shell follows).',
    text('One word.'),
    { min: 1, max: COST_BOUNDS.healthCheckCommand },
  ),
  interval: integer('Seconds between checks. 30 where absent.', { min: 5, max: 300 }).optional(),
  timeout: integer('Seconds that a check may take. 5 where absent.', { min: 2, max: 120 }).optional(),
  retries: integer('Failures in a row that make it unhealthy. 3 where absent.', { min: 1, max: 10 }).optional(),
  startPeriod: integer('Seconds at the start in which failures do not count.', { min: 0, max: 300 }).optional(),
});

export const RestartPolicy = group('Whether ECS restarts the container alone when it ends.', {
  enabled: flag('Whether it does.'),
  ignoredExitCodes: list('Exit codes after which it does not.', integer('An exit code.'), { max: 50 }).optional(),
  restartAttemptPeriod: integer('Seconds that it must have run before a restart. 300 where absent.', {
    min: 60,
    max: 1800,
  }).optional(),
});
