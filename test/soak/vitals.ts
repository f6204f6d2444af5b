import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { InspectedHeap } from '../support/inspected-heap.ts';
import type { OperatorProcess } from '../support/operator-process.ts';

export interface Vitals {
  /** After a forced collection. */
  readonly heapMegabytes: number;
  readonly residentMegabytes: number;
  readonly sockets: number;
}

export async function takeVitals(operator: OperatorProcess, heap: InspectedHeap): Promise<Vitals> {
  const heapMegabytes = await heap.collected();
  const text = await operator.metrics();
  const resident = /^process_resident_memory_bytes (\S+)/m.exec(text)?.[1];
  return { heapMegabytes, residentMegabytes: Number(resident) / 1e6, sockets: await countSockets(operator.pid) };
}

/** Of Linux: listening ones, idle connections and pipes to the parent that are sockets count as well. */
async function countSockets(pid: number): Promise<number> {
  const folder = join('/proc', String(pid), 'fd');
  const targets = await Promise.all((await readdir(folder)).map((fd) => readlink(join(folder, fd)).catch(() => '')));
  return targets.filter((target) => target.startsWith('socket:')).length;
}
