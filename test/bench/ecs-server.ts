/**
 * The simulated ECS as a process of its own, so that it takes no time from whoever measures. Its first line says where it
 * answers; the ledger answers with all calls since `?from=`.
 */
import { createServer } from 'node:http';
import { realClock } from '../simulator/clock.ts';
import { serveSimulator } from '../simulator/http.ts';
import type { RecordedCall } from '../simulator/recording.ts';
import { createSimulator } from '../simulator/simulator.ts';
import { ECS_SETTING } from './ecs-setting.ts';

const simulator = createSimulator({ clock: realClock(), ...ECS_SETTING });
const served = await serveSimulator(simulator, { port: 0 });
const ledger = createServer((request, response) => {
  const from = Number(new URL(request.url ?? '/', 'http://ledger').searchParams.get('from') ?? 0);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(simulator.calls.slice(from).map(entryOf)));
});
ledger.listen(0, '127.0.0.1', () => {
  const address = ledger.address();
  if (address === null || typeof address === 'string') throw new Error('the ledger has no port');
  console.log(JSON.stringify({ url: served.url, ledgerUrl: `http://127.0.0.1:${address.port}/` }));
});

/** The input is left out: an answer may hold thousands of calls. */
function entryOf({ at, action, outcome, effect, input }: RecordedCall) {
  const names = [input['services'], input['clusters']].find(Array.isArray);
  const about = input['service'] ?? input['serviceName'] ?? input['family'] ?? '';
  return { at, action, outcome, effect, names: names?.length ?? 1, about };
}
