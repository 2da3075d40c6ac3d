import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface HttpFake {
  readonly url: string;
  readonly heard: Heard[];
  /** What answers from now on; it sees each request before. */
  answer(reply: (heard: Heard) => Reply): void;
  close(): Promise<void>;
}

/** A server on loopback that stands for another's service: `reply` holds requests to that service's documented shape. */
export async function httpFake(reply: (heard: Heard) => Reply): Promise<HttpFake> {
  const heard: Heard[] = [];
  let answering = reply;
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const request = {
        method: req.method!,
        path: req.url!,
        headers: req.headers,
        body: Buffer.concat(parts).toString('utf8'),
      };
      heard.push(request);
      const { status, headers = {}, body } = answering(request);
      res.writeHead(status, { 'content-type': 'application/json', ...headers });
      res.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answer: (next) => void (answering = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
