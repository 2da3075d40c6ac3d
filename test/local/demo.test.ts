import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { playDemo } from '../../src/local/demo.js';

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const event = (id: number, type: string, briefing: string) =>
  `id: ${id}\ndata: ${JSON.stringify({ type, at: '2026-01-02T03:04:05Z', briefing })}\n\n`;

describe('the demo', () => {
  it('is followed through a database that is away when a person is to be asked', async () => {
    const away = ['/approvals', '/events'];
    const events = [event(1, 'approval.requested', 'asked'), event(2, 'workflow.completed', 'done')];
    answer = ({ url = '', headers, method }, response) => {
      const json = (body: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(body));
      const path = away.find((part) => url.includes(part));
      if (path !== undefined) {
        away.splice(away.indexOf(path), 1);
        return json({ code: 'unavailable' }, 503);
      }
      if (method === 'POST') return json({ number: 1, runs: [] }, 201);
      if (url.includes('/approvals')) return json({ items: [{}] });
      if (url.includes('/events')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        return response.end(events.slice(Number(headers['last-event-id'] ?? 0)).join(''));
      }
      return json({ items: [{ id: 'r', number: 1, status: 'running', workflowId: 'w' }] });
    };
    const said: string[] = [];
    await playDemo({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      demo: { repository: 'textkit', mayaToken: 'token' },
      say: (name, text) => void said.push(`${name}: ${text}`),
      signal: new AbortController().signal,
    });
    expect(away).toEqual([]);
    expect(said.map((line) => line.slice(0, 15))).toEqual([
      'demo: maya open',
      '03:04:05: asked',
      'your turn: appr',
      ': bin/baton app',
      '03:04:05: done',
      'next: bin/baton',
    ]);
  });
});
