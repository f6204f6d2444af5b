import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { createEcsClient, createScalingClient } from '../../src/aws/ecs-client.ts';
import { connectEcs, type EcsConnection } from '../../src/aws/ecs-gateway.ts';
import { createSimulator, type Simulator } from '../simulator/simulator.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** The operator's gateway before the simulator, in this process, on one virtual clock. */
export interface ConnectedGateway {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly connection: EcsConnection;
  /** `DescribeServices 10`: action and size of each batch that was sent. */
  readonly batches: readonly string[];
  /** `DescribeServices Throttled`: action and outcome of each request. */
  readonly requests: readonly string[];
  /** What the work comes to, with all the time that it wants. */
  within<Answer>(work: Promise<Answer>): Promise<Answer>;
  /** The actions of all calls since the last time. */
  calls(): readonly string[];
  /** Registers so many revisions of a family, past the gateway. */
  register(family: string, count?: number): Promise<void>;
}

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

export async function connectGateway(beforeWrite: () => void = nothing): Promise<ConnectedGateway> {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, accountId: '123456789012' });
  const region = simulator.world.region;
  const requestHandler = simulator.requestHandler();
  // The SDK loads a part of itself at its first call, which no virtual clock waits for.
  await new ECSClient({ region, requestHandler, credentials: CREDENTIALS }).send(new ListClustersCommand());
  const options = { region, requestHandler, userAgent: 'test', beforeWrite, credentials: CREDENTIALS };
  const [client, scaling] = [createEcsClient(options), createScalingClient(options)];
  const batches: string[] = [];
  const requests: string[] = [];
  const metrics = {
    onRequest: (action: string, outcome: string) => void requests.push(`${action} ${outcome}`),
    onPaced: nothing,
    onBatch: (action: string, size: number) => void batches.push(`${action} ${size}`),
  };
  const connection = connectEcs({ client, scaling, clock, random: () => 0.5, metrics, quotaShare: 1 });
  simulator.forgetCalls();

  return {
    clock,
    simulator,
    connection,
    batches,
    requests,
    async within(work) {
      let isDone = false;
      const done = work.finally(() => {
        isDone = true;
      });
      done.catch(nothing);
      await clock.runUntil(() => isDone);
      return await done;
    },
    calls() {
      const actions = simulator.calls.map(({ action }) => action);
      simulator.forgetCalls();
      return actions;
    },
    async register(family, count = 1) {
      for (let revision = 0; revision < count; revision += 1) {
        const containerDefinitions = [{ name: 'app', image: `app:${revision}`, memory: 128 }];
        await simulator.call('RegisterTaskDefinition', { family, containerDefinitions });
      }
      simulator.forgetCalls();
    },
  };
}

function nothing(): void {}
