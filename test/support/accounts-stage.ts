import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createSimulatedAccounts, type SimulatedAccounts } from '../simulator/accounts/simulated-accounts.ts';
import { createWireHandler, type SdkHandler } from '../simulator/sdk-handler.ts';
import { createSimulator, type Simulator } from '../simulator/simulator.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** The operator's own account, and those that it is lent roles of, on one virtual clock. */
export interface AccountsStage {
  readonly clock: VirtualClock;
  readonly aws: SimulatedAccounts;
  readonly home: Simulator;
  readonly shop: Simulator;
  readonly jobs: Simulator;
  /** As clients of the operator's own identity take it. */
  readonly client: {
    readonly region: string;
    readonly userAgent: string;
    readonly requestHandler: SdkHandler;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly beforeWrite: () => void;
  };
  /** What the work comes to, with all the time that it wants. */
  within<Answer>(work: Promise<Answer>): Promise<Answer>;
}

export const HOME_ACCOUNT = '123456789012';
export const SHOP_ACCOUNT = '111122223333';
export const JOBS_ACCOUNT = '444455556666';
export const SHOP_ROLE = `arn:aws:iam::${SHOP_ACCOUNT}:role/ecs-operator`;
export const JOBS_ROLE = `arn:aws:iam::${JOBS_ACCOUNT}:role/ecs-operator`;

const REGION = 'eu-central-1';

/** Both roles trust the operator, that of the shop with the external id `platform`. */
export async function openAccounts(): Promise<AccountsStage> {
  const clock = createVirtualClock();
  const [home, shop, jobs] = [
    createSimulator({ clock, accountId: HOME_ACCOUNT, region: REGION }),
    createSimulator({ clock, accountId: SHOP_ACCOUNT, region: REGION }),
    createSimulator({ clock, accountId: JOBS_ACCOUNT, region: REGION }),
  ];
  await loadSdk(createSimulatedAccounts(clock, [home]));
  home.forgetCalls();
  const aws = createSimulatedAccounts(clock, [home, shop, jobs]);
  aws.identities.add('operator', HOME_ACCOUNT);
  aws.identities.trust(SHOP_ROLE, { externalId: 'platform' });
  aws.identities.trust(JOBS_ROLE);
  return {
    clock,
    aws,
    home,
    shop,
    jobs,
    client: {
      region: REGION,
      userAgent: 'test',
      requestHandler: handlerOf(aws),
      credentials: { accessKeyId: 'operator', secretAccessKey: 'secret' },
      beforeWrite: () => undefined,
    },
    async within(work) {
      let isDone = false;
      const done = work.finally(() => {
        isDone = true;
      });
      done.catch(() => undefined);
      await clock.runUntil(() => isDone);
      return await done;
    },
  };
}

function handlerOf(aws: SimulatedAccounts): SdkHandler {
  return createWireHandler((request, requestId) => aws.answer(request, requestId));
}

/** The SDK loads a part of itself at its first call, which no virtual clock waits for. */
async function loadSdk(aws: SimulatedAccounts): Promise<void> {
  aws.identities.add('loader', HOME_ACCOUNT);
  const options = {
    region: REGION,
    credentials: { accessKeyId: 'loader', secretAccessKey: 'secret' },
    requestHandler: handlerOf(aws),
  };
  await new ECSClient(options).send(new ListClustersCommand());
  await new STSClient(options).send(new GetCallerIdentityCommand());
}
