import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a request: an answer of its own, no answer at all, its answer cut off, or undefined: the real one. */
export type Fault = { readonly status: number; readonly body: unknown } | 'drop' | 'cut' | undefined;

/** A way to a real server on which things go wrong. */
export async function faultyProxy(
  target: string,
  faultOf: (method: string, path: string) => Fault,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((incoming, answer) => {
    const fault = faultOf(incoming.method ?? '', incoming.url ?? '');
    if (fault === 'drop') incoming.socket.destroy();
    else if (fault === undefined || fault === 'cut') pass(target, incoming, answer, fault === 'cut');
    else answer.writeHead(fault.status, { 'content-type': 'application/json' }).end(JSON.stringify(fault.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function pass(target: string, incoming: IncomingMessage, answer: ServerResponse, cut: boolean): void {
  const { method, headers, url } = incoming;
  const onward = request(new URL(url ?? '', target), { method, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    if (cut) response.once('data', () => answer.destroy());
    response.pipe(answer);
  });
  answer.once('close', () => onward.destroy());
  onward.on('error', () => answer.destroy());
  incoming.pipe(onward);
}
