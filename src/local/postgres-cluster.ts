import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readlink, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { BatonError } from '../domain/errors.js';
import { minimalEnvironment } from './minimal-environment.js';

const initTimeoutMs = 60_000;
const user = 'baton';

/** A PostgreSQL data directory with the one superuser that the platform connects as. */
export interface PostgresCluster {
  readonly dataDirectory: string;
  readonly user: string;
  readonly password: string;
}

/**
 * Makes the cluster where there is none. It is made beside its place and moved there when it is whole, so that a crash
 * in the middle leaves nothing that looks like one.
 */
export async function ensureCluster(directory: string, binaries: string): Promise<PostgresCluster> {
  const dataDirectory = join(directory, 'data');
  const passwordFile = join(directory, 'password');
  if (!existsSync(passwordFile)) writeWhole(passwordFile, randomBytes(24).toString('base64url'));
  if (!existsSync(dataDirectory)) await initialise(dataDirectory, passwordFile, binaries);
  return { dataDirectory, user, password: readFileSync(passwordFile, 'utf8') };
}

async function initialise(dataDirectory: string, passwordFile: string, binaries: string): Promise<void> {
  const unfinished = `${dataDirectory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const [file, ...args] = asNobody([
    join(binaries, 'initdb'),
    ...['-D', unfinished, '--username', user, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    // The same order and the same text functions on every system.
    ...['--encoding', 'UTF8', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C'],
  ]);
  try {
    await execa(file, args, { timeout: initTimeoutMs, env: minimalEnvironment(unfinished), extendEnv: false });
  } catch (cause) {
    throw new BatonError(
      'postgres-not-created',
      'The embedded PostgreSQL could not be created: its initdb failed. Set DATABASE_URL to a PostgreSQL of yours, ' +
        'or start as an ordinary user where this one may not make user namespaces.',
      { cause, details: { reason: cause instanceof Error ? cause.message : String(cause) } },
    );
  }
  await rename(unfinished, dataDirectory);
}

/**
 * PostgreSQL refuses to run as root. Root starts it in a user namespace where it is nobody: that needs no system
 * user and no rights outside the data directory, which stays root's.
 */
export function asNobody(argv: readonly [string, ...string[]]): [string, ...string[]] {
  if (process.getuid?.() !== 0) return [...argv];
  return ['unshare', '--user', '--map-user=65534', '--map-group=65534', ...argv];
}

/**
 * After a crash PostgreSQL refuses to start while the pid in its lock file lives, whoever has that pid now.
 * Only where that is plainly another program the file goes; all other cases PostgreSQL judges better itself.
 */
export async function dropRecycledLock(dataDirectory: string): Promise<void> {
  const lockFile = join(dataDirectory, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number.parseInt(readFileSync(lockFile, 'utf8'), 10);
  const workingDirectory = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  if (workingDirectory !== undefined && workingDirectory !== dataDirectory) rmSync(lockFile, { force: true });
}

function writeWhole(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600, flush: true });
}
