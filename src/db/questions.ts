import { sql } from 'kysely';
import type { Answer, Question } from '../domain/question.js';
import type { Tx } from './connection.js';
import { clearEscalation } from './escalations.js';
import { appendEvent } from './events.js';
import type { Actor } from './schema.js';

/** What an unanswered question is known by among escalations. */
export const questionSubject = (id: string): string => `question:${id}`;

export interface NewQuestion extends Question {
  readonly id: string;
  readonly organisationId: string;
  readonly runId: string;
  readonly step: string;
  readonly item: number | null;
  readonly attempt: number;
  readonly agentId: string | null;
  readonly askedBy: 'agent' | 'system';
  readonly workflowId: string;
  readonly answerers: readonly string[];
  readonly expiresAt: Date;
}

/** Opens a question; false where it was opened before. */
export async function insertQuestion(tx: Tx, question: NewQuestion): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('questions')
    .values({
      id: question.id,
      organisation_id: question.organisationId,
      run_id: question.runId,
      step: question.step,
      item: question.item,
      attempt: question.attempt,
      agent_id: question.agentId,
      asked_by: question.askedBy,
      workflow_id: question.workflowId,
      text: question.text,
      options: JSON.stringify(question.options),
      recommended: question.recommended,
      free_text: question.freeText,
      answerers: [...question.answerers],
      expires_at: question.expiresAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows !== 0n;
}

type Settled = { readonly status: 'expired' | 'cancelled' } | { readonly status: 'answered'; readonly answer: Answer };

/** Settles an open question, and what grew worse by it; gives who was asking, null where it was settled before. */
export async function settleQuestion(
  tx: Tx,
  id: string,
  settled: Settled,
): Promise<{ readonly agentId: string | null; readonly text: string } | null> {
  const row = await tx
    .updateTable('questions')
    .set({
      status: settled.status,
      settled_at: sql<Date>`clock_timestamp()`,
      ...(settled.status === 'answered' && {
        answered_by: settled.answer.by.id,
        answer: settled.answer.option,
        answer_text: settled.answer.text,
        reason: settled.answer.reason,
      }),
    })
    .where('id', '=', id)
    .where('status', '=', 'open')
    .returning(['agent_id as agentId', 'text'])
    .executeTakeFirst();
  if (!row) return null;
  await clearEscalation(tx, 'agent-blocked', questionSubject(id));
  if (row.agentId !== null) await settleAgent(tx, row.agentId);
  return row;
}

/** Closes what a run that ends still asks. */
export async function cancelOpenQuestions(tx: Tx, runId: string, actor: Actor): Promise<void> {
  const open = await tx
    .selectFrom('questions as q')
    .innerJoin('runs as r', 'r.id', 'q.run_id')
    .select([
      'q.id',
      'q.step',
      'q.item',
      'r.organisation_id as organisationId',
      'r.project_id as projectId',
      'r.number',
    ])
    .where('q.run_id', '=', runId)
    .where('q.status', '=', 'open')
    .execute();
  for (const { id, step, item, organisationId, projectId, number } of open) {
    if (!(await settleQuestion(tx, id, { status: 'cancelled' }))) continue;
    await appendEvent(tx, {
      organisationId,
      projectId,
      key: `${runId}/${step}${item === null ? '' : `/${item}`}/question/${id}/cancelled`,
      type: 'question.closed',
      runId,
      actor,
      briefing: `#${number} ${step}: the question is not asked any more`,
      payload: { step, ...(item !== null && { item }), question: id, outcome: 'cancelled' },
    });
  }
}

/** Says what an agent is about now: at work, waiting for people, or neither. One that is paused or away stays so. */
export async function settleAgent(tx: Tx, agentId: string): Promise<void> {
  // Two that end at once would each see the other still at work: the second looks when the first is done.
  await tx.selectFrom('agents').select('id').where('id', '=', agentId).forUpdate().execute();
  await sql`
    update agents set status = case
      when exists (select from attempts where agent_id = agents.id and status = 'running') then 'working'
      when exists (select from questions where agent_id = agents.id and status = 'open') then 'waiting-for-input'
      else 'idle' end
    where id = ${agentId}::uuid and status in ('idle', 'working', 'waiting-for-input')`.execute(tx);
}

/**
 * Says whether an open run waits for nothing but people: a step waits and none runs; of a step with items those count
 * that are open. Gives what is new; null where it is as it was.
 */
export async function settleRunStatus(tx: Tx, runId: string): Promise<'running' | 'waiting' | null> {
  const { rows } = await sql<{ status: 'running' | 'waiting'; was: string }>`
    with moving as (
      select s.status from steps s where s.run_id = ${runId}::uuid and s.status in ('running', 'waiting')
        and not (s.item is null and exists (
          select from steps i
          where i.run_id = s.run_id and i.step = s.step and i.item is not null and i.status in ('running', 'waiting')))
    ), known as (
      select id, status as was, case
        when exists (select from moving where status = 'waiting') and not exists (select from moving where status = 'running')
        then 'waiting' else 'running' end as status
      from runs where id = ${runId}::uuid and status in ('running', 'waiting')
    )
    update runs set status = known.status from known where runs.id = known.id
    returning runs.status, known.was`.execute(tx);
  return rows[0] === undefined || rows[0].status === rows[0].was ? null : rows[0].status;
}
