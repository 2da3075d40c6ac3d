import type { AllowedHost } from '../policy.js';

/** Where a program wants to connect to. */
export interface Destination {
  /** A name or an address; of IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Whether a list allows a destination: by its very name, or by `*.` in front of the name's end. */
export function isAllowed(allow: readonly AllowedHost[], { host, port }: Destination): boolean {
  const wanted = canonical(host);
  return allow.map(readHost).some((entry) => {
    if (entry.port !== port) return false;
    const name = canonical(entry.host);
    return name.startsWith('*.') ? wanted.endsWith(name.slice(1)) : wanted === name;
  });
}

/** `host:port` in its parts; null where it is none. */
export function parseDestination(text: string): Destination | null {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? { host: (bracketed ?? plain)!, port } : null;
}

/** Ports of the worker's own loopback that a list allows. */
export const loopbackPorts = (allow: readonly AllowedHost[]): readonly number[] =>
  allow
    .map(readHost)
    .filter(({ host }) => canonical(host) === '127.0.0.1')
    .map(({ port }) => port);

const readHost = (entry: AllowedHost): Destination => {
  const at = entry.lastIndexOf(':');
  return { host: entry.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(entry.slice(at + 1)) };
};

// Names have no case, and a dot at the end says only that nothing follows.
function canonical(host: string): string {
  const name = host.toLowerCase().replace(/\.$/, '');
  return name === 'localhost' ? '127.0.0.1' : name;
}
