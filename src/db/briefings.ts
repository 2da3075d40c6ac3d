import { sql } from 'kysely';
import { requirementsByRole } from '../domain/context/requirements.js';
import { BatonError } from '../domain/errors.js';
import type { Tx } from './connection.js';
import { groupBy } from './group-by.js';
import { getTask } from './task-views.js';

const EVENTS = 10;
const LOG = 20;

/** Of which run, or of the newest one of which task. */
export type Briefed = { readonly run: string } | { readonly task: string };

/**
 * What an agent has to know of its task, but for what lies in the repository: `context` is the artifact that has this, of
 * the newest attempt that was shown any. Throws `task-not-found`.
 */
export async function readBriefing(tx: Tx, of: Briefed) {
  const task = 'task' in of ? await getTask(tx, of.task) : null;
  const run = await tx
    .selectFrom('runs as r')
    .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
    .innerJoin('pipeline_versions as v', (join) =>
      join.onRef('v.pipeline_id', '=', 'r.pipeline_id').onRef('v.version', '=', 'r.pipeline_version'),
    )
    .leftJoin('issues as i', 'i.id', 'r.issue_id')
    .select(['r.id', 'r.number', 'p.name as pipeline', 'r.status', 'r.branch', 'r.task_id as taskId', 'v.plan'])
    .select(['i.number as issue', 'i.title', 'i.body', 'i.acceptance_criteria as acceptanceCriteria'])
    .where((eb) => ('task' in of ? eb('r.task_id', '=', of.task) : eb('r.id', '=', of.run)))
    .orderBy('r.number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!run) {
    if (task === null) throw new BatonError('run-not-found', 'There is no such run.');
    return { ...NOTHING, task };
  }
  const { taskId, plan, issue, title, body, acceptanceCriteria, ...shown } = run;
  const runs = taskId === null ? [run.id] : await runsOf(tx, taskId);
  return {
    task: task ?? (taskId === null ? null : await getTask(tx, taskId)),
    run: shown,
    issue:
      issue === null ? null : { number: issue, title: title!, body: body!, acceptanceCriteria: acceptanceCriteria! },
    log: await logOf(tx, runs),
    requirements: requirementsByRole(plan, await requiredBySteps(tx, run.id)),
    events: await newestEvents(tx, runs),
    questions: await openQuestions(tx, runs),
    context: await newestContext(tx, runs),
  };
}

const NOTHING = {
  ...{ task: null, run: null, issue: null, log: [], requirements: [] },
  ...{ events: [], questions: [], context: null },
};

const runsOf = async (tx: Tx, taskId: string): Promise<readonly string[]> =>
  (await tx.selectFrom('runs').select('id').where('task_id', '=', taskId).execute()).map(({ id }) => id);

/** What was done so far, oldest first: the newest attempts of it. */
const logOf = async (tx: Tx, runs: readonly string[]) =>
  (
    await tx
      .selectFrom('attempts as t')
      .innerJoin('runs as r', 'r.id', 't.run_id')
      .leftJoin('agents as a', 'a.id', 't.agent_id')
      .select([
        'r.number as run',
        't.step',
        't.item',
        't.attempt',
        'a.name as agent',
        't.status',
        't.summary',
        't.commit',
      ])
      .select(['t.started_at as startedAt', sql<string | null>`t.error->>'message'`.as('error')])
      .where('t.run_id', 'in', [...runs])
      .orderBy('t.started_at', 'desc')
      .limit(LOG)
      .execute()
  ).reverse();

async function requiredBySteps(tx: Tx, run: string): Promise<Record<string, readonly string[]>> {
  const rows = await tx
    .selectFrom('checklist_items')
    .select(['step', 'text'])
    .where('run_id', '=', run)
    .where('source', '=', 'required')
    .orderBy('position')
    .execute();
  const steps = groupBy(rows, ({ step }) => step);
  return Object.fromEntries([...steps].map(([step, items]) => [step, [...new Set(items.map(({ text }) => text))]]));
}

const newestEvents = (tx: Tx, runs: readonly string[]) =>
  tx
    .selectFrom('events')
    .select(['at', 'type', 'briefing'])
    .where('run_id', 'in', [...runs])
    .orderBy('id', 'desc')
    .limit(EVENTS)
    .execute();

const openQuestions = (tx: Tx, runs: readonly string[]) =>
  tx
    .selectFrom('questions')
    .select(['id', 'step', 'text', 'options', 'asked_at as askedAt'])
    .where('run_id', 'in', [...runs])
    .where('status', '=', 'open')
    .orderBy('asked_at')
    .execute();

const newestContext = async (tx: Tx, runs: readonly string[]) =>
  (await tx
    .selectFrom('artifacts')
    .select(['id', 'bytes'])
    .where('run_id', 'in', [...runs])
    .where('kind', '=', 'context')
    .where('closed', '=', true)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()) ?? null;
