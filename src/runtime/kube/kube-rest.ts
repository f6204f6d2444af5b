import { isPlainObject } from '../../lib/stable-json.ts';
import { JsonLinesError, parseJsonLines } from './json-lines.ts';
import { type KubeApi, KubeError, type KubeObject, type KubeResource, type KubeWatchEvent } from './kube-api.ts';
import { isObjectMissing, parseStatus } from './kube-refusal.ts';
import type { KubeTransport } from './kube-transport.ts';

/** How long after its planned end a watch may be silent before the transport gives it up. */
const WATCH_MARGIN_MS = 60_000;
const EVENT_TYPES = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'] as const;

/** `KubeApi` in terms of the API server's paths. Writes go under the field manager's name. */
export function createRestApi(transport: KubeTransport, fieldManager: string): KubeApi {
  return {
    async list(resource, { namespace, labelSelector, limit, continue: token }, signal) {
      const query = { labelSelector, limit: limit?.toString(), continue: token };
      const answer = await transport.json({ method: 'GET', path: pathOf(resource, namespace), query }, signal);
      return parseList(answer, apiVersionOf(resource));
    },
    async *watch(resource, { namespace, labelSelector, resourceVersion, timeoutSeconds }, signal) {
      const query = {
        watch: 'true',
        allowWatchBookmarks: 'true',
        labelSelector,
        resourceVersion,
        timeoutSeconds: String(timeoutSeconds),
      };
      const request = { method: 'GET', path: pathOf(resource, namespace), query } as const;
      const silenceMs = timeoutSeconds * 1_000 + WATCH_MARGIN_MS;
      try {
        for await (const line of parseJsonLines(transport.stream(request, silenceMs, signal))) yield parseEvent(line);
      } catch (error) {
        throw error instanceof JsonLinesError ? malformed(error.message, error) : error;
      }
    },
    async get(resource, key, signal) {
      const path = pathOf(resource, key.namespace, key.name);
      try {
        return parseObject(await transport.json({ method: 'GET', path, query: {} }, signal));
      } catch (error) {
        if (isObjectMissing(error, key.name)) return undefined;
        throw error;
      }
    },
    async create(resource, object, signal) {
      const path = pathOf(resource, object.metadata.namespace);
      const request = { method: 'POST', path, query: { fieldManager }, body: object } as const;
      return parseObject(await transport.json(request, signal));
    },
    async replace(resource, object, signal) {
      const path = pathOf(resource, object.metadata.namespace, object.metadata.name);
      const request = { method: 'PUT', path, query: { fieldManager }, body: object } as const;
      return parseObject(await transport.json(request, signal));
    },
    async patch(resource, key, { subresource, body }, signal) {
      const path = pathOf(resource, key.namespace, key.name, subresource);
      const contentType = 'application/merge-patch+json';
      const request = { method: 'PATCH', path, query: { fieldManager }, body, contentType } as const;
      return parseObject(await transport.json(request, signal));
    },
  };
}

function pathOf(resource: KubeResource, namespace: string | undefined, ...rest: (string | undefined)[]): string {
  const root = resource.group === '' ? 'api' : 'apis';
  const scope = namespace === undefined ? [] : ['namespaces', namespace];
  const parts = [root, ...apiVersionOf(resource).split('/'), ...scope, resource.plural, ...rest];
  return parts.flatMap((part) => (part === undefined ? [] : [`/${encodeURIComponent(part)}`])).join('');
}

function apiVersionOf({ group, version }: KubeResource): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The items of a list do not say their own apiVersion and kind; they get those of the list. */
function parseList(answer: unknown, apiVersion: string): ReturnType<typeof listOf> {
  if (!isPlainObject(answer) || !Array.isArray(answer['items']) || !isPlainObject(answer['metadata'])) {
    throw malformed('the answer is no list');
  }
  const { resourceVersion, continue: token } = answer['metadata'];
  if (typeof resourceVersion !== 'string') throw malformed('the list has no version');
  const kind = typeof answer['kind'] === 'string' ? answer['kind'].replace(/List$/, '') : undefined;
  const items: readonly unknown[] = answer['items'];
  return listOf(
    items.map((item) => ({ apiVersion, ...(kind === undefined ? {} : { kind }), ...parseObject(item) })),
    resourceVersion,
    typeof token === 'string' && token !== '' ? token : undefined,
  );
}

function listOf(items: readonly KubeObject[], resourceVersion: string, token: string | undefined) {
  return token === undefined ? { items, resourceVersion } : { items, resourceVersion, continue: token };
}

function parseEvent(line: unknown): KubeWatchEvent {
  if (!isPlainObject(line)) throw malformed('a watch event is no object');
  if (line['type'] === 'ERROR') {
    const fallback = { code: 0, reason: 'Unknown', message: 'the watch ended with an error' };
    return { type: 'ERROR', status: parseStatus(line['object'], fallback) };
  }
  const type = EVENT_TYPES.find((known) => known === line['type']);
  if (type === undefined) throw malformed('a watch event is of no known type');
  return { type, object: parseObject(line['object']) };
}

function parseObject(value: unknown): KubeObject {
  if (!isKubeObject(value)) throw malformed('the answer is no object');
  return value;
}

/** The name of a bookmark is left out. */
function isKubeObject(value: unknown): value is KubeObject {
  return isPlainObject(value) && isPlainObject(value['metadata']);
}

function malformed(message: string, cause?: unknown): KubeError {
  return new KubeError({ code: 0, reason: 'Malformed', message }, { cause });
}
