import { WEB } from '../../simulator/scaling/scaled-shop.ts';
import { putLoad } from '../../simulator/scaling/target-tracking.ts';
import type { ObjectName, Stage } from '../../support/operator-stage.ts';
import { clusterNamed, definitionOf, type StoryManifest, serviceNamed } from '../../support/shop-objects.ts';
import type { Act, Scenario } from '../scenario.ts';

const SERVICE: ObjectName = 'EcsService/web';
const STACK = ['EcsCluster/shop', 'EcsTaskDefinition/web', SERVICE] as const;

function tracking(name: string, targetValue = 50, cooldowns: object = {}) {
  return {
    name,
    policyType: 'TargetTrackingScaling',
    targetTrackingScalingPolicyConfiguration: {
      ...cooldowns,
      targetValue,
      predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    },
  };
}

const STEPS = {
  name: 'steps',
  policyType: 'StepScaling',
  stepScalingPolicyConfiguration: {
    adjustmentType: 'ChangeInCapacity',
    stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
  },
};

function forecast(targetValue: number, settings: object = {}) {
  const predefinedMetricPairSpecification = { predefinedMetricType: 'ECSServiceCPUUtilization' };
  return {
    name: 'forecast',
    policyType: 'PredictiveScaling',
    predictiveScalingPolicyConfiguration: {
      ...settings,
      metricSpecifications: [{ targetValue, predefinedMetricPairSpecification }],
    },
  };
}

const THEIRS = {
  PolicyType: 'StepScaling',
  StepScalingPolicyConfiguration: { AdjustmentType: 'ExactCapacity', StepAdjustments: [{ ScalingAdjustment: 3 }] },
} as const;

function once(name: string, minCapacity = 3) {
  return { name, schedule: 'at(2099-01-01T00:00:00)', scalableTargetAction: { minCapacity } };
}

const SCALING = { minCapacity: 2, maxCapacity: 6, policies: [tracking('cpu')] };

function service(spec: StoryManifest['spec']): StoryManifest {
  const { desiredCount: _, ...rest } = serviceNamed('web').spec;
  return { ...serviceNamed('web'), spec: { ...rest, ...spec } };
}

function ready(stage: Stage): boolean {
  return stage.areReady(...STACK);
}

function gone(stage: Stage): boolean {
  return STACK.every((name) => stage.object(name) === undefined);
}

function stackOf(spec: StoryManifest['spec']): readonly Act[] {
  const objects = [clusterNamed('shop'), definitionOf('web', 'shop/web:1'), service(spec)];
  return [{ act: (stage) => stage.apply(...objects), until: ready }];
}

function scale(scaling: unknown, more: Readonly<Record<string, unknown>> = {}): Act {
  return {
    act: (stage) => stage.change(SERVICE, { scaling, ...more }),
    until: ready,
  };
}

function isSuspended(stage: Stage): boolean {
  const { conditions = [] } = stage.object(SERVICE)?.status ?? {};
  return conditions.some(({ type, status }) => type === 'Suspended' && status === 'True');
}

