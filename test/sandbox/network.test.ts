import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execute } from '../../src/sandbox/execute.js';
import { isAllowed, parseDestination } from '../../src/sandbox/network/allowed-host.js';
import type { AllowedHost } from '../../src/sandbox/policy.js';
import { makeRoom, node, shell } from './sandbox-fixture.js';

const room = makeRoom();
const large = randomBytes(8 * 1024 * 1024);
const digest = createHash('sha256').update(large).digest('hex');
let allowed: Server;
let other: Server;
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const serve = (): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      if (request.url === '/large') response.end(large);
      else request.pipe(response.writeHead(200, { 'x-host': request.headers.host! }));
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });

beforeAll(async () => {
  [allowed, other] = await Promise.all([serve(), serve()]);
});
afterAll(() => {
  for (const server of [allowed, other]) {
    server.closeAllConnections();
    server.close();
  }
  room.remove();
});

/** Runs a script with that list of hosts; what it printed, and what the proxy said. */
async function reach(script: string, allow: readonly string[] = [`127.0.0.1:${portOf(allowed)}`]) {
  const connections: string[] = [];
  const refusals: string[] = [];
  const result = await execute(
    node(`(async () => { ${script} })().catch((error) => console.log(error.cause?.code ?? error.message))`, {
      onConnection: (to) => connections.push(to),
      onRefusal: ({ kind, what }) => refusals.push(`${kind}: ${what}`),
    }),
    { ...room.policy, network: { allow: allow as AllowedHost[] } },
  );
  return { said: result.stdout.trim(), exitCode: result.exitCode, connections, refusals };
}

describe('a door of the proxy', () => {
  const ask = async (script: string) => {
    const url = `http://127.0.0.1:${portOf(allowed)}/`;
    const door = { url, headers: {}, onAsked: (body: string) => body.replaceAll('a secret', '[redacted]') };
    const { stdout } = await execute(node(`(async () => { ${script} })()`), {
      ...room.policy,
      network: { allow: [], doors: { '/door': door } },
    });
    return stdout.trim();
  };

  it('hands on what is made of what is asked, however it comes', async () => {
    const said = await ask(`
      const { request } = require('node:http');
      const asking = request('http://127.0.0.1:3128/door', { method: 'POST' }, (answer) => answer.pipe(process.stdout));
      asking.write('it is a se');
      setTimeout(() => asking.end('cret, no?'), 50);`);
    expect(said).toBe('it is [redacted], no?');
  });

  it('takes nothing that it cannot read', async () => {
    const said = await ask(`
      const headers = { 'content-encoding': 'gzip' };
      const answer = await fetch('http://127.0.0.1:3128/door', { method: 'POST', headers, body: 'x' });
      console.log(answer.status);`);
    expect(said).toBe('415');
  });
});

/** Asks the proxy itself, in the words of a client. */
const byProxy = (words: string): string => `
  const socket = require('node:net').connect(3128, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk)).on('close', () => console.log(answer.split('\\r\\n')[0]));
  socket.write(${JSON.stringify(words)});`;

