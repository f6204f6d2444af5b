import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Leaves out of the bundle what its packages bring and the operator never runs. Each entry names the reason. What is left
 * out by mistake fails the build, or the tests that run the bundle; nothing here changes what the code does.
 */
export const leanBundle: Plugin = {
  name: 'lean-bundle',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: LEAN,
      pluginData: resolveDir,
    }));
    build.onResolve({ filter: /^socks(?:-proxy-agent)?$/ }, ({ path }) => ({ path, namespace: LEAN }));
    build.onLoad({ filter: /^undici$/, namespace: LEAN }, ({ pluginData }) => ({
      contents: UNDICI,
      resolveDir: String(pluginData),
    }));
    build.onLoad({ filter: /^socks/, namespace: LEAN }, () => ({ contents: SOCKS }));
    build.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({ contents: LOCALES }));
    build.onResolve({ filter: /./ }, ({ path, importer, namespace }) => {
      if (namespace !== 'file' || !path.startsWith('.') || !KUBERNETES_CLIENT.test(importer)) return undefined;
      return { path: join(dirname(importer), path), sideEffects: path.endsWith('/polyfill.js') };
    });
  },
};

const LEAN = 'lean';

/**
 * Importing one of its files does nothing but define things, the polyfill excepted, though its package.json does not say
 * so: with it said, of 700 models and all API classes those are left that KubeConfig needs.
 */
const KUBERNETES_CLIENT = /\/node_modules\/@kubernetes\/client-node\/dist\//;

/**
 * Its root also brings a browser's fetch, WebSocket, cache and mocks. Like the root, this gives dispatchers their
 * methods; `fetch` is Node's own, which is undici as well.
 */
const UNDICI = `
import api from 'undici/lib/api/index.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
Object.assign(Dispatcher.prototype, api);
export { default as Agent } from 'undici/lib/dispatcher/agent.js';
export { default as ProxyAgent } from 'undici/lib/dispatcher/proxy-agent.js';
export const fetch = globalThis.fetch;
`;

/** A cluster behind a SOCKS proxy is refused before the client library could use these. */
const SOCKS = 'export class SocksClient {} export class SocksProxyAgent {}';

/** Messages in 50 languages, of which the operator speaks one. */
const LOCALES = "export { default as en } from './en.js';";
