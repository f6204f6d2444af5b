import {
  ApplicationAutoScalingClient,
  type ApplicationAutoScalingClientConfig,
} from '@aws-sdk/client-application-auto-scaling';
import { ECSClient, type ECSClientConfig } from '@aws-sdk/client-ecs';
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { isRead } from './actions.ts';

export interface EcsClientOptions {
  /** Left out, the SDK's own chain finds it (`AWS_REGION`, profiles …). */
  readonly region?: string | undefined;
  /**
   * Of every service, so that nobody who means a simulator gets to AWS by one of them. Left out, the SDK's own chain finds
   * each (`AWS_ENDPOINT_URL_ECS`, `AWS_ENDPOINT_URL`, profiles …), and so it does credentials.
   */
  readonly endpoint?: string | undefined;
  /** Of ECS alone, in place of that of every service. */
  readonly ecsEndpoint?: string | undefined;
  readonly userAgent: string;
  /** Called for every write after it is signed and just before it is sent; throws to stop it. */
  readonly beforeWrite: () => void;
  /** For tests: answers in the process, without a socket. */
  readonly requestHandler?: ECSClientConfig['requestHandler'];
  readonly credentials?: ECSClientConfig['credentials'];
}

const CONNECT_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * The one file where AWS clients are made. Their own retries are off: waiting and trying again happen in the gateway,
 * where they can be seen and slow down everybody at once. Close them with `destroy()`.
 */
export function createEcsClient(options: EcsClientOptions): ECSClient {
  const client = new ECSClient(configOf({ ...options, endpoint: options.ecsEndpoint ?? options.endpoint }));
  client.middlewareStack.add((next, { commandName }) => {
    return async (request) => {
      checkWrite(commandName, options);
      return next(request);
    };
  }, WRITE_CHECK);
  return client;
}

/** The client of what scales services, made and checked like that of ECS. */
export function createScalingClient(options: EcsClientOptions): ApplicationAutoScalingClient {
  const client = new ApplicationAutoScalingClient(configOf(options));
  client.middlewareStack.add((next, { commandName }) => {
    return async (request) => {
      checkWrite(commandName, options);
      return next(request);
    };
  }, WRITE_CHECK);
  return client;
}

/** The client of what lends roles, made like the others. It changes nothing in AWS, so nobody is asked before it. */
export function createStsClient(options: EcsClientOptions): STSClient {
  return new STSClient(configOf(options));
}

/** The last thing before the handler, inside any retry: a pause between the check and the send is as short as can be. */
const WRITE_CHECK = { step: 'finalizeRequest', priority: 'low', name: 'writeCheck' } as const;

function checkWrite(commandName: string | undefined, { beforeWrite }: EcsClientOptions): void {
  if (!isRead(String(commandName))) beforeWrite();
}

function configOf({
  region,
  endpoint,
  userAgent,
  requestHandler,
  credentials,
}: EcsClientOptions): ECSClientConfig & ApplicationAutoScalingClientConfig & STSClientConfig {
  return {
    maxAttempts: 1,
    customUserAgent: userAgent,
    requestHandler:
      requestHandler ??
      new NodeHttpHandler({
        connectionTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        throwOnRequestTimeout: true,
      }),
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}
