import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { type Figure, renderFigures } from './figure.ts';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md');

/** Where the figures were taken, in one line. The load is that of the last minute before they were. */
export function describeMachine(): string {
  const processors = cpus();
  const memory = `${Math.round(totalmem() / 1e9)} GB`;
  const load = `load average before ${loadavg()[0]?.toFixed(1)}`;
  const cores = `${processors.length} × ${processors[0]?.model.trim() ?? 'processor'}`;
  return `${cores}, ${memory}, ${type()} ${release().split('-')[0]}, Node ${process.versions.node}, ${load}`;
}

/** Puts the figures where the page has their markers. What stands around them is written by hand. */
export async function writeFigures(name: string, machine: string, figures: readonly Figure[]): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const [begin, end] = [`<!-- figures: ${name} -->`, `<!-- end: ${name} -->`];
  const [before, rest] = [page.slice(0, page.indexOf(begin)), page.slice(page.indexOf(end))];
  if (!page.includes(begin) || !page.includes(end)) throw new Error(`${PAGE} has no place for ${name}`);
  const day = new Date().toISOString().slice(0, 10);
  const text = `${renderFigures(figures)}\n\nTaken on ${day}: ${machine}.`;
  await writeFile(PAGE, `${before}${begin}\n${text}\n${rest}`);
}
