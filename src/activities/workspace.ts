import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../db/repositories.js';
import { getRepository } from '../db/repositories.js';
import { BatonError } from '../domain/errors.js';
import type { StepRef } from '../domain/work.js';
import { branchHead, fetchClone, openClone, resolveCommit, type Clone } from '../git/clone.js';
import { commitWorktree } from '../git/commit.js';
import { git } from '../git/git.js';
import { addWorktree, listWorktrees, removeWorktree, type Worktree } from '../git/worktree.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';

/** A repository as this host has it. */
export interface Checkout {
  readonly repository: Repository;
  readonly clone: Clone;
}

/** The host's clone of a repository, brought up to date. */
export async function checkOut(deps: ActivityDeps, organisationId: string, repositoryId: string): Promise<Checkout> {
  const repository = await persist(deps, organisationId, (tx) => getRepository(tx, repositoryId));
  const clone = await openClone(join(deps.hostDirectory, 'clones'), repository.id, repository.remoteUrl);
  await fetchClone(clone);
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

/**
 * Lends a fresh worktree at a commit and takes it back. What a crash left under the same name is kept first:
 * nothing that an agent made is deleted before it is a commit somewhere.
 */
export async function withWorktree<T>(
  deps: ActivityDeps,
  checkout: Checkout,
  { ref, purpose, commit }: WorktreeUse,
  use: (worktree: Worktree, home: string) => Promise<T>,
): Promise<T> {
  const name = `${ref.run.runId}-${ref.step}-${ref.item ?? 'step'}-${purpose}`;
  const path = join(deps.hostDirectory, 'worktrees', name);
  const home = join(deps.hostDirectory, 'homes', name);
  const { organisationId, runId } = ref.run;
  await persist(deps, organisationId, (tx) =>
    tx
      .insertInto('worktrees')
      .values({
        organisation_id: organisationId,
        host: deps.host,
        name,
        repository_id: checkout.repository.id,
        run_id: runId,
        step: ref.step,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
  await rescue(deps, checkout, name);
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  const worktree = await addWorktree(checkout.clone, { name, path, commit, replace: true });
  try {
    return await use(worktree, home);
  } catch (error) {
    await rescue(deps, checkout, name);
    throw error;
  } finally {
    await removeWorktree(checkout.clone, worktree);
    await rm(home, { recursive: true, force: true });
    await persist(deps, organisationId, (tx) =>
      tx.deleteFrom('worktrees').where('host', '=', deps.host).where('name', '=', name).execute(),
    );
  }
}

/** Keeps an unfinished tree as a commit of its own, or, where that cannot be, as a folder. */
async function rescue(deps: ActivityDeps, { clone }: Checkout, name: string): Promise<void> {
  const left = (await listWorktrees(clone)).find((worktree) => worktree.name === name);
  if (!left || !existsSync(left.path)) return;
  const dateMs = Date.now();
  try {
    const saved = await commitWorktree(clone, left, {
      message: 'Left by an attempt that did not end',
      trailers: {},
      author: { name: 'Baton', email: 'baton@localhost' },
      dateMs,
    });
    if (saved.kind === 'committed')
      await git(['update-ref', `refs/baton/rescued/${name}/${dateMs}`, saved.commit], { gitDir: clone.gitDir });
  } catch (error) {
    const kept = join(deps.hostDirectory, 'rescued', `${name}-${dateMs}`);
    await mkdir(join(deps.hostDirectory, 'rescued'), { recursive: true });
    await rename(left.path, kept);
    deps.log.warn(
      { err: error, kept },
      'the worktree of a crashed attempt could not be committed; it is kept as a folder',
    );
  }
}
