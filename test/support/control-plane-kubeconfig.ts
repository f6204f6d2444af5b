import { writeFile } from 'node:fs/promises';

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
