import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { ApiClient } from '../../src/cli/client/api-client.js';
import { followRun } from '../../src/cli/client/follow-run.js';
import { persist } from '../../src/cli/client/persist.js';

let server: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let keys: (string | undefined)[];
beforeEach(async () => {
  keys = [];
  server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key'] as string | undefined);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const clientOf = (address = url) =>
  new ApiClient({ url: address, publicUrl: address, token: 'key' }, { timeoutMs: 200 });
const done = z.object({ done: z.boolean() });

describe('the client of the API', () => {
  it('tells a server that takes too long from one that is not there', async () => {
    answer = () => undefined;
    await expect(clientOf().get('/api/me', done)).rejects.toMatchObject({
      code: 'timeout',
      exitCode: 3,
      message: expect.stringMatching(/has not answered in 0\.2 s/) as string,
    });
    answer = (_, response) => void response.writeHead(200).write('{');
    await expect(clientOf().get('/api/me', done)).rejects.toMatchObject({ code: 'timeout' });
    await expect(clientOf('http://127.0.0.1:1').get('/api/me', done)).rejects.toMatchObject({
      code: 'unreachable',
      exitCode: 3,
    });
  });

  it('holds on to a request that takes long by its key, and takes the answer when it is there', async () => {
    const inFlight = { type: 'x', title: 'x', status: 409, detail: 'wait', code: 'request-in-flight', errors: [] };
    answer = (_, response) => {
      if (keys.length === 2) response.writeHead(409).end(JSON.stringify(inFlight));
      if (keys.length === 3) response.writeHead(201).end('{"done":true}');
    };
    let waited = 0;
    const send = () => clientOf().post('/api/repositories', done, { body: {}, idempotencyKey: 'one' });
    const codes = ['timeout', 'request-in-flight'];
    expect(await persist(send, { codes, patienceMs: 60_000, onWait: () => (waited += 1) })).toEqual({ done: true });
    expect(keys).toEqual(['one', 'one', 'one']);
    expect(waited).toBe(2);
  });

  it('gives every request that changes something a key of its own', async () => {
    answer = (_, response) => response.writeHead(201).end('{"done":true}');
    await clientOf().post('/api/runs', done, { body: {} });
    await clientOf().post('/api/runs/1/cancel', done);
    await clientOf().get('/api/me', done);
    expect(keys).toEqual([
      expect.stringMatching(/^[0-9a-f-]{36}$/),
      expect.stringMatching(/^[0-9a-f-]{36}$/),
      undefined,
    ]);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('ends with a sentence where the server is of another version, also in the middle of a stream', async () => {
    answer = (_, response) => response.writeHead(200).end('{"of":"another version"}');
    await expect(clientOf().get('/api/me', done)).rejects.toMatchObject({ code: 'other-version' });
    answer = (_, response) => response.writeHead(200).end('id: 1\ndata: {"of":"another version"}\n\n');
    const following = followRun(clientOf(), 'run', new AbortController().signal).next();
    await expect(following).rejects.toMatchObject({ code: 'other-version', exitCode: 1 });
  });
});
