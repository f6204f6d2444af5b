import { isRead } from '../simulator/recording.ts';
import type { Cluster } from './kubectl.ts';
import { BUNDLE, type OperatorProcess } from './operator-process.ts';
import { type Stack, startStack } from './stack.ts';
import { waitFor } from './wait-for.ts';

/** A write to ECS as it reached the endpoint. All times are of this machine. */
export interface ArrivedWrite {
  readonly action: string;
  readonly atMs: number;
  /** The access key that it was signed with: each replica has its own. */
  readonly signedBy: string;
  /** As its signature states, in whole seconds. */
  readonly signedAtMs: number;
}

/** One of several processes that want to lead. */
export interface Replica {
  readonly key: string;
  readonly process: OperatorProcess;
}

/** Replicas of the operator on one API server and one ECS. Disposing of it ends them all. */
export interface Replicas extends AsyncDisposable {
  readonly stack: Stack;
  readonly writes: readonly ArrivedWrite[];
  /** The one that has led since the start. */
  readonly first: Replica;
  /** Starts one more, and resolves when its caches are filled. */
  join(): Promise<Replica>;
}

/** One change of a service in two seconds. */
const QUOTA_SHARE = '0.1';

export async function startReplicas(cluster: Cluster, entry = BUNDLE): Promise<Replicas> {
  const writes: ArrivedWrite[] = [];
  let count = 0;
  function nextKey(): string {
    count += 1;
    return `REPLICA${count}`;
  }
  const key = nextKey();
  const stack = await startStack({
    cluster,
    speed: 20,
    entry,
    environment: { AWS_ACCESS_KEY_ID: key, ECS_OPERATOR_QUOTA_SHARE: QUOTA_SHARE },
    onArrival(action, headers) {
      if (!isRead(action)) writes.push({ action, atMs: Date.now(), ...parseSignature(headers) });
    },
  });
  await stack.operator.waitForLog(({ msg }) => msg === 'leadership acquired');
  return {
    stack,
    writes,
    first: { key, process: stack.operator },
    async join() {
      const own = nextKey();
      return { key: own, process: await stack.startReplica({ AWS_ACCESS_KEY_ID: own }) };
    },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

/** When the replica says that it leads, in milliseconds since 1970. */
export async function ledSince({ process }: Replica, timeoutMs = 40_000): Promise<number> {
  const { time } = await process.waitForLog(({ msg }) => msg === 'leadership acquired', timeoutMs);
  return Date.parse(String(time));
}

/** Resolves with the first write of the replica that arrives from now on. */
export async function nextWriteOf({ writes }: Replicas, { key, process }: Replica): Promise<ArrivedWrite> {
  const from = writes.length;
  const look = () => writes.slice(from).find(({ signedBy }) => signedBy === key);
  const options = { timeoutMs: 40_000, everyMs: 5, operator: process };
  return await waitFor(`a write of ${key}`, look, (write) => write !== undefined, options);
}

/** AWS Signature Version 4: `Credential=<key>/<day>/…`, and `X-Amz-Date: 20261125T160751Z`. */
function parseSignature(headers: Readonly<Record<string, string>>): Pick<ArrivedWrite, 'signedBy' | 'signedAtMs'> {
  const signedBy = /Credential=([^/]+)\//.exec(headers['authorization'] ?? '')?.[1] ?? '';
  const [date, time] = (headers['x-amz-date'] ?? '').replace('Z', '').split('T');
  const day = date?.replace(/(....)(..)(..)/, '$1-$2-$3');
  return { signedBy, signedAtMs: Date.parse(`${day}T${time?.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`) };
}
