import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * A way to a server of this machine that can be cut, by bytes: whatever goes through it stays encrypted. Disposing of it
 * closes the way.
 */
export interface TcpGate extends AsyncDisposable {
  readonly port: number;
  /** Resets all connections. New ones pass. Says how many there were. */
  cut(): number;
  /** From now on nothing passes: connections stay open, new ones too, and are silent. */
  darken(): void;
  /** What was held back goes on its way. */
  lighten(): void;
}

export async function openTcpGate(targetPort: number): Promise<TcpGate> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isDark = false;
  const server = createServer((client) => {
    const target = connect({ host: '127.0.0.1', port: targetPort });
    const pair = [client, target] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroySoon();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    client.on('data', (chunk) => target.write(chunk));
    target.on('data', (chunk) => client.write(chunk));
    if (isDark) pauseBoth(pair);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  function cut(): number {
    const count = pairs.size;
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
    return count;
  }
  return {
    port,
    cut,
    darken() {
      isDark = true;
      pairs.forEach(pauseBoth);
    },
    lighten() {
      isDark = false;
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pauseBoth(pair: readonly [Socket, Socket]): void {
  for (const socket of pair) socket.pause();
}
