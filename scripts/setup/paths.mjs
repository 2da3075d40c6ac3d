import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** What is fetched or built once for all checkouts of this user; `src/local/toolchain.ts` looks there too. */
export const cacheDirectory = resolve(
  process.env.BATON_CACHE_DIR || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'baton'),
);

export const cachedProgram = (name) => join(cacheDirectory, 'bin', name);
