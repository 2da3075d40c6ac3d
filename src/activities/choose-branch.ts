import { freeBranchName } from '../domain/branch-name.js';
import type { Activities, RunRef } from '../domain/work.js';
import type { Clone } from '../git/clone.js';
import { remoteHeads } from '../git/heads.js';
import { warn } from './attempt/attempt-record.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { checkOut } from './workspace.js';

/** Chooses the branch of a run's work before an agent works, so that no other branch keeps the work from its branch. */
export const chooseBranch =
  (deps: ActivityDeps): Activities['chooseBranch'] =>
  async ({ run, repository, wanted }) => {
    const { clone } = await checkOut(deps, run.organisationId, repository.id);
    return freeBranch(deps, run, clone, wanted, { isOwn: false });
  };

/** The wanted name, or one beside the branches of the remote; the run's warnings say why it is another. */
export async function freeBranch(
  deps: ActivityDeps,
  run: RunRef,
  clone: Clone,
  wanted: string,
  options: { readonly isOwn: boolean },
): Promise<string> {
  const { branch, clash } = freeBranchName(wanted, [...(await remoteHeads(clone)).keys()], options);
  if (clash === null) return branch;
  const why = clash === wanted ? 'exists already' : `cannot exist beside the branch ${clash}`;
  const warning = `The run's branch is ${branch}: ${wanted} ${why}.`;
  await persist(deps, run.organisationId, (tx) => warn(tx, run.runId, warning));
  return branch;
}
