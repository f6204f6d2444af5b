import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bodyOf, type LoopbackServer, startLoopbackServer } from '../../../test/support/loopback-server.ts';
import { TOYS, toy } from '../../../test/support/toy-objects.ts';
import { systemClock } from '../../lib/clock.ts';
import { type KubeApi, KubeError, type KubeWatchEvent } from './kube-api.ts';
import { createKubeApi, loadKubeConfig } from './kube-client.ts';
import type { KubeConnection, KubeCredentials } from './kube-transport.ts';

const KEY = { namespace: 'shop', name: 'a' };
const FOREVER = new AbortController().signal;

interface Scene {
  readonly api: KubeApi & AsyncDisposable;
  readonly server: LoopbackServer;
  readonly counted: string[];
}

async function play(
  listener: (...args: Parameters<RequestListener>) => unknown,
  given: Partial<KubeConnection> = {},
): Promise<Scene> {
  const server = await startLoopbackServer((request, response) => void listener(request, response));
  const counted: string[] = [];
  const api = createKubeApi({
    connection: {
      server: server.url,
      namespace: undefined,
      proxyUrl: undefined,
      credentials: () => Promise.resolve({ headers: { Authorization: 'Bearer t0ken' }, tls: {} }),
      forgetCredentials: () => undefined,
      ...given,
    },
    clock: systemClock,
    userAgent: 'ecs-operator/test',
    fieldManager: 'ecs-operator',
    metrics: { requested: ({ code, method }) => void counted.push(`${method} ${code}`) },
    timeouts: { connectMs: 300, answerMs: 300 },
  });
  onTestFinished(async () => {
    await api[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  return { api, server, counted };
}

function answer(response: ServerResponse, code: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function status(code: number, reason: string, details: Readonly<Record<string, unknown>> = {}): object {
  return { kind: 'Status', status: 'Failure', code, reason, message: `it is ${reason}`, details };
}

async function failureOf(promise: Promise<unknown>): Promise<KubeError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof KubeError)) throw new Error('a KubeError was expected', { cause: error });
  return error;
}

function watch(api: KubeApi, signal = FOREVER): Promise<readonly KubeWatchEvent[]> {
  return Array.fromAsync(api.watch(TOYS, { resourceVersion: '5', timeoutSeconds: 300 }, signal));
}

describe('the requests to the API server', () => {
  test('go to the paths and with the headers of Kubernetes', async () => {
    const seen: string[] = [];
    const { api, counted } = await play(async (request, response) => {
      const { method, url, headers } = request;
      seen.push([method, url, headers['content-type'], await bodyOf(request)].filter(Boolean).join(' '));
      answer(response, 200, { ...toy('a'), items: [], metadata: { resourceVersion: '7' } });
    });

    await api.list(TOYS, { namespace: 'shop', labelSelector: 'a=b,c', limit: 5, continue: 'x/y' }, FOREVER);
    await api.list({ group: '', version: 'v1', plural: 'nodes' }, {}, FOREVER);
    await api.get(TOYS, KEY, FOREVER);
    await api.create(TOYS, toy('a'), FOREVER);
    await api.replace(TOYS, toy('a'), FOREVER);
    await api.patch(TOYS, KEY, { body: { spec: null } }, FOREVER);
    await api.patch(TOYS, KEY, { subresource: 'status', body: {} }, FOREVER);

    const base = '/apis/toys.example.com/v1/namespaces/shop/toys';
    const body = JSON.stringify(toy('a'));
    expect(seen).toEqual([
      `GET ${base}?labelSelector=a%3Db%2Cc&limit=5&continue=x%2Fy`,
      'GET /api/v1/nodes',
      `GET ${base}/a`,
      `POST ${base}?fieldManager=ecs-operator application/json ${body}`,
      `PUT ${base}/a?fieldManager=ecs-operator application/json ${body}`,
      `PATCH ${base}/a?fieldManager=ecs-operator application/merge-patch+json {"spec":null}`,
      `PATCH ${base}/a/status?fieldManager=ecs-operator application/merge-patch+json {}`,
    ]);
    expect(counted).toEqual(['GET 200', 'GET 200', 'GET 200', 'POST 200', 'PUT 200', 'PATCH 200', 'PATCH 200']);
  });

  test('carry the credentials and the name of the client', async () => {
    const { api, server } = await play((_request, response) => answer(response, 200, toy('a')));

    await api.get(TOYS, KEY, FOREVER);

    const { authorization, accept, 'user-agent': userAgent } = server.requests[0]?.headers ?? {};
    expect({ authorization, accept, userAgent }).toEqual({
      authorization: 'Bearer t0ken',
      accept: 'application/json',
      userAgent: 'ecs-operator/test',
    });
  });

  test('share few connections, because a handshake for each is dear', async () => {
    const { api, server } = await play((_request, response) => answer(response, 200, toy('a')));

    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 30 }, () => api.get(TOYS, KEY, FOREVER)));
    }

    expect(server.requests).toHaveLength(300);
    expect(server.connections).toBeLessThanOrEqual(16);
  });

  test('use new connections once the certificates change, while a watch goes on on its old one', async () => {
    let tls: KubeCredentials['tls'] = { ca: 'old' };
    const open = Promise.withResolvers<ServerResponse>();
    const ports: (number | undefined)[] = [];
    const { api } = await play(
      (request, response) => {
        ports.push(request.socket.remotePort);
        if (request.url?.includes('watch=true') !== true) answer(response, 200, toy('a'));
        else {
          response.writeHead(200).flushHeaders();
          open.resolve(response);
        }
      },
      { credentials: () => Promise.resolve({ headers: {}, tls }) },
    );
    const watching = watch(api);
    const late = await open.promise;
    await api.get(TOYS, KEY, FOREVER);
    const before = new Set(ports);

    tls = { ca: 'new' };
    await api.get(TOYS, KEY, FOREVER);
    late.end('{"type":"ADDED","object":{"metadata":{"name":"late","resourceVersion":"6"}}}\n');

    await expect(watching).resolves.toMatchObject([{ type: 'ADDED' }]);
    expect(before).not.toContain(ports.at(-1));
  });

  test('leave nothing open after the end', async () => {
    const { api, server } = await play((request, response) => {
      if (request.url?.includes('watch=true') === true) response.writeHead(200).flushHeaders();
      else answer(response, 200, toy('a'));
    });
    await api.get(TOYS, KEY, FOREVER);
    const watching = failureOf(watch(api));
    await expect.poll(() => server.requests.length).toBe(2);

    await api[Symbol.asyncDispose]();

    expect((await watching).status.code).toBe(0);
    await expect.poll(() => server.openConnections).toBe(0);
  });
});

