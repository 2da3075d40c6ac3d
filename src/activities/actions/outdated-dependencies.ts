import { recordCoverage } from '../../db/scan-coverage.js';
import { groupUpdates, limitGroups, skippedBy, summariseUpdates, type Looked } from '../../domain/dependency-update.js';
import { BatonError } from '../../domain/errors.js';
import type { StepRef } from '../../domain/work.js';
import { findUpdates, type NpmFiles } from '../../gates/npm-updates.js';
import { branchHead } from '../../git/clone.js';
import { listFiles } from '../../git/find-lines.js';
import { cancellation } from '../cancellation.js';
import type { ActivityDeps } from '../deps.js';
import { npmConfiguration } from '../npm-configuration.js';
import { readNpmFiles } from '../npm-files.js';
import { flagParam } from '../params.js';
import { persist } from '../persist.js';
import { worktreePolicy } from '../policies.js';
import type { Action } from '../run-action.js';
import { RunLog } from '../run-log.js';
import { checkOut, withWorktree, type Checkout } from '../workspace.js';

/** `registry`: whether the registry answered; null: it was not asked. */
type Answer = Looked & { readonly registry: 'answered' | BatonError | null };

/**
 * Which npm packages of the step's repository, or of all of the project, are outdated or vulnerable, in groups to be updated
 * each on a branch of its own. Repositories that cannot be looked at are skipped, with the reason.
 */
export const outdatedDependencies: Action = async (deps, { ref, params, repository }) => {
  if (!flagParam(ref, params, 'network'))
    throw new BatonError(
      'param-missing',
      `The step ${ref.name} asks the npm registry for versions: say so by \`network: true\`.`,
    );
  const ids = repository ? [repository.id] : await repositoriesOf(deps, ref);
  const log = await RunLog.open(deps, ref, 1, 'updates.log');
  try {
    const looked: Answer[] = [];
    for (const id of ids) looked.push(await lookAt(deps, ref, id, log));
    const answers = looked.flatMap(({ registry }) => registry ?? []);
    const failure = answers.find((answer) => answer !== 'answered');
    if (failure && !answers.includes('answered')) throw failure;
    const found = looked.flatMap(({ groups }) => groups);
    const groups = limitGroups(found);
    return {
      output: {
        groups: groups.map((group) => ({ ...group })),
        left: found.length - groups.length,
        skipped: looked.flatMap(({ repository: name, skipped }) =>
          skipped === null ? [] : [{ repository: name, why: skipped.why }],
        ),
        summary: summariseUpdates(looked, found.length - groups.length),
      },
    };
  } finally {
    await log.close();
  }
};

const repositoriesOf = (deps: ActivityDeps, { run }: StepRef): Promise<string[]> =>
  persist(deps, run.organisationId, async (tx) => {
    const rows = await tx
      .selectFrom('repositories')
      .select('id')
      .where('project_id', '=', run.projectId)
      .where('removed_at', 'is', null)
      .orderBy('name')
      .execute();
    return rows.map(({ id }) => id);
  });

/** Looks for updates of one repository, and records whether it could. */
async function lookAt(deps: ActivityDeps, ref: StepRef, repositoryId: string, log: RunLog): Promise<Answer> {
  const checkout = await checkOut(deps, ref.run.organisationId, repositoryId);
  const answer = await groupsOf(deps, ref, checkout, log);
  const { repository, groups, skipped } = answer;
  if (skipped === null) log.line(`${repository}: ${groups.length} groups of updates`);
  else log.line(`${repository}: ${groups.length} groups of updates; skipped: ${skipped.why}`);
  await persist(deps, ref.run.organisationId, (tx) =>
    recordCoverage(tx, ref, { scan: 'updates', repositoryId, gap: skipped }),
  );
  return answer;
}

async function groupsOf(deps: ActivityDeps, ref: StepRef, checkout: Checkout, log: RunLog): Promise<Answer> {
  const { clone, repository } = checkout;
  const none = { repository: repository.name, groups: [], registry: null };
  const commit = await branchHead(clone, repository.defaultBranch);
  if (commit === null)
    return {
      ...none,
      skipped: { why: `it has no branch ${repository.defaultBranch}`, fix: 'Push a first commit to it.' },
    };
  const skipped = skippedBy(await listFiles(clone, commit));
  try {
    const files = await readNpmFiles(clone, commit);
    if (files === null) return { ...none, skipped };
    const updates = await updatesOf(deps, ref, { checkout, commit, files, log });
    return { ...none, groups: groupUpdates(repository.name, updates), skipped, registry: 'answered' };
  } catch (error) {
    if (!(error instanceof BatonError) || !(error.code in FIXES)) throw error;
    const registry = error.code.startsWith('update') ? error : null;
    return { ...none, skipped: { why: error.message.replace(/\.$/, ''), fix: FIXES[error.code]! }, registry };
  }
}

/** Errors that are of one repository: the others are looked at all the same. */
const FIXES: Readonly<Record<string, string>> = {
  'updates-unknown': 'Make the registry answer, then run it again.',
  'update-failed': 'Make the registry answer, then run it again.',
  'not-a-regular-file': 'Make package.json and package-lock.json plain files.',
  'file-too-large': 'Make it smaller, or update its packages by hand.',
};

async function updatesOf(
  deps: ActivityDeps,
  ref: StepRef,
  of: { readonly checkout: Checkout; readonly commit: string; readonly files: NpmFiles; readonly log: RunLog },
) {
  const npm = await npmConfiguration(deps, of.checkout);
  return withWorktree(
    deps,
    of.checkout,
    { ref, purpose: `updates-${of.checkout.repository.name}`, commit: of.commit },
    (worktree, home) =>
      findUpdates(
        {
          execute: deps.execute,
          policy: worktreePolicy(worktree, home, { writable: false, isolation: deps.isolation }),
          signal: cancellation(),
          log: (chunk) => of.log.write(chunk),
          settings: deps.scanners,
          npm,
          network: true,
        },
        of.files,
      ),
  );
}
