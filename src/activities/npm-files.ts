import type { NpmFiles } from '../gates/npm-updates.js';
import type { Clone } from '../git/clone.js';
import { readFileAt } from '../git/read-file-at.js';

const MAX_BYTES = 32 * 1024 * 1024;

/** What says which npm packages a commit stands on; null where it has no lock file. */
export async function readNpmFiles(clone: Clone, commit: string): Promise<NpmFiles | null> {
  const manifest = await readFileAt(clone, commit, 'package.json', MAX_BYTES);
  const lock = await readFileAt(clone, commit, 'package-lock.json', MAX_BYTES);
  return manifest === null || lock === null ? null : { manifest, lock };
}
