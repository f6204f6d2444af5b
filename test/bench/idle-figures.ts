import { setTimeout as sleep } from 'node:timers/promises';
import { type KubernetesWrite, readWrites } from '../support/control-plane-audit.ts';
import type { OperatorProcess } from '../support/operator-process.ts';
import { waitFor } from '../support/wait-for.ts';
import type { BenchStage } from './bench-stage.ts';
import type { Call } from './ecs-process.ts';
import { atMost, exactly, type Figure, figure } from './figure.ts';
import { readFigures } from './operator-figures.ts';
import { SHOP } from './services-figures.ts';

const SWEEP_SECONDS = 60;
const SWEEPS = 2;
/** No calls for so long: what a start brings with it is over. */
const CALM_MS = 5_000;
/** Events may still be on their way when everything else has come to rest. */
const EVENTS_MS = 5_000;

/** All is Ready and nobody wants anything: what the operator does all day. It is started anew for it. */
export async function measureIdle(stage: BenchStage): Promise<readonly Figure[]> {
  const operator = await stage.startOperator({ ECS_OPERATOR_RESYNC_INTERVAL: `${SWEEP_SECONDS}s` });
  await sleep((SWEEP_SECONDS * 1_000) / 2);
  await becomeCalm(stage);
  await sleep(EVENTS_MS);
  const from = (await stage.ecs.calls()).length;
  const startedAt = Date.now();
  const before = await readFigures(operator);
  await sleep(SWEEPS * SWEEP_SECONDS * 1_000);
  const after = await readFigures(operator);
  await becomeCalm(stage);
  const calls = await stage.ecs.calls(from);
  const minutes = (Date.now() - startedAt) / 60_000;
  return [
    ...callFigures(calls),
    ...(await writeFigures(stage, startedAt)),
    figure('reconciles that failed', await errorsOf(operator)),
    figure(`CPU a minute, a sweep every ${SWEEP_SECONDS} s`, (after.cpuSeconds - before.cpuSeconds) / minutes, 's'),
    atMost('RSS', after.megabytes, 150, 'MB'),
  ];
}

async function becomeCalm({ ecs }: BenchStage): Promise<void> {
  const look = async () => Date.now() - ((await ecs.calls()).at(-1)?.at ?? 0);
  await waitFor('the operator to come to rest', look, (silence) => silence > CALM_MS, {
    timeoutMs: 60_000,
    everyMs: 500,
  });
}

function callFigures(calls: readonly Call[]): readonly Figure[] {
  const perSweep = (action: string): number => calls.filter((call) => call.action === action).length / SWEEPS;
  const expected = {
    DescribeServices: SHOP.services / 10,
    DescribeClusters: 1,
    ListTaskDefinitions: 1,
    // None of the services is scaled, and one page says so for all of them.
    DescribeScalableTargets: 1,
  };
  const others = calls.filter(({ action }) => !Object.hasOwn(expected, action));
  return [
    ...Object.entries(expected).map(([action, wanted]) => exactly(`${action} a sweep`, perSweep(action), wanted)),
    exactly('other calls to ECS, writes among them', others.length, 0),
  ];
}

/** An API server that was there before keeps its records to itself. */
async function writeFigures({ cluster, user }: BenchStage, since: number): Promise<readonly Figure[]> {
  const { auditLogPath } = cluster.access;
  if (auditLogPath === undefined) return [figure('writes to Kubernetes, but for the lease', 'not recorded')];
  const writes = await readWrites(auditLogPath);
  const ours = writes.filter((write) => write.user === user && Date.parse(write.at) >= since);
  return [
    exactly('writes to Kubernetes, but for the lease', ours.filter((write) => !isLease(write)).length, 0),
    figure('renewals of the lease', ours.filter(isLease).length),
  ];
}

function isLease({ resource }: KubernetesWrite): boolean {
  return resource === 'leases';
}

async function errorsOf(operator: OperatorProcess): Promise<number> {
  const text = await operator.metrics();
  const found = text.matchAll(/^controller_runtime_reconcile_errors_total\{[^}]*\} (\S+)/gm);
  return [...found].reduce((sum, [, count]) => sum + Number(count), 0);
}
