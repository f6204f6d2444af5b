import {
  type ApplicationAutoScalingClient,
  DeleteScalingPolicyCommand,
  DeleteScheduledActionCommand,
  DeregisterScalableTargetCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-application-auto-scaling';
import type { ScalingWrite } from './gateway.ts';

/** Sends one write to Application Auto Scaling once. The answer is dropped. */
export async function sendScalingWrite(
  client: ApplicationAutoScalingClient,
  write: ScalingWrite,
  options: { readonly abortSignal: AbortSignal },
): Promise<void> {
  switch (write.call) {
    case 'RegisterScalableTarget':
      await client.send(new RegisterScalableTargetCommand(write.input), options);
      return;
    case 'DeregisterScalableTarget':
      await client.send(new DeregisterScalableTargetCommand(write.input), options);
      return;
    case 'PutScalingPolicy':
      await client.send(new PutScalingPolicyCommand(write.input), options);
      return;
    case 'DeleteScalingPolicy':
      await client.send(new DeleteScalingPolicyCommand(write.input), options);
      return;
    case 'PutScheduledAction':
      await client.send(new PutScheduledActionCommand(write.input), options);
      return;
    case 'DeleteScheduledAction':
      await client.send(new DeleteScheduledActionCommand(write.input), options);
      return;
    case 'application-autoscaling:TagResource':
      await client.send(new TagResourceCommand(write.input), options);
      return;
    case 'application-autoscaling:UntagResource':
      await client.send(new UntagResourceCommand(write.input), options);
  }
}
