import { afterAll, beforeAll, inject } from 'vitest';
import { type Judge, openJudge } from './api-verdict.ts';
import { openKubeHttp } from './kube-http.ts';
import { connectCluster } from './kubectl.ts';

/** The judge of the test file that calls this at its top, in a namespace that begins with that. It is there once tests run. */
export function judgeOfFile(prefix: string): Judge {
  const access = inject('cluster');
  const opened = new AsyncDisposableStack();
  let judge: Judge;
  beforeAll(async () => {
    const http = opened.use(await openKubeHttp(access));
    const { name } = opened.use(await connectCluster(access).createNamespace(prefix));
    judge = openJudge(http, name);
  });
  afterAll(() => opened.disposeAsync());
  return {
    create: (object) => judge.create(object),
    change: (object) => judge.change(object),
    store: (object) => judge.store(object),
  };
}
