import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As much of an operator as the harness of its process can see, for the test of that harness. */
const startedAt = performance.now();
const {
  READY_AFTER_MS = '0',
  CRASH = '',
  METRICS = 'toy_up 1\n',
  ECS_OPERATOR_HEALTH_PORT,
  ECS_OPERATOR_METRICS_PORT,
} = process.env;

if (CRASH !== '') throw new Error(CRASH);

const health = createServer((_request, response) => {
  response.writeHead(performance.now() - startedAt >= Number(READY_AFTER_MS) ? 200 : 503).end();
}).listen(Number(ECS_OPERATOR_HEALTH_PORT), '127.0.0.1');
const metrics = createServer(answerMetrics).listen(Number(ECS_OPERATOR_METRICS_PORT), '127.0.0.1', () => {
  console.log(JSON.stringify({ msg: 'environment', environment: process.env }));
  console.log(JSON.stringify({ msg: 'listening', healthPort: portOf(health), metricsPort: portOf(metrics) }));
});

process.once('SIGTERM', () => {
  console.log(JSON.stringify({ msg: 'stopped' }));
  health.close();
  metrics.close();
  health.closeAllConnections();
  metrics.closeAllConnections();
});

function answerMetrics(...[, response]: Parameters<RequestListener>): void {
  response.end(METRICS);
}

function portOf(server: { address(): string | AddressInfo | null }): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
