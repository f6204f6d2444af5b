/**
 * `make bench`: takes the figures of docs/benchmarks.md and writes them there. With names (`start`, `services`, `idle`,
 * `edit`) only those are taken. Exits 1 where a target is missed.
 */
import { parseArgs } from 'node:util';
import { type BenchStage, openBenchStage } from './bench-stage.ts';
import { measureEdits } from './edit-figures.ts';
import { type Figure, missed, renderFigures } from './figure.ts';
import { measureIdle } from './idle-figures.ts';
import { describeMachine, writeFigures } from './page.ts';
import { countCalls, rollOut, servicesFigures } from './services-figures.ts';
import { measureStart } from './start-figures.ts';

/** In this order, as the later ones need what `services` leaves behind. */
const NAMES = ['start', 'services', 'idle', 'edit'] as const;
type Name = (typeof NAMES)[number];

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !NAMES.some((known) => known === name));
if (unknown.length > 0) throw new Error(`no such figures: ${unknown.join(', ')}; there are ${NAMES.join(', ')}`);
const wanted = NAMES.filter((name) => positionals.length === 0 || positionals.includes(name));

process.exitCode = await take();
process.exit();

async function take(): Promise<number> {
  const machine = describeMachine();
  console.log(machine);
  await using stage = await openBenchStage();
  const failed: Figure[] = [];
  for (const name of NAMES.slice(0, NAMES.indexOf(wanted.at(-1) ?? 'start') + 1)) {
    const isWanted = wanted.includes(name);
    if (!isWanted && name !== 'services') continue;
    const figures = await measure(name, stage);
    console.log(`\n${name}${isWanted ? '' : ' (needed by what follows)'}\n\n${renderFigures(figures)}`);
    if (!isWanted) continue;
    await writeFigures(name, machine, figures);
    failed.push(...missed(figures));
  }
  for (const { name, value, target } of failed) console.log(`missed: ${name}: ${value}, target ${target}`);
  return failed.length === 0 ? 0 : 1;
}

async function measure(name: Name, stage: BenchStage): Promise<readonly Figure[]> {
  switch (name) {
    case 'start':
      return await measureStart(stage);
    case 'services': {
      const rollout = await rollOut(stage, await stage.startOperator());
      console.log(countCalls(rollout.calls));
      return servicesFigures(rollout);
    }
    case 'idle':
      return await measureIdle(stage);
    case 'edit':
      return await measureEdits(stage);
  }
}
