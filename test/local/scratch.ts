import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataDirectory, type DataDirectory } from '../../src/local/data-directory.js';

const made: string[] = [];
afterAll(() => Promise.all(made.map((root) => rm(root, { recursive: true, force: true }))));

/** A data directory of its own, removed at the end of the suite that asked for it. */
export async function scratchDataDirectory(): Promise<DataDirectory> {
  const root = await mkdtemp(join(tmpdir(), 'baton-local-'));
  made.push(root);
  return openDataDirectory(root);
}
