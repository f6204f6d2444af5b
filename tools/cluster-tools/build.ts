import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachePath, goBuild, makeOnce } from '../go-build.ts';

/** What the programs are made of: a change in any of them is another folder of the cache. */
const SOURCES = ['go.mod', 'go.sum', 'judge/main.go', 'judge/kstatus.go', 'judge/lua.go', 'promql/main.go'] as const;

const PACKAGES = [
  './judge',
  './promql',
  'helm.sh/helm/v4/cmd/helm',
  'github.com/yannh/kubeconform/cmd/kubeconform',
  'github.com/helm-unittest/helm-unittest/cmd/helm-unittest',
  'github.com/prometheus/prometheus/cmd/promtool',
] as const;

/** The paths of the programs. */
export interface ClusterTools {
  readonly judge: string;
  readonly promql: string;
  readonly helm: string;
  readonly kubeconform: string;
  readonly helmUnittest: string;
  readonly promtool: string;
}

/** Makes sure that the programs are there. Minutes the first time, at once ever after. */
export async function buildClusterTools(environment: Readonly<NodeJS.ProcessEnv>): Promise<ClusterTools> {
  const contents = await Promise.all(SOURCES.map((name) => readFile(join(import.meta.dirname, name), 'utf8')));
  const folder = cachePath('cluster-tools', contents, environment);
  const what = 'building helm and other tools of a cluster, some minutes on two cores,';
  await makeOnce(folder, what, async (unfinished) => {
    await goBuild({
      folder: import.meta.dirname,
      // The ways in which Prometheus discovers what to scrape are half of promtool, and none is asked for here.
      args: ['-tags', 'remove_all_sd', '-ldflags', '-s -w', '-o', `${unfinished}/`, ...PACKAGES],
      environment,
      withoutGo:
        'helm and other tools must be built once and `go` is not in PATH; install Go 1.26 or newer (https://go.dev/doc/install)',
    });
  });
  const at = (name: string): string => join(folder, name);
  return {
    judge: at('judge'),
    promql: at('promql'),
    helm: at('helm'),
    kubeconform: at('kubeconform'),
    helmUnittest: at('helm-unittest'),
    promtool: at('promtool'),
  };
}

if (import.meta.main) {
  for (const path of Object.values(await buildClusterTools(process.env))) console.log(path);
}
