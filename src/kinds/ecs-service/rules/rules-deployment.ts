import type { Rule } from '../../../api/rule.ts';
import { rule, type Spec } from './rule.ts';

type Deployment = NonNullable<Spec['deploymentConfiguration']>;

const CEL_BY_ECS = "self.?deploymentController.type.orValue('ECS') == 'ECS'";

const HOOK = {
  hookTargetArn: 'arn:aws:lambda:eu-west-1:1:function:check',
  roleArn: 'arn:aws:iam::1:role/hooks',
  lifecycleStages: ['POST_SCALE_UP'],
} satisfies NonNullable<Deployment['lifecycleHooks']>[number];

export const DEPLOYMENT_RULES: readonly Rule[] = [
  rule({
    id: 'only-ecs-watches-deployments',
    source: 'SDK: DeploymentConfiguration.deploymentCircuitBreaker and .strategy',
    at: '',
    cel: `${CEL_BY_ECS} || !has(self.deploymentConfiguration) || (!self.deploymentConfiguration.?deploymentCircuitBreaker.enable.orValue(false) && self.deploymentConfiguration.?strategy.orValue('ROLLING') == 'ROLLING')`,
    holds: ({
      deploymentController,
      deploymentConfiguration: { deploymentCircuitBreaker, strategy = 'ROLLING' } = {},
    }) =>
      (deploymentController?.type ?? 'ECS') === 'ECS' || (!deploymentCircuitBreaker?.enable && strategy === 'ROLLING'),
    message: 'deploymentCircuitBreaker and strategy need the deployment controller ECS: take them out, or change it',
    examples: {
      base: { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
      refused: { deploymentController: { type: 'CODE_DEPLOY' } },
      accepted: { deploymentController: { type: 'ECS' } },
    },
  }),
  rule({
    id: 'alarms-are-named',
    source: 'SDK: DeploymentAlarms.alarmNames',
    at: 'deploymentConfiguration.alarms',
    cel: '!self.enable || self.alarmNames.size() > 0',
    holds: ({ enable, alarmNames }) => !enable || alarmNames.length > 0,
    message: 'alarms are enabled and none is named: add one to alarmNames',
    examples: {
      refused: { deploymentConfiguration: { alarms: { enable: true, rollback: true, alarmNames: [] } } },
      accepted: { deploymentConfiguration: { alarms: { enable: true, rollback: true, alarmNames: ['errors'] } } },
    },
  }),
  rule({
    id: 'linear-settings-are-for-linear',
    source: 'SDK: DeploymentConfiguration.linearConfiguration',
    at: 'deploymentConfiguration',
    cel: "self.?strategy.orValue('ROLLING') == 'LINEAR' || !has(self.linearConfiguration) || (!has(self.linearConfiguration.stepPercent) && !has(self.linearConfiguration.stepBakeTimeInMinutes))",
    holds: ({ strategy = 'ROLLING', linearConfiguration }) => strategy === 'LINEAR' || isEmpty(linearConfiguration),
    message: 'linearConfiguration is for strategy LINEAR: take it out, or state that strategy',
    examples: {
      refused: { deploymentConfiguration: { linearConfiguration: { stepPercent: 20 } } },
      accepted: { deploymentConfiguration: { strategy: 'LINEAR', linearConfiguration: { stepPercent: 20 } } },
    },
  }),
  rule({
    id: 'canary-settings-are-for-canary',
    source: 'SDK: DeploymentConfiguration.canaryConfiguration',
    at: 'deploymentConfiguration',
    cel: "self.?strategy.orValue('ROLLING') == 'CANARY' || !has(self.canaryConfiguration) || (!has(self.canaryConfiguration.canaryPercent) && !has(self.canaryConfiguration.canaryBakeTimeInMinutes))",
    holds: ({ strategy = 'ROLLING', canaryConfiguration }) => strategy === 'CANARY' || isEmpty(canaryConfiguration),
    message: 'canaryConfiguration is for strategy CANARY: take it out, or state that strategy',
    examples: {
      refused: { deploymentConfiguration: { canaryConfiguration: { canaryPercent: 5 } } },
      accepted: { deploymentConfiguration: { strategy: 'CANARY', canaryConfiguration: { canaryPercent: 5 } } },
    },
  }),
  rule({
    id: 'canary-takes-some-traffic',
    source: 'SDK: CanaryConfiguration.canaryPercent',
    at: 'deploymentConfiguration.canaryConfiguration',
    cel: '!has(self.canaryPercent) || self.canaryPercent >= 0.1',
    holds: ({ canaryPercent = 5 }) => canaryPercent >= 0.1,
    message: 'a canary takes 0.1 percent of the traffic at least: raise canaryPercent, or take it out',
    examples: {
      refused: { deploymentConfiguration: { strategy: 'CANARY', canaryConfiguration: { canaryPercent: 0 } } },
      accepted: { deploymentConfiguration: { strategy: 'CANARY', canaryConfiguration: { canaryPercent: 0.1 } } },
    },
  }),
  rule({
    id: 'early-success-is-for-rolling',
    source: 'SDK: DeploymentConfiguration.earlySuccessCriteria',
    at: 'deploymentConfiguration',
    cel: "self.?strategy.orValue('ROLLING') == 'ROLLING' || !has(self.earlySuccessCriteria) || (!self.earlySuccessCriteria.enable && !has(self.earlySuccessCriteria.healthyPercent) && !has(self.earlySuccessCriteria.sourceServiceRevisionCleanup))",
    holds: ({ strategy = 'ROLLING', earlySuccessCriteria: { enable = false, ...details } = {} }) =>
      strategy === 'ROLLING' || (!enable && isEmpty(details)),
    message: 'earlySuccessCriteria is for strategy ROLLING: take it out, or state that strategy',
    examples: {
      refused: { deploymentConfiguration: { strategy: 'CANARY', earlySuccessCriteria: earlySuccess(50) } },
      accepted: { deploymentConfiguration: { strategy: 'CANARY', earlySuccessCriteria: { enable: false } } },
    },
  }),
  rule({
    id: 'early-success-is-whole',
    source: 'SDK: DeploymentEarlySuccessCriteria.enable',
    at: 'deploymentConfiguration.earlySuccessCriteria',
    cel: '!self.enable || (has(self.healthyPercent) && has(self.sourceServiceRevisionCleanup))',
    holds: ({ enable, healthyPercent, sourceServiceRevisionCleanup }) =>
      !enable || (healthyPercent !== undefined && sourceServiceRevisionCleanup !== undefined),
    message: 'early success needs to know when and how: set healthyPercent and sourceServiceRevisionCleanup',
    examples: {
      refused: { deploymentConfiguration: { earlySuccessCriteria: { enable: true, healthyPercent: 100 } } },
      accepted: {
        deploymentConfiguration: {
          earlySuccessCriteria: { enable: true, healthyPercent: 100, sourceServiceRevisionCleanup: 'BLOCKING' },
        },
      },
    },
  }),
  rule({
    id: 'early-success-is-healthy-enough',
    source: 'SDK: DeploymentEarlySuccessCriteria.healthyPercent',
    at: 'deploymentConfiguration',
    cel: '!self.?earlySuccessCriteria.enable.orValue(false) || !has(self.minimumHealthyPercent) || self.earlySuccessCriteria.?healthyPercent.orValue(100) >= self.minimumHealthyPercent',
    holds: ({ earlySuccessCriteria, minimumHealthyPercent = 0 }) =>
      !earlySuccessCriteria?.enable || (earlySuccessCriteria.healthyPercent ?? 100) >= minimumHealthyPercent,
    message: 'healthyPercent is below minimumHealthyPercent: raise it',
    examples: {
      refused: { deploymentConfiguration: { minimumHealthyPercent: 51, earlySuccessCriteria: earlySuccess(50) } },
      accepted: { deploymentConfiguration: { minimumHealthyPercent: 50, earlySuccessCriteria: earlySuccess(50) } },
    },
  }),
  rule({
    id: 'hook-has-a-stage',
    source: 'SDK: DeploymentLifecycleHook.lifecycleStages',
    at: 'deploymentConfiguration.lifecycleHooks[]',
    cel: 'has(self.lifecycleStages) && self.lifecycleStages.size() > 0',
    holds: ({ lifecycleStages = [] }) => lifecycleStages.length > 0,
    message: 'a hook needs a stage: add one to lifecycleStages',
    examples: {
      refused: { deploymentConfiguration: { lifecycleHooks: [{ ...HOOK, lifecycleStages: [] }] } },
      accepted: { deploymentConfiguration: { lifecycleHooks: [HOOK] } },
    },
  }),
  rule({
    id: 'function-hook-names-its-function',
    source: 'SDK: DeploymentLifecycleHook.hookTargetArn',
    at: 'deploymentConfiguration.lifecycleHooks[]',
    cel: "self.?targetType.orValue('AWS_LAMBDA') != 'AWS_LAMBDA' || has(self.hookTargetArn)",
    holds: ({ targetType = 'AWS_LAMBDA', hookTargetArn }) => targetType !== 'AWS_LAMBDA' || hookTargetArn !== undefined,
    message: 'a hook that calls a function needs its ARN: set hookTargetArn, or targetType PAUSE',
    examples: {
      refused: { deploymentConfiguration: { lifecycleHooks: [{ lifecycleStages: ['POST_SCALE_UP'] }] } },
      accepted: {
        deploymentConfiguration: { lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }] },
      },
    },
  }),
  rule({
    id: 'pause-is-not-within-a-shift',
    source: 'SDK: DeploymentLifecycleHook.lifecycleStages',
    at: 'deploymentConfiguration.lifecycleHooks[]',
    cel: "self.?targetType.orValue('AWS_LAMBDA') != 'PAUSE' || !has(self.lifecycleStages) || !self.lifecycleStages.exists(s, s in ['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'])",
    holds: ({ targetType, lifecycleStages = [] }) =>
      targetType !== 'PAUSE' ||
      !lifecycleStages.some((stage) => stage === 'TEST_TRAFFIC_SHIFT' || stage === 'PRODUCTION_TRAFFIC_SHIFT'),
    message: 'a pause cannot be within a traffic shift: choose the stage before or after it',
    examples: {
      refused: {
        deploymentConfiguration: { lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['TEST_TRAFFIC_SHIFT'] }] },
      },
      accepted: {
        deploymentConfiguration: {
          lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }],
        },
      },
    },
  }),
  rule({
    id: 'hook-details-are-json',
    source: 'decided here: docs/adr/0008-free-json-is-carried-as-text.md',
    at: 'deploymentConfiguration.lifecycleHooks[]',
    holds: ({ hookDetails }) => hookDetails === undefined || isJson(hookDetails),
    message: 'hookDetails is no JSON text: quote names and texts, such as {"team":"shop"}',
    examples: {
      refused: { deploymentConfiguration: { lifecycleHooks: [{ ...HOOK, hookDetails: '{team: shop}' }] } },
      accepted: { deploymentConfiguration: { lifecycleHooks: [{ ...HOOK, hookDetails: '{"team":"shop"}' }] } },
    },
  }),
];

function earlySuccess(healthyPercent: number): NonNullable<Deployment['earlySuccessCriteria']> {
  return { enable: true, healthyPercent, sourceServiceRevisionCleanup: 'DEFERRED' };
}

function isEmpty(value: object = {}): boolean {
  return Object.values(value).every((member) => member === undefined);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // The verdict is the answer: why it is no JSON does not help beyond the rule's message.
    return false;
  }
}
