import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { letPass, type Passage, type Warden } from './kube-proxy.ts';

/** Ways in which a server of HTTP fails those who list and watch. Each is a warden, from which the proxy heals. */

export const resets: Warden = () => Promise.reject(new Error('this connection is to be reset'));

/** Every request is taken and none is answered, for ever. */
export const holds: Warden = async ({ response }) => void (await once(response, 'close'));

export function slows(ms: number): Warden {
  return async (passage) => {
    await sleep(ms);
    await passage.forward();
  };
}

/** Refuses with a Status, and lets everything else about the refusal be said in headers. */
export function refuses(code: number, reason: string, headers: Readonly<Record<string, string>> = {}): Warden {
  return async ({ response }) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(statusOf(code, reason)));
  };
}

/** Watches go to the one, everything else passes. */
export function onWatches(warden: Warden): Warden {
  return (passage) => (isWatch(passage) ? warden(passage) : letPass(passage));
}

/** Begins each watch with this line of ours, and ends the connection in the middle of it where it is cut short. */
export function says(line: string, ending: 'goes silent' | 'is cut short' | 'ends'): Warden {
  return async ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(ending === 'is cut short' ? line.slice(0, line.length / 2) : `${line}\n`);
    if (ending === 'goes silent') await once(response, 'close');
    else if (ending === 'ends') response.end();
    else await sleep(50).then(() => response.socket?.resetAndDestroy());
  };
}

/** Lists are as the API server has them but for their version. */
export function listsOfVersion(resourceVersion: string): Warden {
  return async (passage) => {
    if (isWatch(passage)) return await passage.forward();
    const answer = await passage.fulfil();
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const list = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { metadata: object };
    passage.response.writeHead(200, { 'content-type': 'application/json' });
    passage.response.end(JSON.stringify({ ...list, items: [], metadata: { ...list.metadata, resourceVersion } }));
  };
}

export function errorEvent(code: number, reason: string): string {
  return JSON.stringify({ type: 'ERROR', object: statusOf(code, reason) });
}

export function configMapEvent(type: string, name: string, resourceVersion: string): string {
  return JSON.stringify({ type, object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, resourceVersion } } });
}

function isWatch({ url }: Passage): boolean {
  return url.searchParams.get('watch') === 'true';
}

function statusOf(code: number, reason: string): object {
  return { apiVersion: 'v1', kind: 'Status', status: 'Failure', code, reason, message: reason };
}
