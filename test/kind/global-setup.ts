import { randomBytes } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { locateEngine } from '../support/container-engine.ts';
import { installCrds } from '../support/crds.ts';
import { startKindCluster } from '../support/kind-cluster.ts';
import { connectCluster } from '../support/kubectl.ts';
import { buildImages, type Images } from './images.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The images that the node has. */
    images: Images;
  }
}

/** One kind cluster for the whole run, with our CRDs and both images in it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const search = await locateEngine();
  if (search.is === 'missing') throw new Error(`there can be no kind cluster: ${search.because}`);
  await using cleanup = new AsyncDisposableStack();
  const images = cleanup.use(await buildImages(search.engine, randomBytes(4).toString('hex')));
  const kind = cleanup.use(await startKindCluster(search.engine));
  console.log(kind.because);
  for (const image of Object.values(images.names)) await kind.load(image);
  await installCrds(connectCluster(kind.access));
  project.provide('cluster', kind.access);
  project.provide('images', images.names);
  const lifetime = cleanup.move();
  return async () => {
    await lifetime.disposeAsync();
  };
}
