import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates } from 'node:tls';
import type { Registry } from './registries.js';
import { certificatesIn, type NetworkSettings } from './settings.js';

const TIMEOUT_MS = 8_000;
const SYSTEM_CERTIFICATES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];

/**
 * Why a registry cannot be reached from this worker with these settings: name, connection, proxy or certificate, in one
 * sentence that begins with the host; null where it can. Takes seconds, not minutes, whatever the network does.
 */
export async function checkRegistry(registry: Registry, settings: NetworkSettings): Promise<string | null> {
  const url = new URL(registry.url);
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const proxy = proxyFor(url, settings.env);
  let socket: Socket | null = null;
  try {
    const isPlain = url.protocol === 'http:';
    socket = proxy === null ? await direct(host, port) : await throughProxy(proxy, isPlain ? null : { host, port });
    if (!isPlain) await handshake(socket, host, trusted(registry, settings));
    return null;
  } catch (error) {
    const via = proxy === null ? '' : ` by the proxy ${proxy.host}`;
    return `${url.host}: ${tell(error as NodeJS.ErrnoException, registry, via)}`;
  } finally {
    socket?.destroy();
  }
}

/** An error whose sentence is ready. */
class Told extends Error {}

async function direct(host: string, port: number): Promise<Socket> {
  if (isIP(host) === 0) await inTime(lookup(host));
  const socket = connect({ host, port, timeout: TIMEOUT_MS });
  await settled(socket, 'connect');
  return socket;
}

/** To the proxy, and where there is a target, by its CONNECT to that. */
async function throughProxy(proxy: URL, to: { readonly host: string; readonly port: number } | null): Promise<Socket> {
  const ofProxy = (error: unknown): never => {
    throw new Told(`the proxy ${proxy.host} cannot be reached (${codeOf(error)}): check HTTPS_PROXY of the worker`);
  };
  const socket = await direct(proxy.hostname, Number(proxy.port || 80)).catch(ofProxy);
  if (to === null) return socket;
  const { host, port } = to;
  const login = decodeURIComponent(`${proxy.username}:${proxy.password}`);
  const sign = proxy.username === '' ? '' : `Proxy-Authorization: Basic ${Buffer.from(login).toString('base64')}\r\n`;
  const target = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${sign}\r\n`);
  const [answer] = (await settled(socket, 'data')) as [Buffer];
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(answer.toString('latin1'))?.[1] ?? 0);
  if (status === 200) return socket;
  socket.destroy();
  if (status === 407)
    throw new Told(`the proxy ${proxy.host} asks for a sign-in: put user and password into HTTPS_PROXY of the worker`);
  throw new Told(
    `the proxy ${proxy.host} refuses it (status ${status}): let it pass there, or name the host in NO_PROXY`,
  );
}

function handshake(socket: Socket, host: string, ca: readonly string[]): Promise<unknown> {
  const secure = connectTls({
    socket,
    ca: [...ca],
    ...(isIP(host) === 0 && { servername: host }),
    host,
    timeout: TIMEOUT_MS,
  });
  return settled(secure, 'secureConnect');
}

/** The certificates that the tool trusts: Node's own, or the system's, or those of the variable in their place. */
function trusted({ trustVariable }: Registry, { env, files }: NetworkSettings): readonly string[] {
  const of = (name: string): readonly string[] =>
    certificatesIn(files.find(({ target }) => target === env[name])?.content ?? '');
  const npmrc = files.find(({ target }) => target === env['npm_config_userconfig'])?.content ?? '';
  const cafile = /^cafile=(.*)$/m.exec(npmrc)?.[1];
  const ofNpm = certificatesIn(files.find(({ target }) => target === cafile)?.content ?? '');
  if (trustVariable === 'NODE_EXTRA_CA_CERTS')
    return ofNpm.length > 0 ? ofNpm : [...rootCertificates, ...of('NODE_EXTRA_CA_CERTS'), ...of('SSL_CERT_FILE')];
  const named = [trustVariable, 'REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE'].flatMap(of);
  return [...rootCertificates, ...SYSTEM_CERTIFICATES.flatMap(systemCertificates), ...named];
}

function systemCertificates(path: string): readonly string[] {
  try {
    return certificatesIn(readFileSync(path, 'utf8'));
  } catch {
    return [];
  }
}

const UNTRUSTED =
  /^(?:SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|CERT_(?!HAS_EXPIRED|NOT_YET))/;

function tell(error: NodeJS.ErrnoException, { trustVariable }: Registry, via: string): string {
  if (error instanceof Told) return error.message;
  const code = codeOf(error);
  if (UNTRUSTED.test(code))
    return `certificate not trusted (${error.message.split(';')[0]}): set ${trustVariable} for the worker`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'its certificate is for another host';
  if (code.startsWith('CERT_')) return `its certificate is not valid (${error.message})`;
  if (/^(?:ENOTFOUND|EAI_AGAIN|ENODATA)$/.test(code))
    return `the name is not known (${code}): check the DNS of the worker, or set HTTPS_PROXY`;
  if (code === 'ETIMEDOUT')
    return `no answer within ${TIMEOUT_MS / 1000} s${via}: check the network, or set HTTPS_PROXY for the worker`;
  if (code === 'ECONNREFUSED') return `the connection is refused${via}`;
  return `cannot be reached${via} (${code})`;
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message;

/** The proxy for an address, as curl and npm choose it; null: none. */
function proxyFor(url: URL, env: NetworkSettings['env']): URL | null {
  const proxy = url.protocol === 'https:' ? env['HTTPS_PROXY'] : env['HTTP_PROXY'];
  if (proxy === undefined || !URL.canParse(proxy)) return null;
  const exceptions = (env['NO_PROXY'] ?? '')
    .split(',')
    .map((name) => name.trim().replace(/^\*?\./, ''))
    .filter((name) => name !== '');
  const isExcepted = exceptions.some(
    (name) => name === '*' || url.hostname === name || url.hostname.endsWith(`.${name}`),
  );
  return isExcepted ? null : new URL(proxy);
}

/** The arguments of an event of a socket; throws its error, or that it took too long. */
function settled(socket: Socket, event: 'connect' | 'data' | 'secureConnect'): Promise<unknown[]> {
  return inTime(
    new Promise((resolve, reject) => {
      socket.once(event, (...args: unknown[]) => resolve(args));
      socket.once('error', reject);
      socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    }),
  );
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })), TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
