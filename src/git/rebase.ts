import { BATON } from '../domain/commit-identity.js';
import type { Clone } from './clone.js';
import { git, gitOutput } from './git.js';
import { mergeTrees } from './merge-trees.js';
import { writeCommit } from './write-commit.js';

export type Rebase =
  | { readonly kind: 'rebased'; readonly commit: string }
  | { readonly kind: 'conflict'; readonly files: readonly string[] };

/** The change of one commit on top of another: same message, trailers, author, committer and dates. */
export async function rebaseCommit(clone: Clone, commit: string, onto: string): Promise<Rebase> {
  const { gitDir } = clone;
  const raw = await gitOutput(['cat-file', 'commit', commit], { gitDir });
  const parent = await git(['rev-parse', '--verify', `${commit}^`], { gitDir });
  if (parent === onto) return { kind: 'rebased', commit };

  const merge = await mergeTrees(clone, await asChildOf(clone, parent, onto), commit);
  if (merge.kind === 'conflict') return { kind: 'conflict', files: merge.files };
  const text = withPlace(raw, merge.tree, onto);
  return {
    kind: 'rebased',
    commit: await git(['hash-object', '-t', 'commit', '-w', '--stdin'], { gitDir, input: text }),
  };
}

/** All commits of `base..head` one after the other on top of `onto`. */
export async function rebaseRange(clone: Clone, base: string, head: string, onto: string): Promise<Rebase> {
  const list = await git(['rev-list', '--reverse', '--topo-order', '--no-merges', `${base}..${head}`], {
    gitDir: clone.gitDir,
  });
  let top = onto;
  for (const commit of list.split('\n').filter((line) => line !== '')) {
    const step = await rebaseCommit(clone, commit, top);
    if (step.kind === 'conflict') return step;
    top = step.commit;
  }
  return { kind: 'rebased', commit: top };
}

// merge-tree of git 2.39 finds the merge base itself; a stand-in for `onto` that grew out of the parent makes it the parent.
async function asChildOf(clone: Clone, parent: string, onto: string): Promise<string> {
  const tree = await git(['rev-parse', `${onto}^{tree}`], { gitDir: clone.gitDir });
  return writeCommit(clone, tree, [parent], {
    message: 'Stand-in for a rebase',
    trailers: {},
    author: BATON,
    dateMs: 0,
  });
}

// Signatures would no longer fit and are dropped with the other headers.
function withPlace(raw: string, tree: string, parent: string): string {
  const end = raw.indexOf('\n\n');
  const people = raw
    .slice(0, end)
    .split('\n')
    .filter((line) => /^(author|committer|encoding) /.test(line));
  return [`tree ${tree}`, `parent ${parent}`, ...people].join('\n') + raw.slice(end);
}
