import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { z } from 'zod';
import { BatonError } from '../domain/errors.js';
import { readJsonFile, writeJsonFile } from './json-file.js';

/** Linux gives outgoing connections 32768 and up, macOS and the standard 49152 and up. */
const OWN_RANGE = [20_000, 32_000] as const;
const MAX_TRIES = 100;

const portsSchema = z.record(z.string(), z.number().int().min(1).max(65_535));

/**
 * A port for each name: the one it had before where that is free, so that clients and bookmarks of an earlier start
 * still fit, else any free one, remembered in `portsFile`.
 */
export async function rememberedPorts<Name extends string>(
  portsFile: string,
  names: readonly Name[],
): Promise<Readonly<Record<Name, number>>> {
  const remembered = readJsonFile(portsFile, portsSchema) ?? {};
  const chosen: Record<string, number> = {};
  for (const name of names) {
    const before = remembered[name];
    const usable = before !== undefined && !Object.values(chosen).includes(before);
    chosen[name] = usable && (await isFree('127.0.0.1', before)) ? before : await freePortBut(Object.values(chosen));
  }
  writeJsonFile(portsFile, { ...remembered, ...chosen });
  return chosen as Record<Name, number>;
}

async function freePortBut(taken: readonly number[]): Promise<number> {
  const port = await freePort();
  return taken.includes(port) ? freePortBut(taken) : port;
}

/** @throws BatonError `port-taken` where another program listens on it. */
export async function requireFreePort(host: string, port: number): Promise<void> {
  if (await isFree(host, port)) return;
  throw new BatonError(
    'port-taken',
    `Port ${port} on ${host} is taken or not allowed. Set BATON_PORT to another one; 0 picks a free one.`,
    { details: { host, port } },
  );
}

/**
 * A port that nobody listened on a moment ago, below those that the system gives to outgoing connections: one of these
 * could have it before the server that it is for has started.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    const port = randomInt(...OWN_RANGE);
    if (await isFree('127.0.0.1', port)) return port;
  }
  const port = await listenOnce('127.0.0.1', 0);
  if (port === undefined) throw new BatonError('no-free-port', 'This machine has no free port on 127.0.0.1.');
  return port;
}

const isFree = async (host: string, port: number) => (await listenOnce(host, port)) !== undefined;

function listenOnce(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
