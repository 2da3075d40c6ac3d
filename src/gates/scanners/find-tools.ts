import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findProgram } from '../../sandbox/find-program.js';

const require = createRequire(import.meta.url);

/** A tool that came with Baton's own packages. */
export interface PackagedTool {
  readonly folder: string;
  readonly version: string;
  /** The node_modules that holds it with all that it needs. */
  readonly modules: string;
}

/** Null: the package is not installed here. */
export function findPackage(name: string): PackagedTool | null {
  try {
    const file = require.resolve(`${name}/package.json`);
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    const folder = dirname(file);
    return { folder, version, modules: join(folder, ...name.split('/').map(() => '..')) };
  } catch {
    return null;
  }
}

/** A program on the worker's PATH, else the one that the set-up put into the cache; null: neither. */
export const findTool = (name: string, cacheDirectory: string): string | null =>
  findProgram(name) ?? findProgram(name, join(cacheDirectory, 'bin'));
