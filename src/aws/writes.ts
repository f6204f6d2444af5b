import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  PutClusterCapacityProvidersCommand,
  RegisterTaskDefinitionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClusterCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { Failure } from '../core/failure.ts';
import type { Connection } from './connection.ts';
import type { EcsWrite } from './gateway.ts';
import { sendScalingWrite } from './scaling-writes.ts';

/** Sends one write once. The answer is dropped, but for what it says of items that failed. */
export async function sendWrite(
  { client, scaling }: Pick<Connection, 'client' | 'scaling'>,
  write: EcsWrite,
  abortSignal: AbortSignal,
): Promise<void> {
  const options = { abortSignal };
  switch (write.call) {
    case 'CreateCluster':
      await client.send(new CreateClusterCommand(write.input), options);
      return;
    case 'UpdateCluster':
      await client.send(new UpdateClusterCommand(write.input), options);
      return;
    case 'PutClusterCapacityProviders':
      await client.send(new PutClusterCapacityProvidersCommand(write.input), options);
      return;
    case 'DeleteCluster':
      await client.send(new DeleteClusterCommand(write.input), options);
      return;
    case 'RegisterTaskDefinition':
      await client.send(new RegisterTaskDefinitionCommand(write.input), options);
      return;
    case 'DeregisterTaskDefinition':
      await client.send(new DeregisterTaskDefinitionCommand(write.input), options);
      return;
    case 'DeleteTaskDefinitions': {
      const { failures = [] } = await client.send(new DeleteTaskDefinitionsCommand(write.input), options);
      const words = failures.map(({ arn, reason, detail }) => `${arn}: ${detail ?? reason}`).join('; ');
      if (words !== '') throw new Failure('Unavailable', `${write.call}: ${words}`, { call: write.call });
      return;
    }
    case 'CreateService':
      await client.send(new CreateServiceCommand(write.input), options);
      return;
    case 'UpdateService':
      await client.send(new UpdateServiceCommand(write.input), options);
      return;
    case 'DeleteService':
      await client.send(new DeleteServiceCommand(write.input), options);
      return;
    case 'TagResource':
      await client.send(new TagResourceCommand(write.input), options);
      return;
    case 'UntagResource':
      await client.send(new UntagResourceCommand(write.input), options);
      return;
    case 'RegisterScalableTarget':
    case 'DeregisterScalableTarget':
    case 'PutScalingPolicy':
    case 'DeleteScalingPolicy':
    case 'PutScheduledAction':
    case 'DeleteScheduledAction':
    case 'application-autoscaling:TagResource':
    case 'application-autoscaling:UntagResource':
      await sendScalingWrite(scaling, write, options);
  }
}
