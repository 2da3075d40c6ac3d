import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LODASH } from './npm-registry.js';

export interface TlsRegistry {
  readonly url: string;
  /** PEM of the authority that signed its certificate. */
  readonly authority: string;
  /** Who asked, by their `Authorization`. */
  readonly askedAs: (string | undefined)[];
  close(): Promise<void>;
}

/** An npm registry on loopback whose certificate is of an authority of its own, and that tells only who has the token. */
export async function startTlsRegistry(token: string): Promise<TlsRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-tls-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Baton test authority',
  );
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=127.0.0.1');
  writeFileSync(join(folder, 'san'), 'subjectAltName=DNS:localhost');
  const sign = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'san'];
  openssl('x509', '-req', '-in', 'server.csr', ...sign, '-out', 'server.pem');
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const authority = read('ca.pem');
  const askedAs: (string | undefined)[] = [];
  const options = { key: read('server.key'), cert: `${read('server.pem')}${authority}` };
  const server = createServer(options, (request, response) => {
    askedAs.push(request.headers.authorization);
    const isKnown = request.headers.authorization === `Bearer ${token}`;
    const name = decodeURIComponent(request.url!.slice(1));
    const versions = {
      '1.2.3': { name, version: '1.2.3', dist: { tarball: 'https://127.0.0.1/x.tgz' } },
    };
    if (isKnown && request.method === 'POST' && request.url === '/-/npm/v1/security/advisories/bulk') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ lodash: [LODASH] }));
      return;
    }
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isKnown ? { name, 'dist-tags': { latest: '1.2.3' }, versions } : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  rmSync(folder, { recursive: true });
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    authority,
    askedAs,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A proxy on loopback that lets through by CONNECT who signs in. */
export async function startProxy(login: string) {
  const connects: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createHttpServer();
  server.on('connect', (request, client) => {
    const expected = `Basic ${Buffer.from(login).toString('base64')}`;
    client.on('error', () => undefined);
    sockets.add(client);
    if (request.headers['proxy-authorization'] !== expected) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    connects.push(request.url!);
    const [host, port] = request.url!.split(':');
    const onward = connect(Number(port), host, () => {
      sockets.add(onward);
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.pipe(client);
      client.pipe(onward);
    });
    onward.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connects,
    close: () => {
      // Those that went through are no connections of the server any more.
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
