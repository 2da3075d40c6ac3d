import { sql } from 'kysely';
import type { Tx } from '../db/connection.js';
import { whereStepsWereDone } from '../db/reruns.js';
import { copyCoverage } from '../db/scan-coverage.js';
import { transitionTask } from '../db/tasks.js';
import { BatonError } from '../domain/errors.js';
import { isJsonObject, type Json, type JsonObject } from '../domain/json.js';
import { pickOutput } from '../domain/output.js';
import { PLAN_LIMITS, type Plan } from '../domain/plan.js';
import { taskStatusFor } from '../domain/task.js';
import type { Activities, RunRef } from '../domain/work.js';
import type { PullRequest } from '../forge/forge.js';
import { publishToBranch } from '../git/publish.js';
import { announcePush } from './announce-push.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { startRun } from './steps.js';
import { checkOut } from './workspace.js';

type TakeOver = Parameters<Activities['takeOver']>[0];
type Taken = Awaited<ReturnType<Activities['takeOver']>>;

/** A rerun begins: its branch at the recorded commit, the finished steps' results in its own record. */
export const takeOver =
  (deps: ActivityDeps): Activities['takeOver'] =>
  async (request) => {
    const { run, of, steps, branch } = request;
    if (branch) await makeBranch(deps, run, branch);
    const plan = await persist(deps, run.organisationId, (tx) => planOf(tx, run.runId));
    const opens = plan.steps.some(({ id, ...step }) => isPullRequest(step) && steps.some((taken) => taken.id === id));
    const pullRequest = opens ? await copyPullRequest(deps, request) : null;
    return persist(deps, run.organisationId, async (tx) => {
      if (branch) await tx.updateTable('runs').set({ branch: branch.name }).where('id', '=', run.runId).execute();
      await startRun(tx, { run });
      const agents = await agentsOf(tx, run.runId);
      const taken: Record<string, Taken[string]> = {};
      for (const { id, reads } of steps) {
        const step = plan.steps.find((known) => known.id === id)!;
        const { status, output } = await takeStep(tx, request, id, isPullRequest(step) ? pullRequest : null);
        // Items of a mapped step were held to the limit of a step each.
        const limit = step.map ? PLAN_LIMITS.runOutputBytes : PLAN_LIMITS.stepOutputBytes;
        taken[id] = { status, output: pickOutput(output, reads, limit), agentId: agents.get(id) ?? null };
        await advanceTask(tx, run, id, step);
      }
      const ids = steps.map(({ id }) => id);
      await copyItems(tx, run.runId, of, ids);
      await copyCoverage(tx, run.runId, of, ids);
      return taken;
    });
  };

async function makeBranch(deps: ActivityDeps, run: RunRef, branch: NonNullable<TakeOver['branch']>): Promise<void> {
  const { clone, repository } = await checkOut(deps, run.organisationId, run.repository!.id);
  await announcePush(deps, run, repository.id, branch.name, branch.startAt);
  const made = await publishToBranch(clone, branch.startAt, branch.name, {
    protectedBranches: repository.protectedBranches,
  });
  if (made.kind !== 'published')
    throw new BatonError('branch-taken', `The branch ${branch.name} is there already, and holds something else.`);
}

/** What was asked of people for the old branch is asked for the new one. */
async function copyPullRequest(deps: ActivityDeps, { run, of, branch }: TakeOver): Promise<PullRequest | null> {
  if (!branch) return null;
  const first = await persist(deps, run.organisationId, (tx) =>
    tx.selectFrom('runs').select('branch').where('id', '=', of).executeTakeFirstOrThrow(),
  );
  if (first.branch === null) return null;
  return deps.forge.copyPullRequest(run.organisationId, {
    run,
    repositoryId: run.repository!.id,
    from: first.branch,
    head: branch.name,
  });
}

async function planOf(tx: Tx, runId: string): Promise<Plan> {
  const { plan } = await tx
    .selectFrom('runs as r')
    .innerJoin('pipeline_versions as v', (join) =>
      join.onRef('v.pipeline_id', '=', 'r.pipeline_id').onRef('v.version', '=', 'r.pipeline_version'),
    )
    .select('v.plan')
    .where('r.id', '=', runId)
    .executeTakeFirstOrThrow();
  return plan;
}

const isPullRequest = (step: Partial<Plan['steps'][number]>): boolean =>
  step.kind === 'action' && step.action === 'github.createPR';

/** Who did each step, for `same`: also where the repeated run had taken it over itself. */
async function agentsOf(tx: Tx, runId: string): Promise<Map<string, string>> {
  const done = await whereStepsWereDone(tx, runId);
  const rows = await tx
    .selectFrom('attempts')
    .select(['run_id', 'step', 'agent_id'])
    .where('run_id', 'in', [runId, ...new Set(done.values())])
    .where('status', '=', 'succeeded')
    .orderBy('ended_at')
    .execute();
  return new Map(
    rows
      .filter(({ run_id, step, agent_id }) => agent_id !== null && done.get(step) === run_id)
      .map(({ step, agent_id }) => [step, agent_id!]),
  );
}

async function takeStep(tx: Tx, { run, of, branch }: TakeOver, id: string, pullRequest: PullRequest | null) {
  const row = await tx
    .selectFrom('steps')
    .select(['status', 'output', 'input', 'commit'])
    .where('run_id', '=', of)
    .where('step', '=', id)
    .where('item', 'is', null)
    .executeTakeFirst();
  if (!row) throw new BatonError('step-not-recorded', `The run that is repeated has no record of the step ${id}.`);
  const output = onBranch(row.output, branch?.name, pullRequest);
  await tx
    .updateTable('steps')
    .set({
      status: row.status,
      output: JSON.stringify(output),
      input: row.input === null ? null : JSON.stringify(row.input),
      commit: row.commit,
      started_at: sql<Date>`clock_timestamp()`,
      ended_at: sql<Date>`clock_timestamp()`,
    })
    .where('run_id', '=', run.runId)
    .where('step', '=', id)
    .where('item', 'is', null)
    .where('status', '=', 'pending')
    .execute();
  return { status: row.status, output };
}

/** An output that names the run's branch, or its pull request, names the new one. */
function onBranch(output: Json | null, branch: string | undefined, pullRequest: PullRequest | null): Json {
  if (branch === undefined || !isJsonObject(output)) return output;
  return {
    ...output,
    ...(typeof output['branch'] === 'string' && { branch }),
    ...(pullRequest && { number: pullRequest.number, head: pullRequest.head }),
  } satisfies JsonObject;
}

/** The task stands where the steps that were taken over have brought it. */
async function advanceTask(tx: Tx, run: RunRef, id: string, step: Plan['steps'][number]): Promise<void> {
  const status = step.kind === 'handoff' ? 'in-progress' : 'action' in step ? taskStatusFor(step.action) : null;
  // A change that was taken over was tested.
  if (status === 'in-progress') await transitionTask(tx, run, 'testing', `taken-over/${id}`);
  else if (status !== null) await transitionTask(tx, run, status, `taken-over/${id}`);
}

/** The rows of a mapped step's items, in the order in which they ended. */
async function copyItems(tx: Tx, runId: string, of: string, steps: readonly string[]): Promise<void> {
  await sql`
    insert into steps (organisation_id, run_id, step, item, position, name, kind, status, input, output, error, commit, started_at, ended_at)
    select organisation_id, ${runId}, step, item, position, name, kind, status, input, output, error, commit, started_at, ended_at
    from steps where run_id = ${of} and item is not null and step = any(${steps})
    on conflict do nothing`.execute(tx);
}
