import type { Tx } from '../db/connection.js';
import { BATON } from '../domain/commit-identity.js';
import { BatonError } from '../domain/errors.js';
import { keepable } from '../domain/keepable.js';
import { cutText } from '../domain/text.js';
import { TRAILER } from '../domain/trailer.js';
import type { Conflict, PublishRequest, StepRef } from '../domain/work.js';
import { parentOf } from '../git/clone.js';
import { PLAIN_DIFF } from '../git/diff.js';
import { gitOutput } from '../git/git.js';
import { mergeBase } from '../git/merge-base.js';
import { mergeTrees } from '../git/merge-trees.js';
import { pushRef } from '../git/publish.js';
import { readFileAt } from '../git/read-file-at.js';
import { writeCommit } from '../git/write-commit.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { attemptRef, type Checkout } from './workspace.js';

const MAX_DIFF_BYTES = 6_000;
const MAX_MESSAGES_BYTES = 2_000;
const MAX_INTENT_BYTES = 1_500;
const MAX_FILE_BYTES = 1024 * 1024;
/** As `git merge-tree` writes them: the label is the commit that the side comes from. */
const MARKER = /^(?:<{7}|>{7}) [0-9a-f]{40}\r?$/m;

/** Keeps a conflict as a commit with conflict markers, for an agent to begin with, and tells what both sides are for. */
export async function draftConflict(
  deps: ActivityDeps,
  checkout: Checkout,
  { ref, attempt, branch, commit, atMs }: PublishRequest,
  base: string,
  files: readonly string[],
): Promise<Conflict> {
  const { clone } = checkout;
  const [merge, fork] = await Promise.all([mergeTrees(clone, base, commit), mergeBase(clone, base, commit)]);
  const own = await parentOf(clone, commit);
  const draft = await writeCommit(clone, merge.tree, [base], {
    message: `${ref.name}: conflict with ${branch}`,
    trailers: { [TRAILER.run]: ref.run.runId, [TRAILER.step]: ref.step },
    author: BATON,
    dateMs: atMs,
  });
  await pushRef(clone, draft, `${attemptRef(ref, attempt)}-conflict-${draft.slice(0, 12)}`);
  const side = (title: string, from: string, to: string) => tellSide(deps, ref, checkout, { title, from, to, files });
  const asked = tellAsked(ref);
  const brief = [
    `Your change for ${asked} conflicts with ${branch}, which others have changed. The worktree holds both sides with conflict markers in: ${files.join(', ')}. Resolve them so that the intents of both changes hold, remove every marker, and change nothing else.`,
    await side(`The change on ${branch}`, fork ?? own, base),
    await side('Your change', own, commit),
  ].join('\n\n');
  return { kind: 'conflict', files, base, draft, brief: keepable(deps.redactor.text(brief)) };
}

/** What the run was asked for, in a few words. */
export const tellAsked = ({ run: { issue, pipeline } }: StepRef): string =>
  issue ? `#${issue.number} ${issue.title}` : pipeline;

interface Side {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  /** Whose changes are told; none: of all files. */
  readonly files: readonly string[];
}

/** One side of a merge: the issues and pull requests that its commits belong to, their messages, and its diff. */
export async function tellSide(
  deps: ActivityDeps,
  { run }: StepRef,
  { clone, repository }: Checkout,
  { title, from, to, files }: Side,
): Promise<string> {
  const { gitDir } = clone;
  const range = `${from}..${to}`;
  const messages = await gitOutput(['log', '--no-color', '--format=%an: %B', range, '--'], { gitDir });
  const commits = (await gitOutput(['log', '--format=%H', '--max-count=200', range, '--'], { gitDir })).trim();
  const change = await gitOutput(['diff', ...PLAIN_DIFF, '--find-renames', from, to, '--', ...files], { gitDir });
  const numbers = [...messages.matchAll(ISSUE)].map(([, number]) => Number(number));
  const intents = await persist(deps, run.organisationId, (tx) =>
    intentsOf(tx, { repositoryId: repository.id, issues: numbers, commits: commits.split('\n') }),
  );
  const parts = [...intents, cutText(messages.trim(), MAX_MESSAGES_BYTES), cutText(change, MAX_DIFF_BYTES)];
  return `## ${title}\n\n${parts.join('\n\n')}`;
}

const ISSUE = new RegExp(`^${TRAILER.issue}: #(\\d{1,9})$`, 'gm');
const MAX_INTENTS = 5;

/** What issues and pull requests say that changes are for. */
async function intentsOf(
  tx: Tx,
  { repositoryId, issues, commits }: { repositoryId: string; issues: readonly number[]; commits: readonly string[] },
): Promise<string[]> {
  const asked = await tx
    .selectFrom('issues')
    .select(['number', 'title', 'body'])
    .where('repository_id', '=', repositoryId)
    .where('number', 'in', [0, ...issues])
    .orderBy('number', 'desc')
    .limit(MAX_INTENTS)
    .execute();
  const merged = await tx
    .selectFrom('pull_requests')
    .select(['number', 'title'])
    .where('repository_id', '=', repositoryId)
    .where('merged_commit', 'in', [...commits])
    .orderBy('number', 'desc')
    .limit(MAX_INTENTS)
    .execute();
  return [
    ...asked.map(({ number, title, body }) => cutText(`Issue #${number} ${title}\n${body}`.trim(), MAX_INTENT_BYTES)),
    ...merged.map(({ number, title }) => cutText(`Pull request #${number} ${title}`, MAX_INTENT_BYTES)),
  ];
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
