import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withRole, type Db } from '../db/connection.js';
import { expiredRepositories } from '../db/pushes.js';
import { deleteBareRepository, finishDeletions } from '../git/bare-repository.js';
import { removeLeftovers } from '../git/temporary-folder.js';
import { purgeExpired } from './local-removal.js';
import { KEPT_DAYS, REMOVED, UNRECORDED } from './repository-places.js';

const KEPT_MS = KEPT_DAYS * 24 * 3_600_000;

/** Deletes what killed processes left in the folders of repositories, and removed repositories that were kept long enough. */
export async function tidyForge(db: Db, dataDirectory: string): Promise<void> {
  const forge = join(dataDirectory, 'forge');
  for (const project of await foldersIn(forge)) {
    await removeLeftovers(join(forge, project));
    const removed = join(forge, project, REMOVED);
    await finishDeletions(removed);
    for (const name of await foldersIn(removed)) {
      const path = join(removed, name);
      if (name.startsWith(UNRECORDED) && Date.now() - (await stat(path)).ctimeMs > KEPT_MS)
        await deleteBareRepository(path);
    }
  }
  for (const repository of await withRole(db, 'baton_lookup', (tx) => expiredRepositories(tx, KEPT_DAYS)))
    await purgeExpired(db, repository);
}

async function foldersIn(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
