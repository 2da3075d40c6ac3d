import { lookup } from 'node:dns';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { chmod } from 'node:fs/promises';
import { once } from 'node:events';
import { pipeline } from 'node:stream';
import type { AllowedHost, Door } from '../policy.js';
import { isAllowed, parseDestination, type Destination } from './allowed-host.js';
import { wholeBody } from './whole-body.js';

export interface ProxyOptions {
  readonly socketPath: string;
  readonly allow: readonly AllowedHost[];
  readonly doors?: Readonly<Record<string, Door>>;
  readonly onConnection: (to: string) => void;
  readonly onRefusal: (what: string) => void;
}

export interface Proxy {
  close(): void;
}

/** Of one sandbox, at once. */
const MAX_CONNECTIONS = 256;

/**
 * The only way out of a sandbox whose network is a list of hosts: an HTTP proxy (RFC 9110, CONNECT and absolute-form)
 * on a Unix socket. It resolves names itself, so that the sandbox needs no DNS, and lets through what the list names.
 */
export async function startProxy({
  socketPath,
  allow,
  doors = {},
  onConnection,
  onRefusal,
}: ProxyOptions): Promise<Proxy> {
  const open = new Set<Socket>();
  const refuse = (what: string): string => {
    const reason = `${what} is not on the list of allowed hosts`;
    onRefusal(reason);
    return `Baton: ${reason}\n`;
  };
  const isRefused = (destination: Destination | null): boolean => !destination || !isAllowed(allow, destination);

  const keep = (socket: Socket): void => {
    open.add(socket);
    // A broken connection ends as a closed one does.
    socket.on('error', () => socket.destroy()).once('close', () => open.delete(socket));
  };

  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const found = findDoor(doors, request.url!);
    if (found) {
      forward(request, response, new URL(found.url), found.door);
      return;
    }
    const url = URL.canParse(request.url!) ? new URL(request.url!) : null;
    const destination = url?.protocol === 'http:' ? destinationOf(url) : null;
    const what = `${request.method!} ${url?.origin ?? request.url!}`;
    if (isRefused(destination)) {
      response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(refuse(what));
      return;
    }
    onConnection(`${destination!.host}:${destination!.port}`);
    forward(request, response, url!);
  });
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    const destination = parseDestination(request.url!);
    if (isRefused(destination)) {
      const body = refuse(`CONNECT ${request.url!}`);
      client.end(`HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${body}`);
      return;
    }
    onConnection(request.url!);
    const upstream = connect({ ...destination!, lookup: guardedLookup, allowHalfOpen: true });
    keep(upstream);
    const fail = ({ message }: Error): unknown => client.end(`HTTP/1.1 502 Bad Gateway\r\n\r\nBaton: ${message}\n`);
    upstream.once('error', fail);
    upstream.once('connect', () => {
      upstream.off('error', fail);
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      client.pipe(upstream).pipe(client);
      client.once('close', () => upstream.destroy());
      upstream.once('close', () => client.destroy());
    });
  });
  server.on('connection', keep);
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(socketPath);
  await once(server, 'listening');
  // The agent is another user; nobody else comes by the folder that the socket lies in.
  await chmod(socketPath, 0o666);
  return {
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** The door that a request asks for, and the address behind it. */
function findDoor(
  doors: Readonly<Record<string, Door>>,
  asked: string,
): { readonly door: Door; readonly url: string } | null {
  const [, path = '', query = ''] = /^([^?]*)(\?.*)?$/s.exec(asked) ?? [];
  for (const [at, door] of Object.entries(doors)) {
    if (!door.paths && asked === at) return { door, url: door.url };
    const rest = path.slice(at.length);
    if (door.paths?.includes(rest) && path === `${at}${rest}`) return { door, url: `${door.url}${rest}${query}` };
  }
  return null;
}

const destinationOf = ({ hostname, port }: URL): Destination => ({
  host: hostname.replace(/^\[(.*)\]$/, '$1'),
  port: port === '' ? 80 : Number(port),
});

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { headers: added, onAsked, onAnswered }: Partial<Omit<Door, 'url'>> = {},
): void {
  const { 'proxy-authorization': _secret, 'proxy-connection': _hop, ...headers } = request.headers;
  if (onAsked) {
    if (headers['content-encoding'] !== undefined) {
      response
        .writeHead(415, { 'content-type': 'text/plain', connection: 'close' })
        .end('Baton: ask it as plain text\n');
      return;
    }
    delete headers['content-length'];
  }
  const fail = (message: string): void => {
    if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' });
    response.end(`Baton: ${message}\n`);
  };
  const ask = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const upstream = ask(url, {
    method: request.method,
    headers: { ...headers, ...added, host: url.host },
    lookup: guardedLookup,
    agent: false,
  });
  upstream.once('response', (answer) => {
    try {
      response.writeHead(answer.statusCode!, answer.rawHeaders);
      pipeline(answer, response, () => {
        upstream.destroy();
        onAnswered?.();
      });
    } catch (error) {
      // An answer that Node takes and would not send, or a client that has gone.
      upstream.destroy();
      fail((error as Error).message);
    }
  });
  upstream.once('error', ({ message }) => fail(message));
  if (onAsked) pipeline(request, wholeBody(onAsked), upstream, () => undefined);
  else pipeline(request, upstream, () => undefined);
}

/** What a name of the outside may not stand for: whoever owns the name could have it lead to the worker's own servers. */
const OWN = new BlockList();
OWN.addSubnet('0.0.0.0', 8);
OWN.addSubnet('127.0.0.0', 8);
OWN.addSubnet('169.254.0.0', 16);
OWN.addAddress('::', 'ipv6');
OWN.addAddress('::1', 'ipv6');
OWN.addSubnet('fe80::', 10, 'ipv6');

const isOwn = (address: string): boolean => OWN.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) {
      callback(error, '', 0);
      return;
    }
    const isLocalhost = hostname.toLowerCase().replace(/\.$/, '') === 'localhost';
    const outside = isLocalhost ? addresses : addresses.filter(({ address }) => !isOwn(address));
    const [first] = outside;
    if (!first) callback(new Error(`${hostname} stands for an address of the worker itself`), '', 0);
    else if (options.all) callback(null, outside);
    else callback(null, first.address, first.family);
  });
};
