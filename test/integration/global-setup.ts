import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openCluster } from '../support/control-plane-cluster.ts';
import { type Cluster, type ClusterAccess, connectCluster } from '../support/kubectl.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The cluster of the whole run, with our CRDs in it: `connectCluster(inject('cluster'))`. */
    cluster: ClusterAccess;
  }
}

const CRDS = join(import.meta.dirname, '..', '..', 'crds');

/** One cluster for the whole run: files get namespaces of their own in it, and their own control plane to break things. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const opened = await openCluster(process.env);
  console.log(opened.because);
  try {
    await applyCrds(connectCluster(opened.access));
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
  project.provide('cluster', opened.access);
  return async () => {
    await opened[Symbol.asyncDispose]();
  };
}

async function applyCrds(cluster: Cluster): Promise<void> {
  const files = await readdir(CRDS).catch(() => []);
  if (!files.some((file) => file.endsWith('.yaml'))) return;
  for (const args of [
    ['apply', '--server-side', '--force-conflicts', '-f', CRDS],
    ['wait', '--for=condition=Established', '--timeout=30s', '-f', CRDS],
  ]) {
    const { code, stderr } = await cluster.kubectl(args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with code ${code}: ${stderr.trim()}`);
  }
}
