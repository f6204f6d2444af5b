import { COST_BOUNDS } from '../../../api/cost-bounds.ts';
import { decimal, flag, group, integer, list, oneOf, text } from '../../../api/field.ts';

const DeploymentCircuitBreaker = group('Ends a deployment whose tasks fail. With ROLLING only.', {
  enable: flag('Whether it does.'),
  rollback: flag('Whether ECS then goes back to the last deployment that succeeded.'),
  resetOnHealthyTask: flag('Whether a healthy task sets the count of failures to 0. True where absent.').optional(),
  thresholdConfiguration: group('How many failures are too many. Half of the desired count where absent.', {
    type: oneOf('COUNT takes value as it is; the others as percent of the desired count.', [
      'BOUNDED_PERCENT',
      'COUNT',
      'UNBOUNDED_PERCENT',
    ]),
    value: integer('The number.'),
  }).optional(),
});

const DeploymentAlarms = group('Alarms of CloudWatch that end a deployment.', {
  alarmNames: list('Names of the alarms.', text('One name.'), { max: COST_BOUNDS.alarmNames }),
  rollback: flag('Whether ECS then goes back to the last deployment that succeeded.'),
  enable: flag('Whether they do.'),
});

const LifecycleStage = oneOf('One stage.', [
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'POST_SCALE_UP',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRE_SCALE_UP',
  'PRODUCTION_TRAFFIC_SHIFT',
  'RECONCILE_SERVICE',
  'TEST_TRAFFIC_SHIFT',
]);

/** `hookDetails` is free JSON in AWS. As text it needs no untyped field here, and what is inside stays the user's. */
const DeploymentLifecycleHook = group('What happens at a stage.', {
  targetType: oneOf('AWS_LAMBDA (default) calls a function; PAUSE waits for a person.', [
    'AWS_LAMBDA',
    'PAUSE',
  ]).optional(),
  hookTargetArn: text('ARN of the function.').optional(),
  roleArn: text('Role by which ECS calls it.').optional(),
  lifecycleStages: list('Stages at which it happens.', LifecycleStage, { max: COST_BOUNDS.lifecycleStages }).optional(),
  hookDetails: text('Parameters for the function, as JSON text: \'{"team":"shop"}\'.', { max: 65_536 }).optional(),
  timeoutConfiguration: group('What happens if it does not end.', {
    timeoutInMinutes: integer('Minutes to wait. 1440 where absent.', { min: 1, max: 20_160 }).optional(),
    action: oneOf('What then. ROLLBACK where absent.', ['CONTINUE', 'ROLLBACK']).optional(),
  }).optional(),
});

const BAKE_MINUTES = { min: 0, max: 1440 };

export const DeploymentConfiguration = group('How deployments go.', {
  deploymentCircuitBreaker: DeploymentCircuitBreaker.optional(),
  maximumPercent: integer('Most tasks during a deployment, in percent of the desired count.', { min: 0 }).optional(),
  minimumHealthyPercent: integer('Fewest healthy tasks during a deployment, in percent of the desired count.', {
    min: 0,
  }).optional(),
  alarms: DeploymentAlarms.optional(),
  strategy: oneOf('ROLLING (default) replaces tasks; the others shift traffic between two sets of them.', [
    'BLUE_GREEN',
    'CANARY',
    'LINEAR',
    'ROLLING',
  ]).optional(),
  bakeTimeInMinutes: integer('Minutes that the old tasks stay after the shift.', BAKE_MINUTES).optional(),
  lifecycleHooks: list('What happens at the stages of a deployment.', DeploymentLifecycleHook, {
    max: COST_BOUNDS.lifecycleHooks,
  }).optional(),
  linearConfiguration: group('Steps of LINEAR.', {
    stepPercent: decimal('Traffic that each step shifts, in percent, in tenths. 10 where absent.', {
      min: 3,
      max: 100,
    }).optional(),
    stepBakeTimeInMinutes: integer('Minutes between steps. 6 where absent.', BAKE_MINUTES).optional(),
  }).optional(),
  canaryConfiguration: group('First step of CANARY.', {
    // 0.1 is the least, which is for a rule: the API server holds whole numbers against whole bounds only.
    canaryPercent: decimal('Traffic that it shifts, in percent, in tenths. 5 where absent.', {
      min: 0,
      max: 100,
    }).optional(),
    canaryBakeTimeInMinutes: integer('Minutes until the rest follows. 10 where absent.', BAKE_MINUTES).optional(),
  }).optional(),
  earlySuccessCriteria: group('When a rolling deployment counts as done before all tasks run.', {
    enable: flag('Whether it may.'),
    healthyPercent: integer('Healthy tasks that are enough, in percent of the desired count.', {
      min: 0,
      max: 100,
    }).optional(),
    sourceServiceRevisionCleanup: oneOf('Whether old tasks go before (BLOCKING) or after it counts as done.', [
      'BLOCKING',
      'DEFERRED',
    ]).optional(),
  }).optional(),
});

export const DeploymentController = group('Who runs deployments.', {
  type: oneOf('ECS (default), CodeDeploy, or somebody outside.', ['CODE_DEPLOY', 'ECS', 'EXTERNAL']),
});
