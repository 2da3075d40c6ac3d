import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError } from '../domain/errors.js';
import { git, tryGit } from './git.js';
import { forgetHeads, remoteHeads } from './heads.js';
import { exclusively } from './keyed-mutex.js';
import { makeInPlace } from './make-in-place.js';
import { forgetClone, remember, remembered } from './remembered.js';

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
    await makeInPlace(gitDir, (temporary) => {
      forgetHeads(gitDir);
      forgetClone(gitDir);
      return initialise(temporary, remoteUrl);
    });
    await pointTo(gitDir, remoteUrl);
    return { gitDir, remoteUrl };
  });
}

/** Brings all branches of the remote to `refs/remotes/origin/`, and forgets those that are gone there. */
export async function fetchClone({ gitDir }: Clone, signal?: AbortSignal): Promise<void> {
  const args = ['fetch', '--quiet', '--prune', '--no-write-fetch-head', '--no-recurse-submodules', 'origin'];
  try {
    await exclusively(gitDir, () => git(args, { gitDir, timeoutMs: FETCH_MS, ...(signal && { signal }) }));
  } finally {
    forgetHeads(gitDir);
  }
}

/** The commit that a name or hash stands for in the clone, null when there is none. */
export async function resolveCommit(clone: Clone, ref: string): Promise<string | null> {
  return ref.startsWith('-') ? null : revParse(clone, `${ref}^{commit}`);
}

/** The tree of a commit. */
export async function treeOf(clone: Clone, commit: string): Promise<string> {
  return requireObject(clone, `${commit}^{tree}`);
}

/** The first parent of a commit. */
export async function parentOf(clone: Clone, commit: string): Promise<string> {
  return requireObject(clone, `${commit}^`);
}

/** Told by who has just made a commit. */
export function rememberCommit(
  clone: Pick<Clone, 'gitDir'>,
  commit: string,
  { tree, parent }: { readonly tree: string; readonly parent: string | undefined },
): void {
  remember(clone, REV_PARSE, [`${commit}^{commit}`], commit);
  remember(clone, REV_PARSE, [`${commit}^{tree}`], tree);
  if (parent !== undefined) remember(clone, REV_PARSE, [`${commit}^`], parent);
}

/** The head of a branch as of the last fetch, null when the remote had no such branch. */
export async function branchHead(clone: Clone, branch: string): Promise<string | null> {
  const commit = (await remoteHeads(clone)).get(branch) ?? null;
  if (commit !== null) remember(clone, REV_PARSE, [`${commit}^{commit}`], commit);
  return commit;
}

/** Whether a ref of the clone leads to the commit: what none leads to is as good as lost. */
export async function isReferenced({ gitDir }: Clone, commit: string): Promise<boolean> {
  return (await git(['for-each-ref', '--count=1', '--contains', commit], { gitDir })) !== '';
}

const REV_PARSE = 'rev-parse';

function revParse(clone: Clone, name: string): Promise<string | null> {
  const { gitDir } = clone;
  return remembered(clone, REV_PARSE, [name], async () => {
    const { exitCode, stdout } = await tryGit(['rev-parse', '--verify', '--quiet', name], { gitDir });
    return exitCode === 0 ? stdout.trim() : null;
  });
}

async function requireObject(clone: Clone, name: string): Promise<string> {
  const id = await revParse(clone, name);
  if (id !== null) return id;
  throw new BatonError('unknown-commit', `${name} is not in ${clone.gitDir}: fetch first.`, { details: { name } });
}

/** The settings of each clone, as they were when its address was last seen to be right. */
const seenSettings = new Map<string, string>();

// Another process of this host may have changed it: the file is read each time, git is asked where it is another.
async function pointTo(gitDir: string, remoteUrl: string): Promise<void> {
  const settings = async () => `${remoteUrl}\n${await readFile(join(gitDir, 'config'), 'utf8')}`;
  if (seenSettings.get(gitDir) === (await settings())) return;
  if ((await git(['config', 'remote.origin.url'], { gitDir })) !== remoteUrl)
    await git(['config', 'remote.origin.url', remoteUrl], { gitDir });
  seenSettings.set(gitDir, await settings());
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
