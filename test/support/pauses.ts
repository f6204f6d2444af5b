import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeHttp } from './kube-http.ts';
import type { Cluster } from './kubectl.ts';
import { type ArrivedWrite, nextWriteOf, type Replica, type Replicas } from './replicas.ts';
import { asFile, clusterNamed, definitionOf, serviceNamed } from './shop-objects.ts';
import { tellStory } from './story.ts';
import { waitFor } from './wait-for.ts';

const SERVICES = Array.from({ length: 8 }, (_, index) => `web-${index}`);
/**
 * Several times as fast as replicas may write, so that writes wait for their turn; and each service seldom enough that a
 * look at it, whose reads are paced as well, comes as far as its write.
 */
const SCALE_EVERY_MS = 400;
/** A pause begins at most so long after a write of the leader has arrived: near to where others begin and end. */
const SPREAD_MS = 300;
const END_TIMEOUT_MS = 60_000;

/** What became of one leader that stood still until another had taken over. */
export interface Pause {
  readonly pausedAtMs: number;
  readonly wokenAtMs: number;
  /** Its writes that arrived once it ran again. */
  readonly late: readonly ArrivedWrite[];
}

/** Eight services that somebody scales up and down without rest until it is disposed of. */
export async function loadWithWrites(cluster: Cluster, kube: KubeHttp, { stack }: Replicas): Promise<AsyncDisposable> {
  const story = tellStory(cluster, stack);
  const services = SERVICES.map((name) => serviceNamed(name, { taskDefinitionRef: { name: 'web' }, desiredCount: 1 }));
  await story.apply(asFile(clusterNamed('shop'), definitionOf('web', 'shop/web:1'), ...services));
  await story.ready(`ecsservice/${SERVICES[0]}`);
  const stopping = new AbortController();
  const scaling = (async () => {
    for (let round = 0; !stopping.signal.aborted; round += 1) {
      const name = SERVICES[round % SERVICES.length];
      const path = `/apis/ecs-operator.dev/v1alpha1/namespaces/${stack.namespace}/ecsservices/${name}`;
      await kube.send({ method: 'PATCH', path, body: { spec: { desiredCount: 1 + (round % 7) } } });
      await sleep(SCALE_EVERY_MS);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await scaling;
    },
  };
}

/** Pauses one leader after the other, so many. */
export async function pauseInTurns(replicas: Replicas, times: number, random: () => number): Promise<readonly Pause[]> {
  const pauses: Pause[] = [];
  let leader = replicas.first;
  let standby = await replicas.join();
  for (let time = 0; time < times; time += 1) {
    pauses.push(await pauseLeader(replicas, { leader, standby }, random));
    leader = standby;
    standby = await replicas.join();
  }
  return pauses;
}

/** Writes that a leader decided about after it had slept through the end of its lease. */
export function unfenced({ pausedAtMs, late }: Pause): readonly ArrivedWrite[] {
  return late.filter(({ signedAtMs }) => signedAtMs > pausedAtMs);
}

/**
 * Stops the leader (SIGSTOP) at a random moment after one of its writes, lets it run again once the standby has written in
 * its place, and waits for its end, which the loss of the lease is.
 */
async function pauseLeader(
  replicas: Replicas,
  { leader, standby }: { readonly leader: Replica; readonly standby: Replica },
  random: () => number,
): Promise<Pause> {
  await untilWritesWait(leader);
  await nextWriteOf(replicas, leader);
  await sleep(random() * SPREAD_MS);
  process.kill(leader.process.pid, 'SIGSTOP');
  const pausedAtMs = Date.now();
  await nextWriteOf(replicas, standby);
  const wokenAtMs = Date.now();
  process.kill(leader.process.pid, 'SIGCONT');
  const look = () => leader.process.isRunning();
  const options = { timeoutMs: END_TIMEOUT_MS, operator: leader.process };
  await waitFor('the old leader to end', look, (isRunning) => !isRunning, options);
  const late = replicas.writes.filter(({ signedBy, atMs }) => signedBy === leader.key && atMs >= wokenAtMs);
  return { pausedAtMs, wokenAtMs, late };
}

/** Then its share of the quota is used up, and whatever wakes it sends at once what has waited. */
async function untilWritesWait({ process }: Replica): Promise<void> {
  const look = async (): Promise<number> => {
    const text = await process.metrics();
    return Number(/^ecs_operator_aws_paced_seconds_sum\{operation="UpdateService"\} (\S+)/m.exec(text)?.[1] ?? 0);
  };
  // What has waited once says nothing of now.
  const before = await look();
  const options = { timeoutMs: END_TIMEOUT_MS, operator: process };
  await waitFor('writes that wait for their turn', look, (waitedSeconds) => waitedSeconds > before + 1, options);
}