export const SCALING_SCENARIOS: readonly Scenario[] = [
  {
    name: 'a scaled stack is applied at once',
    acts: stackOf({ scaling: { ...SCALING, policies: [tracking('cpu'), STEPS] } }),
    calls: [
      'RegisterTaskDefinition',
      'CreateCluster',
      'CreateService',
      'RegisterScalableTarget',
      'PutScalingPolicy',
      'PutScalingPolicy',
    ],
  },
  {
    name: 'a policy is changed, renamed and taken out',
    given: stackOf({ scaling: SCALING }),
    acts: [
      scale({ ...SCALING, policies: [tracking('cpu', 70)] }),
      scale({ ...SCALING, policies: [tracking('load', 70)] }),
      scale({ ...SCALING, policies: [] }),
    ],
    calls: ['PutScalingPolicy', 'PutScalingPolicy', 'DeleteScalingPolicy', 'DeleteScalingPolicy'],
  },
  {
    name: 'a forecast and cooldowns are put, changed and taken out',
    given: stackOf({ scaling: SCALING }),
    acts: [
      scale({ ...SCALING, policies: [tracking('cpu', 50, { scaleInCooldown: 900 }), forecast(50)] }),
      scale({ ...SCALING, policies: [tracking('cpu'), forecast(50, { mode: 'ForecastAndScale' })] }),
      scale({ ...SCALING, policies: [tracking('cpu'), forecast(60)] }),
      scale(SCALING),
    ],
    calls: [...Array.from({ length: 5 }, () => 'PutScalingPolicy'), 'DeleteScalingPolicy'],
  },
  {
    name: 'scaling changes while AWS is still at the change before',
    given: [
      ...stackOf({ scaling: SCALING }),
      {
        act({ simulator }) {
          simulator.world.timings.scalingChangeMs = 1_000;
        },
        until: () => true,
      },
    ],
    acts: [
      scale({ ...SCALING, maxCapacity: 8, policies: [tracking('cpu', 70), STEPS], scheduledActions: [once('once')] }),
      { act: (stage) => stage.removeAll(), until: gone },
    ],
  },
  {
    name: 'schedules are put, changed and taken out',
    given: stackOf({ scaling: SCALING }),
    acts: [
      scale({
        ...SCALING,
        scheduledActions: [once('once')],
      }),
      scale({
        ...SCALING,
        scheduledActions: [once('once', 4)],
      }),
      scale({ ...SCALING, scheduledActions: [] }),
    ],
    calls: ['PutScheduledAction', 'PutScheduledAction', 'DeleteScheduledAction'],
  },
  {
    name: 'a policy changes its type, and an action its name',
    given: stackOf({ scaling: { ...SCALING, scheduledActions: [once('once')] } }),
    acts: [
      scale({ ...SCALING, policies: [{ ...STEPS, name: 'cpu' }], scheduledActions: [once('once')] }),
      scale({ ...SCALING, policies: [{ ...STEPS, name: 'cpu' }], scheduledActions: [once('then')] }),
    ],
    calls: ['DeleteScalingPolicy', 'PutScalingPolicy', 'PutScheduledAction', 'DeleteScheduledAction'],
  },
  {
    name: 'scaling is suspended, and resumed',
    given: stackOf({ scaling: SCALING }),
    acts: [
      scale({ ...SCALING, suspendedState: { dynamicScalingInSuspended: true } }),
      scale({ ...SCALING, suspendedState: null }),
    ],
    calls: ['RegisterScalableTarget', 'RegisterScalableTarget'],
  },
  {
    name: 'the count is handed to the autoscaler and back',
    given: stackOf({ desiredCount: 3 }),
    acts: [scale(SCALING, { desiredCount: null }), scale(null, { desiredCount: 3 })],
    calls: ['RegisterScalableTarget', 'PutScalingPolicy', 'DeregisterScalableTarget'],
  },
  {
    name: 'a target of nobody is adopted',
    given: [
      ...stackOf({}),
      {
        act: async ({ simulator }) =>
          void (await simulator.call('RegisterScalableTarget', { ...WEB, MinCapacity: 1, MaxCapacity: 3 })),
        until: () => true,
      },
    ],
    acts: [scale(SCALING, { adoptionPolicy: 'Adopt' })],
    calls: ['application-autoscaling:TagResource', 'RegisterScalableTarget', 'PutScalingPolicy'],
  },
  {
    name: 'scaling is taken out while others have a policy on the target',
    given: [
      ...stackOf({ scaling: SCALING }),
      {
        act: async ({ simulator }) =>
          void (await simulator.call('PutScalingPolicy', { ...WEB, PolicyName: 'console', ...THEIRS })),
        until: () => true,
      },
    ],
    acts: [scale(null)],
    calls: ['DeleteScalingPolicy', 'application-autoscaling:UntagResource'],
  },
  {
    name: 'load comes while a new image rolls out',
    given: stackOf({ scaling: SCALING }),
    acts: [
      {
        act(stage) {
          putLoad(stage.simulator.world, WEB.ResourceId, () => 200);
          stage.change('EcsTaskDefinition/web', { containerDefinitions: [{ name: 'app', image: 'shop/web:2' }] });
        },
        until: ready,
        lullMs: 600_000,
      },
    ],
    calls: ['RegisterTaskDefinition', 'UpdateService'],
  },
  {
    name: 'a scaled stack is deleted at once',
    given: stackOf({ scaling: { ...SCALING, policies: [tracking('cpu'), STEPS] } }),
    acts: [{ act: (stage) => stage.removeAll(), until: gone }],
  },
  {
    name: 'a scaled service is deleted by hand, and then its stack',
    given: stackOf({ scaling: SCALING }),
    acts: [
      {
        async act(stage) {
          stage.change(SERVICE, { suspend: true });
          await stage.simulator.call('DeleteService', { cluster: 'shop', service: 'web', force: true });
        },
        until: isSuspended,
      },
      {
        act(stage) {
          stage.removeAll();
          stage.change(SERVICE, { suspend: false });
        },
        until: gone,
      },
    ],
  },
  {
    name: 'a scaled service is retained',
    given: stackOf({ scaling: SCALING }),
    acts: [
      { act: (stage) => stage.change(SERVICE, { deletionPolicy: 'Retain' }), until: ready },
      { act: (stage) => stage.remove(SERVICE), until: (stage) => stage.object(SERVICE) === undefined },
    ],
    calls: ['application-autoscaling:UntagResource', 'UntagResource'],
  },
];
