import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import type { JsonObject } from '../domain/json.js';
import { planRerun, type RecordedStep } from '../domain/rerun.js';
import type { Plan } from '../domain/plan.js';
import type { RunInput } from '../domain/run-input.js';
import { isRunOpen } from '../domain/run-state.js';
import { suggest } from '../domain/suggest.js';
import type { Tx } from './connection.js';
import { appendEvent } from './events.js';
import type { Principal } from './people.js';
import { createRun } from './runs.js';

export interface RerunRequest {
  readonly principal: Pick<Principal, 'organisationId' | 'personId' | 'handle'>;
  readonly runId: string;
  /** Id of the step to begin with. */
  readonly from: string;
  /** Parameters of that step to replace. */
  readonly params: JsonObject;
  readonly key: string;
  /** Id of the reset that it comes of. */
  readonly override?: string;
}

/**
 * A new run that repeats an ended one from a step on: it takes over the recorded results of what lies before, on a
 * branch of its own. All it needs is in the record, so it works when Temporal has forgotten the first run.
 */
export async function requestRerun(
  tx: Tx,
  { principal, runId, from, params, key, override }: RerunRequest,
): Promise<{ id: string; number: number }> {
  const first = await tx
    .selectFrom('runs as r')
    .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
    .innerJoin('pipeline_versions as v', (join) =>
      join.onRef('v.pipeline_id', '=', 'r.pipeline_id').onRef('v.version', '=', 'r.pipeline_version'),
    )
    .select([
      'r.number',
      'r.status',
      'r.input',
      'r.branch',
      'r.workflow_id',
      'r.root_id',
      'r.issue_id',
      'r.project_id',
      'p.id as pipeline_id',
      'p.name',
      'v.version',
      'v.plan',
    ])
    .where('r.id', '=', runId)
    .forUpdate('r')
    .executeTakeFirst();
  if (!first) throw new BatonError('run-not-found', `There is no run ${runId}.`);
  if (isRunOpen(first.status))
    throw new BatonError(
      'run-still-open',
      `Run #${first.number} is ${first.status}; cancel it first, or wait for its end.`,
    );
  const ids = first.plan.steps.map((step) => step.id);
  if (!ids.includes(from)) {
    const near = suggest(from, ids);
    throw new BatonError(
      'step-not-found',
      `The pipeline ${first.name} has no step ${from}${near ? `; did you mean ${near}?` : `; it has ${ids.join(', ')}.`}`,
    );
  }

  const rootId = first.root_id ?? runId;
  // Two reruns asked for at once, of whichever run of the family, get different numbers.
  await tx.selectFrom('runs').select('id').where('id', '=', rootId).forUpdate().execute();
  const { count } = await tx
    .selectFrom('runs')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('root_id', '=', rootId)
    .executeTakeFirstOrThrow();
  const eventId = await appendEvent(tx, {
    organisationId: principal.organisationId,
    projectId: first.project_id,
    key,
    type: 'workflow.requested',
    actor: { kind: 'person', id: principal.personId, name: principal.handle },
    briefing: `${principal.handle} asked to rerun #${first.number} from ${from}`,
    payload: { rerunOf: runId, from, params, ...(override !== undefined && { override }) },
  });
  if (eventId === null)
    throw new BatonError('requested-already', 'This rerun was asked for already, with the same key.');

  const branchSuffix = `-r${count + 1}`;
  const input = first.input as unknown as RunInput;
  const recorded = await recordedSteps(tx, runId, first.plan, input.repository?.name ?? null);
  const { takeOver, startAt } = planRerun(first.plan, recorded, from);
  const run = await createRun(tx, {
    organisationId: principal.organisationId,
    projectId: first.project_id,
    workflowId: `${first.workflow_id.replace(/\/r\d+-\d+$/, '')}/r${count + 1}-${eventId}`,
    pipeline: { id: first.pipeline_id, name: first.name, version: first.version, plan: first.plan },
    repository: input.repository,
    issue: first.issue_id !== null && input.issue ? { id: first.issue_id, context: input.issue } : null,
    context: input.context,
    ...(input.branch !== undefined && { branch: input.branch }),
    priority: input.priority,
    taskId: input.taskId,
    trigger: { kind: 'rerun', event: eventId, ...(override !== undefined && { override }) },
    requestedBy: { id: principal.personId, handle: principal.handle },
    branchSuffix,
    rerun: {
      of: runId,
      from,
      branch:
        first.branch === null
          ? null
          : { name: `${withoutSuffix(first.branch, input.branchSuffix)}${branchSuffix}`, startAt },
      takeOver,
      params,
      rootId,
    },
  });
  if (!run)
    throw new BatonError(
      'run-open-already',
      `Another run of ${first.name} is open for this issue; cancel it first, or watch it.`,
    );
  return run;
}

const withoutSuffix = (text: string, suffix: string): string =>
  suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;

/**
 * What a run recorded of its steps, in the order in which they ended. Each item of a mapped step that wrote something
 * has an entry before that of the step, which gets the newest commit of its items.
 */
export async function recordedSteps(
  tx: Tx,
  runId: string,
  plan: Plan,
  repository: string | null,
): Promise<RecordedStep[]> {
  const rows = await tx
    .selectFrom('steps')
    .select([
      'step as id',
      'item',
      'status',
      'commit',
      sql<number | null>`case when ended_at is null then null else rank() over (order by ended_at)::int end`.as(
        'endedAs',
      ),
    ])
    .where('run_id', '=', runId)
    .orderBy(sql`item is null`)
    .orderBy('ended_at')
    .execute();
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  const isElsewhere = (id: string) =>
    ![null, repository].includes((steps.get(id)?.repository ?? null) as string | null);
  const newest = new Map(
    rows.filter(({ item, commit }) => item !== null && commit !== null).map(({ id, commit }) => [id, commit]),
  );
  return rows
    .filter(({ item, commit }) => item === null || commit !== null)
    .map(({ item, ...row }) => ({
      ...row,
      commit: row.commit ?? (item === null ? (newest.get(row.id) ?? null) : null),
    }))
    .map((row) => ({ ...row, elsewhere: row.commit !== null && isElsewhere(row.id) }));
}

/** Where each step of a run was really done: in the run itself, or in the one that it took the result over from. */
export async function whereStepsWereDone(tx: Tx, runId: string): Promise<ReadonlyMap<string, string>> {
  const done = new Map<string, string>();
  let open: ReadonlySet<string> | null = null;
  for (let current: string | null = runId; current !== null;) {
    const row: { input: JsonObject } = await tx
      .selectFrom('runs')
      .select('input')
      .where('id', '=', current)
      .executeTakeFirstOrThrow();
    const { rerun } = row.input as unknown as RunInput;
    const steps = await tx
      .selectFrom('steps')
      .select('step')
      .where('run_id', '=', current)
      .where('item', 'is', null)
      .execute();
    const taken = new Set(rerun?.takeOver ?? []);
    for (const { step } of steps) if (!taken.has(step) && (open === null || open.has(step))) done.set(step, current);
    open = open === null ? taken : new Set([...taken].filter((step) => open!.has(step)));
    current = rerun?.of ?? null;
  }
  return done;
}
