import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

export interface Kubeconfig {
  /** The `cluster` of a kubeconfig as it stands there: server, certificate authority. */
  readonly cluster: object;
  readonly user: string;
  readonly token: string;
  readonly namespace: string;
}

/** A kubeconfig with one context that acts by a token. JSON, as every reader of YAML takes it. */
export async function writeKubeconfig(path: string, { cluster, user, token, namespace }: Kubeconfig): Promise<void> {
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user, namespace } }],
    'current-context': 'test',
  };
  await writeFile(path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
}

const Stored = z.looseObject({ clusters: z.tuple([z.looseObject({ cluster: z.looseObject({}) })]) });

/** The same access by way of another address, such as that of a proxy. Returns the path of its kubeconfig. */
export async function redirectKubeconfig(path: string, server: string): Promise<string> {
  const stored = Stored.parse(JSON.parse(await readFile(path, 'utf8')));
  const [entry] = stored.clusters;
  const redirected = `${path}.${new URL(server).port}`;
  const content = { ...stored, clusters: [{ ...entry, cluster: { ...entry.cluster, server } }] };
  await writeFile(redirected, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  return redirected;
}
