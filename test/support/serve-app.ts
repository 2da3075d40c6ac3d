import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../src/api/app.js';
import type { ApiDeps } from '../../src/api/deps.js';

export interface ServedApp {
  readonly url: string;
  serve(deps: ApiDeps): void;
  close(): Promise<void>;
}

/** An address for the API before it is there: a worker is told it when it starts, and the API needs the worker's database. */
export async function listenForApp(): Promise<ServedApp> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (deps) => void server.on('request', createApp(deps)),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
