import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generateArgocd } from './argocd/generate-argocd.ts';
import { generateChart } from './chart/generate-chart.ts';
import { generateCrds } from './generate-crds.ts';
import { generateMetrics } from './generate-metrics.ts';
import { generateRbac } from './generate-rbac.ts';
import { generateReasons } from './generate-reasons.ts';
import { generateReference } from './generate-reference.ts';
import { generateSettings } from './generate-settings.ts';
import { generateIam } from './iam/generate-iam.ts';
import { generateMonitoring } from './monitoring/generate-monitoring.ts';

/**
 * Writes everything that is made from source; with `--check` writes nothing and fails where a file is not what it
 * would be. A generator is a function from nothing to files by path.
 */
const GENERATORS: readonly (() => ReadonlyMap<string, string>)[] = [
  generateCrds,
  generateRbac,
  generateChart,
  generateArgocd,
  generateReasons,
  generateReference,
  generateSettings,
  generateIam,
  generateMetrics,
  generateMonitoring,
];

const ROOT = join(import.meta.dirname, '..');

const isCheck = process.argv.includes('--check');

for (const generate of GENERATORS) {
  for (const [path, wanted] of generate()) {
    const found = await readFile(join(ROOT, path), 'utf8').catch(() => undefined);
    if (found === wanted) continue;
    if (isCheck) {
      console.error(`${path} is not what its source makes of it: run \`make generate\``);
      process.exitCode = 1;
    } else {
      await mkdir(dirname(join(ROOT, path)), { recursive: true });
      await writeFile(join(ROOT, path), wanted);
      console.log(`wrote ${path}`);
    }
  }
}
