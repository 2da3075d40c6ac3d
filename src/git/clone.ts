import { join } from 'node:path';
import { BatonError } from '../domain/errors.js';
import { git, tryGit } from './git.js';
import { exclusively } from './keyed-mutex.js';
import { makeInPlace } from './make-in-place.js';

/** The bare clone of a repository on this host; worktrees stand on it. */
export interface Clone {
  readonly gitDir: string;
  readonly remoteUrl: string;
}

const FETCH_MS = 600_000;

/** Opens the clone below `root`, made if it is not there yet; a changed URL is taken over. It fetches nothing. */
export async function openClone(root: string, repositoryId: string, remoteUrl: string): Promise<Clone> {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(repositoryId)) {
    throw new BatonError('bad-repository-id', `"${repositoryId}" cannot name a folder: use letters, digits, . _ -.`, {
      details: { repositoryId },
    });
  }
  const gitDir = join(root, `${repositoryId}.git`);
  return exclusively(gitDir, async () => {
    await makeInPlace(gitDir, (temporary) => initialise(temporary, remoteUrl));
    if ((await git(['config', 'remote.origin.url'], { gitDir })) !== remoteUrl) {
      await git(['config', 'remote.origin.url', remoteUrl], { gitDir });
    }
    return { gitDir, remoteUrl };
  });
}

/** Brings all branches of the remote to `refs/remotes/origin/`, and forgets those that are gone there. */
export async function fetchClone({ gitDir }: Clone, signal?: AbortSignal): Promise<void> {
  const args = ['fetch', '--quiet', '--prune', '--no-write-fetch-head', '--no-recurse-submodules', 'origin'];
  await exclusively(gitDir, () => git(args, { gitDir, timeoutMs: FETCH_MS, ...(signal && { signal }) }));
}

/** The commit that a name or hash stands for in the clone, null when there is none. */
export async function resolveCommit({ gitDir }: Clone, ref: string): Promise<string | null> {
  if (ref.startsWith('-')) return null;
  const { exitCode, stdout } = await tryGit(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], { gitDir });
  return exitCode === 0 ? stdout.trim() : null;
}

/** The head of a branch as of the last fetch, null when the remote had no such branch. */
export async function branchHead(clone: Clone, branch: string): Promise<string | null> {
  return resolveCommit(clone, `refs/remotes/origin/${branch}`);
}

/** Whether a ref of the clone leads to the commit: what none leads to is as good as lost. */
export async function isReferenced({ gitDir }: Clone, commit: string): Promise<boolean> {
  return (await git(['for-each-ref', '--count=1', '--contains', commit], { gitDir })) !== '';
}

// Never a mirror: its prune would delete what worktrees stand on.
async function initialise(gitDir: string, remoteUrl: string): Promise<void> {
  await git(['init', '--quiet', '--bare', '--template=', gitDir], { gitDir });
  const settings = {
    'remote.origin.url': remoteUrl,
    'remote.origin.fetch': '+refs/heads/*:refs/remotes/origin/*',
    // The agent's other uid reads the objects, whatever the umask of the worker is.
    'core.sharedRepository': '0644',
  };
  for (const [name, value] of Object.entries(settings)) await git(['config', name, value], { gitDir });
}
