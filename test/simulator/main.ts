import { parseArgs } from 'node:util';
import type { CallPath } from './call-path.ts';
import { realClock } from './clock.ts';
import { serveSimulator } from './http.ts';
import { createProxy } from './proxy.ts';
import { createSimulator } from './simulator.ts';

/**
 * The simulator on its own: `node test/simulator/main.ts --port 4580 --speed 10`. With `--proxy URL`, its faults stand
 * before another ECS. Ends on SIGINT or SIGTERM.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4580' },
    host: { type: 'string', default: '127.0.0.1' },
    proxy: { type: 'string' },
    speed: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    region: { type: 'string', default: 'eu-central-1' },
    'container-instances': { type: 'string', default: '0' },
    'latency-ms': { type: 'string', default: '0' },
    'read-lag-ms': { type: 'string', default: '0' },
    throttle: { type: 'boolean', default: false },
    shuffle: { type: 'boolean', default: false },
    'spell-out': { type: 'boolean', default: false },
  },
});

const path = openPath();
const served = await serveSimulator(path, { port: numberOf('port', values.port), host: values.host });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void served.close());
console.log(
  values.proxy === undefined
    ? `ECS is simulated at ${served.url}`
    : `ECS of ${values.proxy} is to be had at ${served.url}`,
);

function openPath(): CallPath {
  const options = {
    clock: realClock({ speed: numberOf('speed', values.speed) }),
    seed: numberOf('seed', values.seed),
    region: values.region,
    latencyMs: numberOf('latency-ms', values['latency-ms']),
    throttle: values.throttle,
    shuffleAnswers: values.shuffle,
    spellOut: values['spell-out'],
  };
  const readLagMs = numberOf('read-lag-ms', values['read-lag-ms']);
  const containerInstances = numberOf('container-instances', values['container-instances']);
  if (values.proxy === undefined) return createSimulator({ ...options, readLagMs, containerInstances });
  if (readLagMs > 0) throw new Error('--read-lag-ms needs a world of its own; a proxy has none');
  if (containerInstances > 0) throw new Error('--container-instances needs a world of its own; a proxy has none');
  return createProxy({ ...options, endpoint: values.proxy });
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < 0) throw new Error(`--${name} is no number: ${text}`);
  return number;
}
