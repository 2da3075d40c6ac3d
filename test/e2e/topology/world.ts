import { chownSync, chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { findTemporalOnPostgres } from '../../../scripts/setup/temporal-on-postgres.mjs';
import { openDataDirectory, type DataDirectory } from '../../../src/local/data-directory.js';
import { minimalEnvironment } from '../../../src/local/minimal-environment.js';
import { freePort } from '../../../src/local/ports.js';
import { findTemporal } from '../../../src/local/toolchain.js';
import { parseEnvironment } from '../../../src/schema/environment.js';
import type { Listener, Places } from './addresses.js';
import { uidOf } from './as-container.js';
import type { Service } from './compose-file.js';
import { readDockerfile, type Image } from './dockerfile.js';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Where a server listens in its container, by image; Baton's API says it in its published port. */
const PORTS: Readonly<Record<string, number>> = { postgres: 5432, 'temporalio/server': 7233 };

export type TemporalOnPostgres = NonNullable<ReturnType<typeof findTemporalOnPostgres>>;

/** What all containers share here: places, programs, and what a container's file system would give. */
export interface World extends Places {
  readonly root: string;
  readonly image: Image;
  /** Logs and records of what runs; everything else lies in it too. */
  readonly scratch: DataDirectory;
  /** Stands for the volume of `/data`. */
  readonly data: string;
  readonly temporal: TemporalOnPostgres;
  /** Of Baton's processes; null: our own. */
  readonly uid: number | null;
  /** A container's environment before its image and the compose file say anything. */
  readonly environment: NodeJS.ProcessEnv;
}

export async function openWorld(services: Readonly<Record<string, Service>>): Promise<World> {
  const image = readDockerfile();
  const temporal = findTemporalOnPostgres();
  if (!temporal) throw new Error('the set-up has not built Temporal for PostgreSQL');
  const scratch = await openDataDirectory(mkdtempSync(join(tmpdir(), 'baton-topology-')));
  // Another user has to pass through.
  chmodSync(scratch.root, 0o711);
  const uid = uidOf(image.user, join(ROOT, 'dist/src/api/main.js'));
  const data = ownFolder(join(scratch.root, 'data'), uid);
  const home = ownFolder(join(scratch.root, 'home'), uid);
  const programs = [
    join(ROOT, 'node_modules/.bin'),
    temporal.programs,
    dirname(findTemporal(parseEnvironment(process.env).cacheDirectory)),
  ];
  return {
    root: ROOT,
    image,
    scratch,
    data,
    temporal,
    uid,
    listeners: await listenersOf(services),
    folders: { '/data': data, '/etc/temporal/schema': temporal.schema },
    environment: {
      ...minimalEnvironment(home),
      PATH: [...programs, process.env['PATH']].join(delimiter),
    },
  };
}

/** A folder that Baton's processes may write to, as `chown node:node /data` in the image. */
export function ownFolder(path: string, uid: number | null): string {
  mkdirSync(path, { recursive: true, mode: 0o755 });
  if (uid !== null) chownSync(path, uid, uid);
  return path;
}

async function listenersOf(services: Readonly<Record<string, Service>>): Promise<Listener[]> {
  const listeners: Listener[] = [];
  for (const [service, { image = '', ports }] of Object.entries(services)) {
    const published = image === '' ? ports[0]?.split(':').at(-1) : undefined;
    const port = PORTS[image.split(':')[0]!] ?? Number(published);
    if (port) listeners.push({ service, port, portHere: await freePort(), isPublished: published !== undefined });
  }
  return listeners;
}

/** Where a service listens here; the compose file names its port, or there is only one. */
export function portHereOf({ listeners }: World, host: string | undefined, port?: string): number {
  const found = listeners.find((one) => one.service === host && (port ?? String(one.port)) === String(one.port));
  if (!found) throw new Error(`docker-compose.yml names ${host ?? 'no host'}:${port ?? ''}, where nobody listens`);
  return found.portHere;
}
