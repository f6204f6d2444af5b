import type { TestProject } from 'vitest/node';
import { openCluster } from '../support/control-plane-cluster.ts';
import { installCrds } from '../support/crds.ts';
import { type ClusterAccess, connectCluster } from '../support/kubectl.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The cluster of the whole run, with our CRDs in it: `connectCluster(inject('cluster'))`. */
    cluster: ClusterAccess;
  }
}

/** One cluster for the whole run: files get namespaces of their own in it, and their own control plane to break things. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const opened = await openCluster(process.env);
  console.log(opened.because);
  try {
    await installCrds(connectCluster(opened.access));
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
  project.provide('cluster', opened.access);
  return async () => {
    await opened[Symbol.asyncDispose]();
  };
}
