import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { cachePath } from '../go-build.ts';

const MODULE = 'github.com/prometheus-operator/prometheus-operator@v0.85.0';
/** In the form of go.sum, and to be changed with the version: other content under the same version is refused. */
const SUM = 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=';
const CRDS = ['servicemonitors', 'prometheusrules'] as const;

const Download = z.object({ Dir: z.string(), Sum: z.string() });

/** The paths of the CRDs of the Prometheus operator that the chart makes objects of, as its authors publish them. */
export async function fetchMonitoringCrds(environment: Readonly<NodeJS.ProcessEnv>): Promise<readonly string[]> {
  const folder = cachePath('monitoring-crds', [MODULE, SUM, ...CRDS], environment);
  if (!existsSync(folder)) await fetchInto(folder, environment);
  return CRDS.map((plural) => join(folder, nameOf(plural)));
}

function nameOf(plural: (typeof CRDS)[number]): string {
  return `monitoring.coreos.com_${plural}.yaml`;
}

/** The folder appears whole or not at all. */
async function fetchInto(folder: string, environment: Readonly<NodeJS.ProcessEnv>): Promise<void> {
  const args = ['mod', 'download', '-json', MODULE];
  const { stdout } = await promisify(execFile)('go', args, { cwd: import.meta.dirname, env: { ...environment } });
  const { Dir, Sum } = Download.parse(JSON.parse(stdout));
  if (Sum !== SUM) throw new Error(`${MODULE} has the sum ${Sum}, not ${SUM}: do not use it`);
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    for (const plural of CRDS) {
      await cp(join(Dir, 'example', 'prometheus-operator-crd', nameOf(plural)), join(unfinished, nameOf(plural)));
    }
    if (!existsSync(folder)) await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
