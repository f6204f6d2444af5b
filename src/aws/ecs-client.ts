import { ECSClient, type ECSClientConfig } from '@aws-sdk/client-ecs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { isRead } from './actions.ts';

export interface EcsClientOptions {
  /** Left out, the SDK's own chain finds it (`AWS_REGION`, profiles …). */
  readonly region?: string | undefined;
  /** Left out, the SDK's own chain finds it (`AWS_ENDPOINT_URL_ECS`, profiles …), and so it does credentials. */
  readonly endpoint?: string | undefined;
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
 * The one place where an AWS client is made. Its own retries are off: waiting and trying again happen in the gateway,
 * where they can be seen and slow down everybody at once. Close it with `destroy()`.
 */
export function createEcsClient(options: EcsClientOptions): ECSClient {
  const { region, endpoint, userAgent, beforeWrite, requestHandler, credentials } = options;
  const client = new ECSClient({
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
  });
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (request) => {
        if (!isRead(String(commandName))) beforeWrite();
        return next(request);
      },
    // The last thing before the handler, inside any retry: a pause between the check and the send is as short as can be.
    { step: 'finalizeRequest', priority: 'low', name: 'writeCheck' },
  );
  return client;
}
