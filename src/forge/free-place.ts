import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Tx } from '../db/connection.js';
import { repositoryAt } from '../db/repositories.js';

/** A path for the files of a repository: by its name, unless a repository that was renamed is there. */
export async function freePlace(tx: Tx, folder: string, name: string): Promise<string> {
  const place = join(folder, `${name}.git`);
  const isTaken = existsSync(place) || (await repositoryAt(tx, place)) !== null;
  return isTaken ? join(folder, `${name}-${randomUUID().slice(0, 8)}.git`) : place;
}
