import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { cachePath, makeOnce } from '../go-build.ts';

const MODULE = 'github.com/prometheus-operator/prometheus-operator@v0.85.0';
/** In the form of go.sum, and to be changed with the version: other content under the same version is refused. */
const SUM = 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=';
const CRDS = ['servicemonitors', 'prometheusrules'] as const;

const Download = z.object({ Dir: z.string(), Sum: z.string() });

/** The paths of the CRDs of the Prometheus operator that the chart makes objects of, as its authors publish them. */
export async function fetchMonitoringCrds(environment: Readonly<NodeJS.ProcessEnv>): Promise<readonly string[]> {
  const folder = cachePath('monitoring-crds', [MODULE, SUM, ...CRDS], environment);
  const what = 'fetching the CRDs of the Prometheus operator';
  await makeOnce(folder, what, (unfinished) => fetchInto(unfinished, environment));
  return CRDS.map((plural) => join(folder, nameOf(plural)));
}

function nameOf(plural: (typeof CRDS)[number]): string {
  return `monitoring.coreos.com_${plural}.yaml`;
}

async function fetchInto(folder: string, environment: Readonly<NodeJS.ProcessEnv>): Promise<void> {
  const args = ['mod', 'download', '-json', MODULE];
  const { stdout } = await promisify(execFile)('go', args, { cwd: import.meta.dirname, env: { ...environment } });
  const { Dir, Sum } = Download.parse(JSON.parse(stdout));
  if (Sum !== SUM) throw new Error(`${MODULE} has the sum ${Sum}, not ${SUM}: do not use it`);
  for (const plural of CRDS) {
    await cp(join(Dir, 'example', 'prometheus-operator-crd', nameOf(plural)), join(folder, nameOf(plural)));
  }
}
