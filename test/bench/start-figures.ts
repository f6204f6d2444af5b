import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchStage, bundleMegabytes } from './bench-stage.ts';
import { atMost, type Figure, figure, median } from './figure.ts';
import { readFigures } from './operator-figures.ts';

const STARTS = 5;
const CALM_MS = 10_000;

/** What the process costs before it has anything to look after. */
export async function measureStart(stage: BenchStage): Promise<readonly Figure[]> {
  const seconds: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const startedAt = performance.now();
    const operator = await stage.startOperator();
    seconds.push((performance.now() - startedAt) / 1_000);
    if (start < STARTS - 1) await operator.stop();
  }
  const operator = await stage.startOperator();
  await sleep(CALM_MS);
  const { megabytes } = await readFigures(operator);
  return [
    figure('size of the bundle', bundleMegabytes(), 'MB'),
    figure(`process started → ready (median of ${STARTS})`, median(seconds), 's'),
    atMost('RSS with no objects', megabytes, 150, 'MB'),
  ];
}
