import { keepItems, unkeptItems } from '../../db/checklists.js';
import { TRAILER } from '../../domain/trailer.js';
import { treeOf } from '../../git/clone.js';
import { snapshotWorktree } from '../../git/commit.js';
import { pushRef } from '../../git/publish.js';
import type { Worktree } from '../../git/worktree.js';
import { writeCommit } from '../../git/write-commit.js';
import { beginsAt, changesFrom, commitFacts, leavingOf, type Work } from './attempt-work.js';
import { checkpointRef } from './checklist.js';
import type { ActivityDeps } from '../deps.js';
import { refuseToLeave } from './may-leave.js';
import { persist } from '../persist.js';

/**
 * Keeps the tree of an attempt at work at its hidden ref, one commit on top of the other: on any host, whoever goes on
 * with the attempt goes on from there. One at a time, and nothing of a tree that may not leave its host.
 */
export class TreeKeeper {
  /** What the tree was when it was last kept. */
  #kept: string;
  #keeping: Promise<unknown> = Promise.resolve();
  readonly #deps: ActivityDeps;
  readonly #work: Work;
  readonly #worktree: Worktree;

  constructor(deps: ActivityDeps, work: Work, worktree: Worktree) {
    this.#deps = deps;
    this.#work = work;
    this.#worktree = worktree;
    this.#kept = beginsAt(work);
  }

  /**
   * Keeps the tree as it is. With `done`, an item of the checklist, also where nothing changed: the commit says so. What the
   * agent marked as done by Baton's tools before is kept with it.
   *
   * @throws BatonError of git, or with the rule by which the tree may not leave.
   */
  keep(done: string | null): Promise<void> {
    const kept = this.#keeping.then(() => this.#keep(done));
    this.#keeping = kept.catch(() => undefined);
    return kept;
  }

  async #keep(said: string | null): Promise<void> {
    const { request, checkout } = this.#work;
    const { clone } = checkout;
    const { ref, attempt } = request;
    const { organisationId } = ref.run;
    const marked = await persist(this.#deps, organisationId, (tx) => unkeptItems(tx, ref, attempt));
    const done = said ?? marked.at(-1)?.text ?? null;
    const facts = { ...checkpointFacts(this.#work, done), parent: this.#kept, holdsSecret: this.#deps.redactor.holds };
    const saved = await snapshotWorktree(clone, this.#worktree, facts);
    if (saved.commit === null && done === null) return;
    // Unchanged where the agent had gone on before the one before was kept: the tree is there, its name is not.
    const commit = saved.commit ?? (await writeCommit(clone, await treeOf(clone, this.#kept), [this.#kept], facts));
    const stays = await refuseToLeave(this.#deps, leavingOf(this.#work), [changesFrom(this.#work), commit]);
    if (stays) throw new Error(stays.failed.message);
    await pushRef(clone, commit, checkpointRef(ref, attempt));
    this.#kept = commit;
    if (marked.length > 0) await persist(this.#deps, organisationId, (tx) => keepItems(tx, marked));
  }
}

/** What makes a checkpoint: it may name an item, and is nobody's result, so it is not found as the attempt's commit. */
const checkpointFacts = (work: Work, done: string | null) => ({
  ...commitFacts(work, 'Unfinished.'),
  trailers: {
    [TRAILER.run]: work.request.ref.run.runId,
    [TRAILER.step]: work.request.ref.step,
    ...(done !== null && { [TRAILER.done]: done }),
  },
});
