import { parseArgs } from 'node:util';
import { realClock } from './clock.ts';
import { serveSimulator } from './http.ts';
import { createSimulator } from './simulator.ts';

/** The simulator on its own: `node test/simulator/main.ts --port 4580 --speed 10`. Ends on SIGINT or SIGTERM. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4580' },
    host: { type: 'string', default: '127.0.0.1' },
    speed: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    region: { type: 'string', default: 'eu-central-1' },
    'latency-ms': { type: 'string', default: '0' },
    'read-lag-ms': { type: 'string', default: '0' },
    throttle: { type: 'boolean', default: false },
    shuffle: { type: 'boolean', default: false },
    'spell-out': { type: 'boolean', default: false },
  },
});

const simulator = createSimulator({
  clock: realClock({ speed: numberOf('speed', values.speed) }),
  seed: numberOf('seed', values.seed),
  region: values.region,
  latencyMs: numberOf('latency-ms', values['latency-ms']),
  readLagMs: numberOf('read-lag-ms', values['read-lag-ms']),
  throttle: values.throttle,
  shuffleAnswers: values.shuffle,
  spellOut: values['spell-out'],
});
const served = await serveSimulator(simulator, { port: numberOf('port', values.port), host: values.host });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void served.close());
console.log(`ECS is simulated at ${served.url}`);

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < 0) throw new Error(`--${name} is no number: ${text}`);
  return number;
}
