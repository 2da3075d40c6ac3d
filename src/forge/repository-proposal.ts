import type { Clone } from '../git/clone.js';
import { listPaths } from '../git/list-paths.js';
import { readFileAt } from '../git/read-file-at.js';
import { BatonError } from '../domain/errors.js';
import { proposeConfig, type Proposal } from '../schema/repository/propose.js';
import { manifestPaths, type RepositoryFiles } from '../schema/repository/repository-files.js';

const MAX_PATHS = 100_000;
const MAX_MANIFEST_BYTES = 1024 * 1024;
/** Lock files of npm are large. */
const MAX_LOCK_BYTES = 32 * 1024 * 1024;

/** Proposes a configuration for a commit, from a bounded listing of its files and the text of its manifests. */
export async function proposeFor(clone: Clone, commit: string): Promise<Proposal> {
  const { paths, isCut } = await listPaths(clone, commit, MAX_PATHS);
  const contents = new Map<string, string>();
  for (const path of manifestPaths(paths)) {
    const text = await readManifest(clone, commit, path);
    if (text !== null) contents.set(path, text);
  }
  const files: RepositoryFiles = { paths, isCut, contents };
  return proposeConfig(files);
}

/** A manifest that is a link, a folder or too large says nothing. */
async function readManifest(clone: Clone, commit: string, path: string): Promise<string | null> {
  try {
    const maxBytes = path.includes('lock') ? MAX_LOCK_BYTES : MAX_MANIFEST_BYTES;
    return await readFileAt(clone, commit, path, maxBytes);
  } catch (error) {
    if (error instanceof BatonError && ['not-a-regular-file', 'file-too-large'].includes(error.code)) return null;
    throw error;
  }
}