describe('a list of allowed hosts', () => {
  it('lets a program reach a port of the worker’s loopback where it was', async () => {
    const at = `127.0.0.1:${portOf(allowed)}`;
    const { said, connections, refusals } = await reach(
      `console.log(await (await fetch('http://${at}/', { method: 'POST', body: 'hello' })).text())`,
    );
    expect([said, connections, refusals]).toEqual(['hello', [at], []]);
  });

  it('says in a sentence which port no program inside can have', async () => {
    for (const port of [80, 3128]) {
      const { tail, exitCode } = await execute(node(`console.log('runs')`), {
        ...room.policy,
        network: { allow: [`127.0.0.1:${port}`] },
      });
      expect({ tail, exitCode }).toEqual({
        tail: expect.stringMatching(
          `^Baton: port ${port} of loopback cannot be had here: listen E[A-Z]+[^\n]*\n$`,
        ) as string,
        exitCode: 126,
      });
    }
  });

  it('carries what is large whole', async () => {
    const { said } = await reach(`
      const bytes = Buffer.from(await (await fetch('http://127.0.0.1:${portOf(allowed)}/large')).arrayBuffer());
      console.log(require('node:crypto').createHash('sha256').update(bytes).digest('hex'))`);
    expect(said).toBe(digest);
  });

  it('leaves the output of the command as it is: a write waits until there is room', async () => {
    const NO_WAIT = 0o4000;
    const script = `
      node -e "fetch('http://127.0.0.1:${portOf(allowed)}/').then((answer) => answer.text())" >/dev/null 2>&1
      for fd in 1 2; do sed -n 's/^flags://p' "/proc/$$/fdinfo/$fd"; done`;
    const network = { allow: [`127.0.0.1:${portOf(allowed)}` as AllowedHost] };
    const { stdout } = await execute(shell(script), { ...room.policy, network });
    const flags = stdout.trim().split(/\s+/);
    expect(flags.map((octal) => Number.parseInt(octal, 8) & NO_WAIT)).toEqual([0, 0]);
  });

  it('leaves every other port and address unreachable', async () => {
    const { said, connections } = await reach(`
      const net = require('node:net');
      const tries = [[${portOf(other)}, '127.0.0.1'], [${portOf(other)}, '::1'], [53, '8.8.8.8'], [80, '169.254.169.254']];
      for (const [port, host] of tries)
        await new Promise((done) => net.connect({ port, host, timeout: 3000 })
          .on('connect', () => { console.log('reached', host); done(); })
          .on('error', ({ code }) => { console.log(code); done(); }));`);
    expect(said.split('\n')).toEqual(['ECONNREFUSED', expect.any(String), 'ENETUNREACH', 'ENETUNREACH']);
    expect(said).not.toContain('reached');
    expect(connections).toEqual([]);
  });

  it('has no DNS inside', async () => {
    const { said } = await reach(`await require('node:dns').promises.lookup('example.com')`);
    expect(said).toMatch(/EAI_AGAIN|ENOTFOUND/);
  });

  it.each([
    ['another port', () => `CONNECT 127.0.0.1:${portOf(other)}`],
    ['another host', () => 'CONNECT example.com:443'],
    ['no port', () => 'CONNECT example.com'],
    ['an address in other words', () => `CONNECT 2130706433:${portOf(allowed)}`],
    ['a plain request elsewhere', () => `GET http://127.0.0.1:${portOf(other)}/`],
    ['no HTTP', () => 'GET ftp://127.0.0.1/file'],
  ])('refuses by the proxy %s, and says so', async (_what, asked) => {
    const { said, connections, refusals } = await reach(byProxy(`${asked()} HTTP/1.1\r\nHost: x\r\n\r\n`));
    expect([said, connections]).toEqual(['HTTP/1.1 403 Forbidden', []]);
    expect(refusals).toEqual([expect.stringMatching(/^network: \w+ .* is not on the list of allowed hosts$/)]);
  });

  it('lets plain requests through to what it names, in absolute form', async () => {
    const at = `127.0.0.1:${portOf(allowed)}`;
    const { said, connections } = await reach(
      byProxy(`GET http://${at}/ HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n\r\n`),
    );
    expect([said, connections]).toEqual(['HTTP/1.1 200 OK', [at]]);
  });

  it('does not let a name stand for the worker itself', async () => {
    const port = portOf(allowed);
    const { said } = await reach(byProxy(`CONNECT 127.1:${port} HTTP/1.1\r\nHost: x\r\n\r\n`), [`127.1:${port}`]);
    expect(said).toBe('HTTP/1.1 502 Bad Gateway');
  });

  it('gives the command’s own exit code, and ends with it', async () => {
    const policy = { ...room.policy, network: { allow: ['example.com:443'] as AllowedHost[] } };
    expect((await execute(shell('exit 7'), policy)).exitCode).toBe(7);
    expect((await execute(shell('kill -9 $$'), policy)).exitCode).toBe(137);
    expect((await execute({ argv: ['no-such-program'], timeoutMs: 20_000 }, policy)).exitCode).toBe(127);
    expect((await execute(shell('sleep 600', { timeoutMs: 500 }), policy)).outcome).toBe('timed-out');
  });

  it('lets a command say how it ends when it is cancelled', async () => {
    const stopped = new AbortController();
    const { outcome, stdout } = await execute(
      shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done", {
        signal: stopped.signal,
        onOutput: () => stopped.abort(),
      }),
      { ...room.policy, network: { allow: ['example.com:443'] } },
    );
    expect([outcome, stdout]).toEqual(['cancelled', 'ready\nbye\n']);
  });
});

describe('an allowed host', () => {
  const names = (...allow: string[]) => allow as AllowedHost[];
  it.each([
    ['api.example.com:443', 'api.example.com:443', true],
    ['api.example.com:443', 'API.Example.COM.:443', true],
    ['api.example.com:443', 'api.example.com:80', false],
    ['api.example.com:443', 'example.com:443', false],
    ['api.example.com:443', 'api.example.com.evil.net:443', false],
    ['*.example.com:443', 'a.b.example.com:443', true],
    ['*.example.com:443', 'example.com:443', false],
    ['*.example.com:443', 'evilexample.com:443', false],
    ['localhost:80', '127.0.0.1:80', true],
    ['[::1]:80', '[::1]:80', true],
    ['127.0.0.1:80', '127.1:80', false],
  ])('%s for %s: %s', (entry, asked, is) => {
    expect(isAllowed(names(entry), parseDestination(asked)!)).toBe(is);
  });

  it.each(['example.com', 'example.com:0', 'example.com:70000', 'a:b:1', ':443'])('is not %s', (text) => {
    expect(parseDestination(text)).toBeNull();
  });
});
