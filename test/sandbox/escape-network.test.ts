import { createSocket, type Socket } from 'node:dgram';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import {
  all,
  attempt,
  ifRoot,
  makeOpenRoom,
  WHO,
  withCapabilities,
  withoutFilter,
  withoutOption,
} from './escape-fixture.js';
import { node, shell } from './sandbox-fixture.js';

const room = makeOpenRoom();
const ABSTRACT = `\0baton-escape-${process.pid}`;
const external = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address;

let tcp: Server;
let abstract: Server;
let udp: Socket;
const tcpPort = () => (tcp.address() as AddressInfo).port;
beforeAll(async () => {
  const listening = (server: Server, at: object): Promise<Server> =>
    new Promise((resolve) => server.listen(at, () => resolve(server)));
  tcp = await listening(
    createServer((socket) => socket.end('reached\n')),
    { port: 0, host: '::', ipv6Only: false },
  );
  abstract = await listening(
    createServer((socket) => socket.end('reached\n')),
    { path: ABSTRACT },
  );
  udp = createSocket('udp4');
  // As a name server: to every question 192.0.2.1 (RFC 1035).
  udp.on('message', (question, { port, address }) => {
    const end = question.indexOf(0, 12) + 5;
    const answer = Buffer.concat([
      question.subarray(0, 2),
      Buffer.from([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]),
      question.subarray(12, end),
      Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]),
    ]);
    udp.send(answer, port, address);
  });
  await new Promise<void>((resolve) => udp.bind(0, '0.0.0.0', resolve));
});
afterAll(() => {
  tcp.close();
  abstract.close();
  udp.close();
  room.remove();
});

const connecting = (to: object) =>
  node(
    `require('net').connect(${JSON.stringify(to)}).on('error', (error) => console.log(error.code)).pipe(process.stdout)`,
  );
const withNetwork = withoutOption('--unshare-net');