describe('an API server that refuses', () => {
  test('gives its Status and how long to wait', async () => {
    const { api, counted } = await play((_request, response) =>
      answer(response, 429, status(429, 'TooManyRequests'), { 'retry-after': '7' }),
    );

    const error = await failureOf(api.create(TOYS, toy('a'), FOREVER));

    expect(error.status).toEqual({ code: 429, reason: 'TooManyRequests', message: 'it is TooManyRequests' });
    expect([error.retryAfterMs, counted]).toEqual([7_000, ['POST 429']]);
  });

  test('may say how long to wait in the Status alone', async () => {
    const { api } = await play((_request, response) =>
      answer(response, 500, status(500, 'ServerTimeout', { retryAfterSeconds: 2 })),
    );

    expect((await failureOf(api.get(TOYS, KEY, FOREVER))).retryAfterMs).toBe(2_000);
  });

  test('may be a proxy that answers in text', async () => {
    const { api } = await play((_request, response) => answer(response, 502, '<html>Bad Gateway</html>'));

    const error = await failureOf(api.get(TOYS, KEY, FOREVER));

    expect(error.status).toMatchObject({ code: 502, reason: '' });
    expect(error.message).toContain('Bad Gateway');
  });

  test('has the credentials read anew after 401, because a plugin may hold on to dead ones', async () => {
    let forgotten = 0;
    const { api } = await play((_request, response) => answer(response, 401, status(401, 'Unauthorized')), {
      forgetCredentials: () => void (forgotten += 1),
    });

    expect((await failureOf(api.get(TOYS, KEY, FOREVER))).status.code).toBe(401);
    expect(forgotten).toBe(1);
  });

  test('says that an object is missing', async () => {
    const { api } = await play((_request, response) => answer(response, 404, status(404, 'NotFound', { name: 'a' })));

    await expect(api.get(TOYS, KEY, FOREVER)).resolves.toBeUndefined();
  });

  test.for([
    { name: 'text', body: '404 page not found' },
    { name: 'a Status about the resource', body: status(404, 'NotFound') },
  ])('does not say so by $name, because a missing resource says nothing of its objects', async ({ body }) => {
    const { api } = await play((_request, response) => answer(response, 404, body));

    expect((await failureOf(api.get(TOYS, KEY, FOREVER))).status.code).toBe(404);
  });
});

