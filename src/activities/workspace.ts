import { randomUUID } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Repository } from '../db/repositories.js';
import { getRepository } from '../db/repositories.js';
import { BatonError } from '../domain/errors.js';
import type { StepRef } from '../domain/work.js';
import { branchHead, fetchClone, openClone, resolveCommit, type Clone } from '../git/clone.js';
import { git } from '../git/git.js';
import { exclusively } from '../git/keyed-mutex.js';
import { addWorktree, removeWorktree, type Worktree } from '../git/worktree.js';
import { removeTree } from '../sandbox/remove-tree.js';
import { cancellation } from './cancellation.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { rescue } from './rescue.js';

/** A repository as this host has it. */
export interface Checkout {
  readonly repository: Repository;
  readonly clone: Clone;
}

/** The host's clone of a repository, brought up to date. */
export async function checkOut(deps: ActivityDeps, organisationId: string, repositoryId: string): Promise<Checkout> {
  const checkout = await openCheckout(deps, organisationId, repositoryId);
  await fetchClone(checkout.clone);
  return checkout;
}

/** The same as it was last fetched: for work on given commits, to which it does not matter where branches stand. */
export async function openCheckout(
  deps: ActivityDeps,
  organisationId: string,
  repositoryId: string,
): Promise<Checkout> {
  const repository = await persist(deps, organisationId, (tx) => getRepository(tx, repositoryId));
  const clone = await openClone(join(deps.hostDirectory, 'clones'), repository.id, repository.remoteUrl);
  return { repository, clone };
}

/** What the run's branch stands at; the default branch where it was not made yet. */
export async function headOf({ clone, repository }: Checkout, branch: string | null): Promise<string> {
  const head =
    (branch === null ? null : await branchHead(clone, branch)) ?? (await branchHead(clone, repository.defaultBranch));
  if (head === null) {
    throw new BatonError(
      'empty-repository',
      `The repository ${repository.name} has no branch ${repository.defaultBranch}; push a first commit to it.`,
    );
  }
  return head;
}

/** Where an attempt's commit is kept, whatever becomes of it; only a proved one reaches the run's branch. */
export const attemptRef = ({ run, step, item }: StepRef, attempt: number): string =>
  `refs/baton/attempts/${run.runId}/${step}/${item ?? 'step'}/${attempt}`;

/** A commit that another host may have made: fetched from the run's attempts where this host lacks it. */
export async function requireCommit({ clone }: Checkout, ref: StepRef, commit: string): Promise<void> {
  if (await resolveCommit(clone, commit)) return;
  await fetchClone(clone);
  const attempts = `refs/baton/attempts/${ref.run.runId}/*`;
  await git(['fetch', '--quiet', '--no-write-fetch-head', 'origin', `+${attempts}:${attempts}`], {
    gitDir: clone.gitDir,
  });
}

export interface WorktreeUse {
  readonly ref: StepRef;
  /** Unique for what is done: the same again is the same worktree. */
  readonly purpose: string;
  readonly commit: string;
}

export const worktreeName = ({ run, step, item }: StepRef, purpose: string): string =>
  `${run.runId}-${step}-${item ?? 'step'}-${purpose}`;

/**
 * Lends a fresh worktree at a commit and takes it back. What a crash left under the same name is kept first:
 * nothing that an agent made is deleted before it is a commit somewhere. Temporal may begin an activity again while
 * this process still has the execution before: the later one waits for the earlier one's end.
 */
export async function withWorktree<T>(
  deps: ActivityDeps,
  checkout: Checkout,
  { ref, purpose, commit }: WorktreeUse,
  use: (worktree: Worktree, home: string) => Promise<T>,
): Promise<T> {
  const name = worktreeName(ref, purpose);
  const { path, home } = placeOf(deps, name);
  const lend = async (): Promise<T> => {
    await recordWorktree(deps, checkout, ref, name);
    await rescue(deps, checkout.clone, name);
    await removeTree(home);
    await mkdir(home, { recursive: true });
    const worktree = await addWorktree(checkout.clone, { name, path, commit, replace: true });
    try {
      return await use(worktree, home);
    } catch (error) {
      await rescue(deps, checkout.clone, name);
      throw error;
    } finally {
      await removeLeft(deps, checkout, ref, name);
    }
  };
  return exclusively(path, lend, cancellation());
}

/** Removes a worktree with its home and its row; what is in it has been kept. */
export async function removeLeft(
  deps: ActivityDeps,
  { clone }: Checkout,
  { run }: StepRef,
  name: string,
): Promise<void> {
  const { path, home } = placeOf(deps, name);
  await Promise.all([discard(deps, path), discard(deps, home)]);
  await removeWorktree(clone, { name, path });
  await persist(deps, run.organisationId, (tx) =>
    tx.deleteFrom('worktrees').where('host', '=', deps.host).where('name', '=', name).execute(),
  );
}

/** Out of the way at once, and deleted meanwhile: no step waits for it. What a crash leaves of it goes at the next start. */
async function discard(deps: ActivityDeps, path: string): Promise<void> {
  const discarded = join(discardedIn(deps.hostDirectory), randomUUID());
  await mkdir(dirname(discarded), { recursive: true });
  // Gone already, or closed by an agent: what is left is removed in place.
  const isAside = await rename(path, discarded).then(
    () => true,
    () => false,
  );
  if (!isAside) await removeTree(path);
  else void removeTree(discarded).catch((err: unknown) => deps.log.warn({ err, discarded }, 'a folder is left over'));
}

/** Where folders wait to be deleted. */
export const discardedIn = (hostDirectory: string): string => join(hostDirectory, 'discarded');

const placeOf = ({ hostDirectory }: ActivityDeps, name: string) => ({
  path: join(hostDirectory, 'worktrees', name),
  home: join(hostDirectory, 'homes', name),
});

const recordWorktree = (deps: ActivityDeps, { repository }: Checkout, ref: StepRef, name: string): Promise<unknown> =>
  persist(deps, ref.run.organisationId, (tx) =>
    tx
      .insertInto('worktrees')
      .values({
        organisation_id: ref.run.organisationId,
        host: deps.host,
        name,
        repository_id: repository.id,
        run_id: ref.run.trial ? null : ref.run.runId,
        step: ref.step,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
