import type { WireAnswer } from '../json-protocol.ts';
import { writeError } from '../json-protocol.ts';
import { answerWire, type WireRequest } from '../sdk-handler.ts';
import { SimulatedError } from '../simulated-error.ts';
import type { Simulator } from '../simulator.ts';
import type { SimulatorClock } from '../world.ts';
import { Identities, type SimulatedIdentity, type StsCall } from './identities.ts';
import {
  type Element,
  type Fields,
  isStsRequest,
  readForm,
  tagsIn,
  writeRefusal,
  writeResult,
} from './sts-protocol.ts';

/** A call to ECS with who made it. */
interface MadeCall {
  readonly action: string;
  readonly input: object;
  readonly by: SimulatedIdentity;
}

/** Several accounts and Regions at one address, with a small STS that lends their roles. */
export interface SimulatedAccounts {
  readonly identities: Identities;
  readonly stsCalls: readonly StsCall[];
  /** Calls to ECS in all accounts, with who made them, refused ones included. */
  readonly calls: readonly MadeCall[];
  /** Answers a request as it comes over the wire: by its access key and the Region in its signature's scope. */
  answer(request: WireRequest, requestId: string): Promise<WireAnswer>;
}

/** AWS Signature Version 4: the scope begins with the access key, then date, Region and service. */
const CREDENTIAL = /Credential=([^/]+)\/\d+\/([a-z0-9-]+)\//;

export function createSimulatedAccounts(clock: SimulatorClock, simulators: readonly Simulator[]): SimulatedAccounts {
  const identities = new Identities(clock);
  const stsCalls: StsCall[] = [];
  const calls: MadeCall[] = [];

  async function answerEcs(request: WireRequest, requestId: string): Promise<WireAnswer> {
    const { accessKeyId, region } = scopeOf(request);
    const by = identities.identityOf(accessKeyId);
    const simulator = simulators.find(({ world }) => world.accountId === by.accountId && world.region === region);
    if (simulator === undefined)
      throw new SimulatedError('AccessDeniedException', `nothing of ${by.arn} is in ${region}`);
    const call: Simulator['call'] = async (action, input, headers) => {
      calls.push({ action, input, by });
      return await simulator.call(action, input, headers);
    };
    return await answerWire(call, request, requestId);
  }

  function answerSts(request: WireRequest): readonly [action: string, result: Element] {
    const fields = readForm(textOf(request.body));
    const action = fields.get('Action') ?? '';
    const made = { action, roleArn: fields.get('RoleArn'), tags: tagsIn(fields) };
    try {
      const caller = identities.identityOf(scopeOf(request).accessKeyId);
      const result = resultOf(action, fields, caller);
      stsCalls.push({ ...made, outcome: 'ok' });
      return [action, result];
    } catch (error) {
      stsCalls.push({ ...made, outcome: error instanceof Error ? error.name : String(error) });
      throw error;
    }
  }

  function resultOf(action: string, fields: Fields, caller: SimulatedIdentity): Element {
    if (action === 'GetCallerIdentity') return { Arn: caller.arn, UserId: caller.arn, Account: caller.accountId };
    if (action !== 'AssumeRole') throw new SimulatedError('InvalidAction', `Could not find operation ${action}`);
    const sessionName = fields.get('RoleSessionName') ?? '';
    const { accessKeyId, arn, expiresAt } = identities.assume(caller, {
      roleArn: fields.get('RoleArn') ?? '',
      sessionName,
      externalId: fields.get('ExternalId'),
      tags: tagsIn(fields),
    });
    const Expiration = new Date(expiresAt).toISOString();
    return {
      Credentials: { AccessKeyId: accessKeyId, SecretAccessKey: 'secret', SessionToken: accessKeyId, Expiration },
      AssumedRoleUser: { Arn: arn, AssumedRoleId: `${accessKeyId}:${sessionName}` },
    };
  }

  return {
    identities,
    stsCalls,
    calls,
    async answer(request, requestId) {
      const isSts = isStsRequest(request.headers);
      try {
        return isSts ? writeResult(...answerSts(request), requestId) : await answerEcs(request, requestId);
      } catch (error) {
        if (!(error instanceof SimulatedError)) throw error;
        return isSts ? writeRefusal(error, requestId) : writeError(error, requestId);
      }
    },
  };
}

function scopeOf({ headers }: WireRequest): { readonly accessKeyId: string; readonly region: string } {
  const [, accessKeyId = '', region = ''] = CREDENTIAL.exec(headers['authorization'] ?? '') ?? [];
  return { accessKeyId, region };
}

function textOf(body: unknown): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
}
