import type { Tx } from '../db/connection.js';
import { standingFindings } from '../db/evidence.js';
import { whereStepsWereDone } from '../db/reruns.js';
import { judgesChange } from '../domain/catalogue.js';
import { heldFiles } from '../domain/permissions.js';
import type { ChangeFacts } from '../domain/policies.js';
import type { RepositoryRef } from '../domain/run-input.js';
import type { RunRef } from '../domain/work.js';
import { branchHead } from '../git/clone.js';
import { changedFiles } from '../git/diff.js';
import { mergeBase } from '../git/merge-base.js';
import { patchId } from '../git/patch-id.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { checkOut, type Checkout } from './workspace.js';

/** The change that a run has made in a repository, as it is now. */
export interface Change {
  readonly repositoryId: string;
  readonly base: string;
  readonly commit: string;
  readonly patchId: string;
}

export interface KnownChange {
  /** Null where the run made none yet. */
  readonly change: Change | null;
  readonly facts: ChangeFacts;
}

/** What rules and policies see of a run's change in a repository. */
export async function changeFacts(
  deps: ActivityDeps,
  run: RunRef,
  repository: RepositoryRef | null,
  branch: string | null,
): Promise<KnownChange> {
  const checkout = repository && branch !== null ? await checkOut(deps, run.organisationId, repository.id) : null;
  const change = checkout && (await changeOn(checkout, branch!));
  return { change, facts: await factsOf(deps, run, checkout, change) };
}

async function changeOn({ clone, repository }: Checkout, branch: string): Promise<Change | null> {
  const commit = await branchHead(clone, branch);
  const base = await branchHead(clone, repository.defaultBranch);
  if (commit === null || base === null) return null;
  return { repositoryId: repository.id, base, commit, patchId: await patchId(clone, base, commit) };
}

/** What rules and policies see of a change. */
export async function factsOf(
  deps: ActivityDeps,
  run: RunRef,
  checkout: Checkout | null,
  change: Pick<Change, 'base' | 'commit'> | null,
): Promise<ChangeFacts> {
  const files = checkout && change ? await filesOf(checkout, change) : [];
  const { grants, ...recorded } = await persist(deps, run.organisationId, (tx) => recordedFacts(tx, run.runId));
  const paths = files.map(({ path }) => path);
  return {
    ...recorded,
    held: heldFiles(grants, paths),
    repository: checkout?.repository.name ?? run.repository?.name ?? null,
    pipeline: run.pipeline,
    paths,
    additions: sum(files.map(({ added }) => added)),
    deletions: sum(files.map(({ removed }) => removed)),
    requestedBy: run.requestedBy,
  };
}

async function filesOf({ clone }: Checkout, { base, commit }: Pick<Change, 'base' | 'commit'>) {
  return changedFiles(clone, (await mergeBase(clone, base, commit)) ?? base, commit);
}

const sum = (lines: readonly (number | null)[]): number => lines.reduce<number>((all, one) => all + (one ?? 0), 0);

/** What the record knows of the change: labels of its issue, who made it by which actions, what was found. */
async function recordedFacts(tx: Tx, runId: string) {
  const { labels, plan } = await tx
    .selectFrom('runs as r')
    .leftJoin('issues as i', 'i.id', 'r.issue_id')
    .innerJoin('pipeline_versions as v', (join) =>
      join.onRef('v.pipeline_id', '=', 'r.pipeline_id').onRef('v.version', '=', 'r.pipeline_version'),
    )
    .select(['i.labels', 'v.plan'])
    .where('r.id', '=', runId)
    .executeTakeFirstOrThrow();
  const done = await whereStepsWereDone(tx, runId);
  const made = (
    await tx
      .selectFrom('attempts as t')
      .innerJoin('agents as a', 'a.id', 't.agent_id')
      .select(['t.run_id as runId', 't.step', 'a.name', 'a.permissions'])
      .where('t.run_id', 'in', [runId, ...new Set(done.values())])
      .where('t.commit', 'is not', null)
      .where('t.status', '=', 'succeeded')
      .execute()
  ).filter(({ step, runId: of }) => done.get(step) === of);
  const steps = new Set(made.map(({ step }) => step));
  const actions = plan.steps.flatMap((step) =>
    steps.has(step.id) && step.kind !== 'action' ? [step.kind === 'agent' ? step.action : 'tdd.handoff'] : [],
  );
  // What an audit was to find is not held against the change that mends it.
  const judging = new Set(
    plan.steps.flatMap((step) => (step.kind === 'agent' && judgesChange(step.action) ? [step.id] : [])),
  );
  const findings = (await standingFindings(tx, runId)).filter(
    ({ step, gate }) => judging.has(step) || (gate !== null && steps.has(step)),
  );
  const found = (wanted: string): number => findings.filter(({ severity }) => severity === wanted).length;
  return {
    labels: labels ?? [],
    actions: [...new Set(actions)],
    agents: [...new Set(made.map(({ name }) => name))],
    grants: [...new Map(made.map(({ name, permissions }) => [name, { agent: name, given: permissions }])).values()],
    findings: { critical: found('critical'), high: found('high'), medium: found('medium'), low: found('low') },
  };
}
