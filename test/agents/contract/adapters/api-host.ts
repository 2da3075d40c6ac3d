import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What it answers by path; null: nothing. */
const ANSWERS: Readonly<Record<string, ((body: string, response: ServerResponse) => void) | null>> = {
  '/double/21': (body, response) =>
    void response.end(JSON.stringify({ doubled: 2 * (JSON.parse(body) as { number: number }).number })),
  '/away': (_, response) => void response.writeHead(302, { location: '/double/21' }).end(),
  '/garbage': (_, response) => void response.end('<html>'),
  '/list': (_, response) => void response.end('[]'),
  '/large': (_, response) => void response.end(JSON.stringify('x'.repeat(2 ** 21))),
  '/broken': (_, response) => void response.writeHead(500).end('oops'),
  '/gone': (_, response) => void response.destroy(),
  '/slow': null,
};

/** A host as the entry of an api agent declares it: it answers only what is asked as documented, with its secret. */
export class ApiHost {
  readonly secret = 'a-secret-of-the-host';
  /** Method, path and idempotency key of each call. */
  calls: string[] = [];
  readonly #server = createServer((request, response) => {
    void text(request).then((body) => {
      this.calls.push(`${request.method!} ${request.url!} ${String(request.headers['x-key'])}`);
      const { authorization, 'content-type': type } = request.headers;
      response.setHeader('content-type', 'application/json');
      if (request.method !== 'POST' || authorization !== `Bearer ${this.secret}` || type !== 'application/json')
        return void response.writeHead(400).end('not as documented');
      const answer = ANSWERS[request.url!];
      if (answer === undefined) return void response.writeHead(404).end('no such thing');
      answer?.(body, response);
    });
  });

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
}