describe('an API server that is not well', () => {
  test.for([
    { name: 'accepts and is silent', listener: () => undefined },
    { name: 'cuts the connection', listener: (_: unknown, response: ServerResponse) => response.destroy() },
    {
      name: 'stops within its answer',
      listener: (_: unknown, response: ServerResponse) => response.writeHead(200).write('{"kind":'),
    },
    {
      name: 'cuts its answer',
      listener: (_: unknown, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"kind":', () => response.destroy());
      },
    },
    { name: 'answers in no JSON', listener: (_: unknown, response: ServerResponse) => answer(response, 200, 'ok') },
    { name: 'answers no object', listener: (_: unknown, response: ServerResponse) => answer(response, 200, []) },
  ])('and $name gives a KubeError without a code, soon', async ({ listener }) => {
    const { api } = await play((request, response) => listener(request, response));

    const error = await failureOf(api.get(TOYS, KEY, FOREVER));

    expect(error.status.code).toBe(0);
    expect(error.message).not.toBe('');
  });

  test('and refuses connections gives a KubeError that says so', async () => {
    const { api, server, counted } = await play(() => undefined);
    await server[Symbol.asyncDispose]();

    const error = await failureOf(api.get(TOYS, KEY, FOREVER));

    expect([error.status.code, counted]).toEqual([0, ['GET <error>']]);
    expect(error.message).toContain('ECONNREFUSED');
  });

  test('and cannot give credentials gives a KubeError', async () => {
    const { api } = await play(() => undefined, {
      credentials: () => Promise.reject(new Error('the plugin ended with 1')),
    });

    expect((await failureOf(api.get(TOYS, KEY, FOREVER))).message).toContain('the plugin ended with 1');
  });

  test('is left at once when the signal aborts, with the reason of the signal', async () => {
    const { api } = await play(() => undefined);
    const life = new AbortController();
    const reason = new Error('shutting down');

    const pending = Promise.allSettled([api.get(TOYS, KEY, life.signal), watch(api, life.signal)]);
    life.abort(reason);

    expect(await pending).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
  });
});

describe('a watch', () => {
  const added = `{"type":"ADDED","object":{"metadata":{"name":"grün","resourceVersion":"6"}}}\n`;

  test('asks for bookmarks and gives events until the server ends it', async () => {
    const { api, server } = await play((_request, response) => {
      const bytes = Buffer.from(`${added}{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}\n`);
      response.write(bytes.subarray(0, 45));
      setImmediate(() => response.end(bytes.subarray(45)));
    });

    const events = await watch(api);

    expect(events.map((event) => event.type)).toEqual(['ADDED', 'BOOKMARK']);
    expect(events[0]).toMatchObject({ object: { metadata: { name: 'grün' } } });
    const asked = 'watch=true&allowWatchBookmarks=true&resourceVersion=5&timeoutSeconds=300';
    expect(server.requests[0]?.url).toBe(`/apis/toys.example.com/v1/toys?${asked}`);
  });

  test('gives an error of the server as an event', async () => {
    const line = JSON.stringify({ type: 'ERROR', object: status(410, 'Expired') });
    const { api } = await play((_request, response) => void response.end(`${line}\n`));

    expect(await watch(api)).toEqual([
      { type: 'ERROR', status: { code: 410, reason: 'Expired', message: 'it is Expired' } },
    ]);
  });

  test('fails as the server refuses it', async () => {
    const { api } = await play((_request, response) => answer(response, 410, status(410, 'Expired')));

    expect((await failureOf(watch(api))).status).toMatchObject({ code: 410, reason: 'Expired' });
  });

  test.for([
    { name: 'half a line', rest: '{"type":"ADDED","obj' },
    { name: 'what is no JSON', rest: 'upstream connect error\n' },
    { name: 'an event of an unknown type', rest: '{"type":"SURPRISE","object":{}}\n' },
    { name: 'an event without an object', rest: '{"type":"ADDED"}\n' },
  ])('gives what was good and then fails at $name', async ({ rest }) => {
    const { api } = await play((_request, response) => void response.end(added + rest));
    const events: KubeWatchEvent[] = [];

    const reading = (async () => {
      for await (const event of api.watch(TOYS, { resourceVersion: '5', timeoutSeconds: 300 }, FOREVER)) {
        events.push(event);
      }
    })();

    expect((await failureOf(reading)).status.code).toBe(0);
    expect(events).toHaveLength(1);
  });

  test('is not bound by the patience for answers, because it may be quiet', async () => {
    const { api } = await play((_request, response) => {
      response.writeHead(200).flushHeaders();
      systemClock.schedule(900, () => response.end(added));
    });

    await expect(watch(api)).resolves.toHaveLength(1);
  });

  test('closes its connection when nobody listens any more', async () => {
    const { api, server } = await play((_request, response) => void response.write(added));

    for await (const event of api.watch(TOYS, { resourceVersion: '5', timeoutSeconds: 300 }, FOREVER)) {
      if (event.type === 'ADDED') break;
    }

    await expect.poll(() => server.openConnections).toBe(0);
  });
});