describe.each(WHO)('an agent of a Baton that %s started, without network, reaches', (who) => {
  const tried = async (command: ReturnType<typeof node>) => [
    (await attempt(who, command, room.policy)).stdout.trim(),
    (await attempt(who, command, room.policy, withNetwork)).stdout.trim(),
  ];

  it('no server on loopback', async () => {
    const [closed, open] = await tried(connecting({ port: tcpPort(), host: '127.0.0.1' }));
    expect([closed, open]).toEqual(['ECONNREFUSED', 'reached']);
  });

  it('none on the loopback of IPv6', async () => {
    const [closed, open] = await tried(connecting({ port: tcpPort(), host: '::1' }));
    expect([closed, open]).toEqual(['ECONNREFUSED', 'reached']);
  });

  (external === undefined ? it.skip : it)('no address of the host in its network', async () => {
    const [closed, open] = await tried(connecting({ port: tcpPort(), host: external! }));
    expect([closed, open]).toEqual(['ENETUNREACH', 'reached']);
  });

  it('no abstract socket of the host', async () => {
    const [closed, open] = await tried(connecting({ path: ABSTRACT }));
    expect([closed, open]).toEqual(['ECONNREFUSED', 'reached']);
  });

  it('no abstract socket of another sandbox', async () => {
    const name = `\0baton-neighbour-${process.pid}`;
    const ready = new AbortController();
    const listens = node(
      `require('net').createServer((socket) => socket.end('reached\\n')).listen({ path: ${JSON.stringify(name)} }, () => console.log('up'))`,
    );
    const reached: string[] = [];
    for (const without of [undefined, withNetwork]) {
      const other = makeOpenRoom();
      let trying: Promise<unknown> | undefined;
      await attempt(
        who,
        {
          ...listens,
          signal: AbortSignal.any([ready.signal, AbortSignal.timeout(15_000)]),
          onOutput: () => {
            trying ??= attempt(who, connecting({ path: name }), room.policy, without).then(({ stdout }) => {
              reached.push(stdout.trim());
              // The listener has said what there is to say.
              if (without) ready.abort();
            });
          },
          timeoutMs: without ? 15_000 : 3_000,
        },
        other.policy,
        without,
      );
      await trying;
      other.remove();
    }
    expect(reached).toEqual(['ECONNREFUSED', 'reached']);
  });

  it('no name server', async () => {
    const port = udp.address().port;
    const asks = node(`
      const { Resolver } = require('dns');
      const resolver = new Resolver({ timeout: 1000, tries: 1 });
      resolver.setServers(['127.0.0.1:${port}']);
      resolver.resolve4('secret.example.com', (error, found) => console.log(error ? 'failed' : found[0]));`);
    expect(await tried(asks)).toEqual(['failed', '192.0.2.1']);
  });

  it('nothing by datagrams', async () => {
    const sends = node(`
      const socket = require('dgram').createSocket('udp4');
      const end = (what) => { console.log(what); process.exit(0); };
      socket.on('message', () => end('answered')).on('error', () => end('failed'));
      setTimeout(() => end('silence'), 1500);
      socket.send(Buffer.alloc(20), ${udp.address().port}, '127.0.0.1', (error) => error && end('failed'));`);
    const [closed, open] = await tried(sends);
    expect(closed).not.toBe('answered');
    expect(open).toBe('answered');
  });

  it('no interface but a loopback of its own', async () => {
    const [closed, open] = await tried(shell('cat /proc/net/dev | tail -n +3 | cut -d: -f1'));
    expect(closed).toBe('lo');
    if (external !== undefined) expect(open!.split('\n').length).toBeGreaterThan(1);
  });

  it('no resolver or hosts of the host', async () => {
    const command = shell('cat /etc/resolv.conf /etc/hosts 2>/dev/null');
    const loopback = '127.0.0.1\tlocalhost\n::1\tlocalhost\n';
    expect((await attempt(who, command, room.policy)).stdout).toBe(loopback);
    const { stdout } = await attempt(who, command, { ...room.policy, network: 'host' });
    expect(stdout.length).toBeGreaterThan(loopback.length);
  });

  it('the name of the loopback', async () => {
    const lookup = shell('getent ahosts localhost');
    expect((await attempt(who, lookup, room.policy)).stdout).toMatch(/^(127\.0\.0\.1|::1) /);
  });

  // AF_ALG, where an ordinary user has a door into the kernel's ciphers; as AF_VSOCK, which leads to the host of a virtual machine.
  it.each([
    ['ciphers of the kernel', 38],
    ['the host of a virtual machine', 40],
  ])('no socket of another kind: %s', async (_what, family) => {
    const command = shell(`perl -e 'socket(my $s, ${family}, ${family === 38 ? 5 : 1}, 0) or die $!; print "made"'`);
    const closed = await attempt(who, command, room.policy);
    expect(closed.tail).toContain('not supported by protocol');
    const open = await attempt(who, command, room.policy, withoutFilter);
    // A kernel without them refuses as the filter does.
    expect(['made', '']).toContain(open.stdout);
  });
});

describe('with all capabilities an agent could', () => {
  it.each(WHO)('listen to the wire; one of %s cannot', async (who) => {
    const command = shell(`perl -e 'use Socket; socket(my $s, AF_INET, SOCK_RAW, 1) or die $!; print "made"'`);
    expect((await attempt(who, command, room.policy)).stdout).toBe('');
  });

  ifRoot('and so it does without the drop of them', async () => {
    const raw = shell(`perl -e 'use Socket; socket(my $s, AF_INET, SOCK_RAW, 1) or die $!; print "made"'`);
    expect((await attempt('root', raw, room.policy, withCapabilities)).stdout).toBe('made');
    const packets = shell(`perl -e 'socket(my $s, 17, 3, 0) or die $!; print "made"'`);
    expect((await attempt('root', packets, room.policy)).stdout).toBe('');
    expect((await attempt('root', packets, room.policy, all(withCapabilities, withoutFilter))).stdout).toBe('made');
  });
});
