import type { Clone } from './clone.js';
import { git } from './git.js';

const REMOTE = 'refs/remotes/origin/';

const MAX_CLONES = 200;
const known = new Map<string, Promise<ReadonlyMap<string, string>>>();

/** The heads of the remote's branches as of the last fetch, read once for all who ask until the next one. */
export async function remoteHeads({ gitDir }: Clone): Promise<ReadonlyMap<string, string>> {
  const heads = known.get(gitDir) ?? readHeads(gitDir);
  known.set(gitDir, heads);
  for (const oldest of known.keys()) if (known.size > MAX_CLONES) known.delete(oldest);
  try {
    return await heads;
  } catch (error) {
    forgetHeads(gitDir);
    throw error;
  }
}

/** To be called after everything that may have moved them. */
export function forgetHeads(gitDir: string): void {
  known.delete(gitDir);
}

async function readHeads(gitDir: string): Promise<ReadonlyMap<string, string>> {
  const lines = await git(['for-each-ref', '--format=%(objectname) %(refname)', REMOTE], { gitDir });
  return new Map(
    lines.split('\n').flatMap((line): [string, string][] => {
      const [commit = '', ref] = line.split(' ');
      return ref === undefined ? [] : [[ref.slice(REMOTE.length), commit]];
    }),
  );
}
