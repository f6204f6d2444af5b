import { ApplicationAutoScaling, type PutScalingPolicyCommandInput } from '@aws-sdk/client-application-auto-scaling';
import { openShop, type Shop } from '../simulated-shop.ts';

/** A shop whose service `web` runs two tasks, and a client of Application Auto Scaling. */
export interface ScaledShop extends Shop {
  readonly scaling: ApplicationAutoScaling;
  /** Registers the service with 2 to 10 tasks, or what is said instead. */
  register(capacity?: { MinCapacity?: number; MaxCapacity?: number }): Promise<string>;
  /** Puts a policy that holds the CPU at 50 percent, but for what is said. */
  track(changes?: Partial<PutScalingPolicyCommandInput>): Promise<string>;
  /** How many tasks are wanted now. */
  count(): Promise<number>;
  /** Cause and description of each activity, newest first. */
  activities(): Promise<readonly string[]>;
}

export const WEB = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/shop/web',
  ScalableDimension: 'ecs:service:DesiredCount',
} as const;

export const CPU = {
  TargetValue: 50,
  PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
} as const;

export async function openScaledShop(): Promise<ScaledShop> {
  const shop = await openShop();
  const scaling = new ApplicationAutoScaling({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: shop.simulator.requestHandler(),
  });
  await shop.create();
  await shop.pass(60_000);
  return {
    ...shop,
    scaling,
    async register(capacity = { MinCapacity: 2, MaxCapacity: 10 }) {
      const { ScalableTargetARN } = await scaling.registerScalableTarget({ ...WEB, ...capacity });
      return ScalableTargetARN ?? '';
    },
    async track(changes = {}) {
      const policy = { PolicyName: 'cpu', PolicyType: 'TargetTrackingScaling' } as const;
      const input = { ...WEB, ...policy, TargetTrackingScalingPolicyConfiguration: CPU, ...changes };
      const { PolicyARN } = await scaling.putScalingPolicy(input);
      return PolicyARN ?? '';
    },
    count: async () => (await shop.see()).desiredCount ?? 0,
    async activities() {
      const { ScalingActivities = [] } = await scaling.describeScalingActivities({
        ServiceNamespace: 'ecs',
        ResourceId: WEB.ResourceId,
        IncludeNotScaledActivities: true,
      });
      return ScalingActivities.map(
        ({ Cause = '', Description = '', NotScaledReasons = [] }) =>
          `${Description} ${NotScaledReasons.map(({ Code }) => `${Code} `).join('')}${Cause}`,
      );
    },
  };
}
