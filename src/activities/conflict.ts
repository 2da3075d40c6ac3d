import { BATON } from '../domain/commit-identity.js';
import { BatonError } from '../domain/errors.js';
import { keepable } from '../domain/keepable.js';
import { cutText } from '../domain/text.js';
import { TRAILER } from '../domain/trailer.js';
import type { Conflict, PublishRequest } from '../domain/work.js';
import { parentOf } from '../git/clone.js';
import { PLAIN_DIFF } from '../git/diff.js';
import { gitOutput } from '../git/git.js';
import { mergeBase } from '../git/merge-base.js';
import { mergeTrees } from '../git/merge-trees.js';
import { pushRef } from '../git/publish.js';
import { readFileAt } from '../git/read-file-at.js';
import { writeCommit } from '../git/write-commit.js';
import type { ActivityDeps } from './deps.js';
import { attemptRef, type Checkout } from './workspace.js';

const MAX_DIFF_BYTES = 6_000;
const MAX_MESSAGES_BYTES = 2_000;
const MAX_FILE_BYTES = 1024 * 1024;
/** As `git merge-tree` writes them: the label is the commit that the side comes from. */
const MARKER = /^(?:<{7}|>{7}) [0-9a-f]{40}\r?$/m;

/** Keeps a conflict as a commit with conflict markers, for an agent to begin with, and tells what both sides are for. */
export async function draftConflict(
  deps: ActivityDeps,
  { clone }: Checkout,
  { ref, attempt, branch, commit, atMs }: PublishRequest,
  base: string,
  files: readonly string[],
): Promise<Conflict> {
  const [merge, fork] = await Promise.all([mergeTrees(clone, base, commit), mergeBase(clone, base, commit)]);
  const own = await parentOf(clone, commit);
  const draft = await writeCommit(clone, merge.tree, [base], {
    message: `${ref.name}: conflict with ${branch}`,
    trailers: { [TRAILER.run]: ref.run.runId, [TRAILER.step]: ref.step },
    author: BATON,
    dateMs: atMs,
  });
  await pushRef(clone, draft, `${attemptRef(ref, attempt)}-conflict-${draft.slice(0, 12)}`);
  const side = async (title: string, from: string, to: string): Promise<string> => {
    const messages = await gitOutput(['log', '--no-color', '--format=%an: %B', `${from}..${to}`, '--'], {
      gitDir: clone.gitDir,
    });
    const change = await gitOutput(['diff', ...PLAIN_DIFF, '--find-renames', from, to, '--', ...files], {
      gitDir: clone.gitDir,
    });
    return `## ${title}\n\n${cutText(messages.trim(), MAX_MESSAGES_BYTES)}\n\n${cutText(change, MAX_DIFF_BYTES)}`;
  };
  const asked = ref.run.issue ? `#${ref.run.issue.number} ${ref.run.issue.title}` : ref.run.pipeline;
  const brief = [
    `Your change for ${asked} conflicts with ${branch}, which others have changed. The worktree holds both sides with conflict markers in: ${files.join(', ')}. Resolve them so that the intents of both changes hold, remove every marker, and change nothing else.`,
    await side(`The change on ${branch}`, fork ?? own, base),
    await side('Your change', own, commit),
  ].join('\n\n');
  return { kind: 'conflict', files, base, draft, brief: keepable(deps.redactor.text(brief)) };
}

/** The files that still hold conflict markers. */
export async function unresolved(
  { clone }: Checkout,
  { commit, resolves = [] }: Pick<PublishRequest, 'commit' | 'resolves'>,
): Promise<string[]> {
  const left: string[] = [];
  for (const file of resolves) if (await holdsMarker(file)) left.push(file);
  return left;

  async function holdsMarker(file: string): Promise<boolean> {
    try {
      return MARKER.test((await readFileAt(clone, commit, file, MAX_FILE_BYTES)) ?? '');
    } catch (error) {
      // A link, or a file too large to be a text that was merged.
      if (error instanceof BatonError) return false;
      throw error;
    }
  }
}