/** A kubeconfig with one user, cluster and context. */
async function writeKubeconfig(user: string, server = 'https://127.0.0.1:6443', more = ''): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-client-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'config');
  const text = `
apiVersion: v1
kind: Config
current-context: one
clusters:
- name: here
  cluster: { server: '${server}', certificate-authority-data: ${btoa('the CA')}${more} }
users:
- name: me
  user: ${user}
contexts:
- name: one
  context: { cluster: here, user: me, namespace: tools }
`;
  await writeFile(path, text);
  return path;
}

describe('loadKubeConfig', () => {
  test('gives server, namespace, certificates and token of the current context', async () => {
    const certificates = `client-certificate-data: ${btoa('cert')}, client-key-data: ${btoa('key')}`;
    const connection = loadKubeConfig({ path: await writeKubeconfig(`{ token: abc, ${certificates} }`) });

    const credentials = await connection.credentials();

    expect(connection).toMatchObject({ server: 'https://127.0.0.1:6443', namespace: 'tools', proxyUrl: undefined });
    expect(credentials).toEqual({
      headers: { Authorization: 'Bearer abc' },
      tls: { ca: 'the CA', cert: 'cert', key: 'key' },
    });
  });

  test('runs an exec plugin once for all who ask at a time, and again after it was refused', async () => {
    const script = join(await mkdtemp(join(tmpdir(), 'kube-client-')), 'plugin.mjs');
    await writeFile(
      script,
      "console.log(JSON.stringify({ kind: 'ExecCredential', status: { token: 'run-' + process.hrtime.bigint() } }))",
    );
    const exec = `{ apiVersion: client.authentication.k8s.io/v1, command: '${process.execPath}', args: ['${script}'] }`;
    const connection = loadKubeConfig({ path: await writeKubeconfig(`{ exec: ${exec} }`) });

    const first = await Promise.all([connection.credentials(), connection.credentials()]);
    const again = await connection.credentials();
    connection.forgetCredentials();
    const anew = await connection.credentials();

    expect(first[0]).toEqual(first[1]);
    expect(again).toEqual(first[0]);
    expect(anew.headers['Authorization']).toMatch(/^Bearer run-\d+$/);
    expect(anew).not.toEqual(again);
  });

  test('reads a certificate authority again when its file changes', async () => {
    const path = await writeKubeconfig('{ token: abc }');
    const caFile = join(path, '..', 'ca.crt');
    await writeFile(caFile, 'old');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/certificate-authority-data: \S+/, 'certificate-authority: ca.crt'));
    const connection = loadKubeConfig({ path });
    const before = await connection.credentials();

    await writeFile(caFile, 'new');

    expect([before.tls.ca, (await connection.credentials()).tls.ca]).toEqual(['old', 'new']);
  });

  test('says how to name another one where it cannot be read', () => {
    const path = join(tmpdir(), 'no-such-kubeconfig');

    expect(() => loadKubeConfig({ path })).toThrow(/cannot be read: .*no-such-kubeconfig.*; set --kubeconfig/);
  });

  test('takes plain HTTP as it is, because a proxy on this machine speaks no TLS', async () => {
    const connection = loadKubeConfig({ path: await writeKubeconfig('{ token: abc }', 'http://127.0.0.1:8001') });

    expect((await connection.credentials()).headers).toEqual({ Authorization: 'Bearer abc' });
  });

  test.for([
    { name: 'an unknown context', context: 'two', more: '', message: 'names no cluster' },
    { name: 'a SOCKS proxy', context: undefined, more: ', proxy-url: socks5://127.0.0.1:1', message: 'SOCKS' },
  ])('refuses $name in words', async ({ context, more, message }) => {
    const path = await writeKubeconfig('{ token: abc }', 'https://127.0.0.1:6443', more);

    expect(() => loadKubeConfig({ path, context })).toThrow(message);
  });
});
