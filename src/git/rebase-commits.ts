import { BatonError } from '../domain/errors.js';
import { treeOf, type Clone } from './clone.js';
import { gitOutput } from './git.js';
import type { Landing } from './landing.js';
import { mergeTrees } from './merge-trees.js';
import { splitTrailers, type Trailers } from './message.js';
import { BATON, type CommitIdentity } from '../domain/commit-identity.js';
import { TRAILER } from '../domain/trailer.js';
import { writeCommit, type CommitFacts } from './write-commit.js';

/** More commits are squashed: each is a few calls of git. */
const MAX_COMMITS = 200;
/** What git says of a commit, field by field. */
const FIELDS = 6;

interface Original {
  readonly commit: string;
  readonly parent: string;
  readonly author: CommitIdentity;
  readonly authoredMs: number;
  readonly message: string;
}

interface Rebase extends Pick<CommitFacts, 'trailers' | 'dateMs' | 'committer' | 'signingKey'> {
  readonly onto: string;
  readonly head: string;
}

/** What a commit may not say of itself: who asked for it, who approved it, how it landed. */
const GIVEN: readonly string[] = [
  TRAILER.run,
  TRAILER.task,
  TRAILER.issue,
  TRAILER.requestedBy,
  TRAILER.approvedBy,
  TRAILER.landedBy,
];

/**
 * Each commit of a branch anew on top of `onto`, with its author, its message, its trailers and `trailers` besides. The
 * result must be the tree that a merge gives, so that what lands is what people approved. Not pushed, no ref is moved.
 * @throws BatonError `rebase-impossible` where commits cannot be taken one by one.
 */
export async function rebaseOnto(
  clone: Clone,
  { onto, head, trailers, dateMs, committer, signingKey }: Rebase,
): Promise<Landing> {
  const merged = await mergeTrees(clone, onto, head);
  if (merged.kind === 'conflict') return merged;
  let tip = onto;
  let tree = await treeOf(clone, onto);
  for (const original of await originals(clone, onto, head)) {
    const next = await replay(clone, original, tip, tree);
    // Its change is in the base already.
    if (next === tree) continue;
    const { text, trailers: own } = splitTrailers(original.message);
    const facts = {
      message: text,
      trailers: { ...withoutGiven(own), ...trailers },
      author: original.author,
      authoredMs: original.authoredMs,
      dateMs,
      ...(committer && { committer }),
      ...(signingKey && { signingKey }),
    };
    tip = await writeCommit(clone, next, [tip], facts);
    tree = next;
  }
  if (tree === merged.tree && tip !== onto) return { kind: 'rebased', commit: tip, tree };
  throw impossible(head, 'taken one by one its commits give another result than a merge');
}

const withoutGiven = (own: Trailers): Trailers =>
  Object.fromEntries(Object.entries(own).filter(([key]) => !GIVEN.includes(key)));

async function originals(clone: Clone, onto: string, head: string): Promise<readonly Original[]> {
  const format = '--format=%H%x00%P%x00%an%x00%ae%x00%at%x00%B';
  const args = ['log', '-z', '--reverse', '--topo-order', '--no-merges', format, `${onto}..${head}`, '--'];
  const fields = (await gitOutput(args, { gitDir: clone.gitDir })).split('\0');
  const found: Original[] = [];
  for (let at = 0; at + FIELDS <= fields.length; at += FIELDS) {
    const [commit, parent, name, email, seconds, message] = fields.slice(at, at + FIELDS) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    found.push({ commit, parent, author: { name, email }, authoredMs: Number(seconds) * 1000, message });
  }
  if (found.length > MAX_COMMITS)
    throw impossible(head, `it has ${found.length} commits, at most ${MAX_COMMITS} are rebased`);
  return found;
}

/** The tree of `tip` with the change of one commit: a merge of both on the commit's parent. */
async function replay(clone: Clone, { commit, parent }: Original, tip: string, tree: string): Promise<string> {
  if (parent === tip) return treeOf(clone, commit);
  // The merge base of this commit and the original is the original's parent.
  const ours = await writeCommit(clone, tree, [parent], {
    message: 'base of a rebase',
    trailers: {},
    author: BATON,
    dateMs: 0,
  });
  const merged = await mergeTrees(clone, ours, commit);
  if (merged.kind === 'merged') return merged.tree;
  throw impossible(commit, `it conflicts with the base in ${merged.files.join(', ')}`);
}

const impossible = (commit: string, why: string): BatonError =>
  new BatonError(
    'rebase-impossible',
    `${commit.slice(0, 10)} cannot be rebased: ${why}. Merge with \`method: squash\` or \`method: merge\`.`,
  );
