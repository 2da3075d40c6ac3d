import { sql, type RawBuilder } from 'kysely';
import type { Progress } from '../domain/checklist.js';
import type { Tx } from './connection.js';

/** How many of the newest times that the step succeeded say how long it usually takes, and how few say nothing. */
const MAX_TIMES = 20;
const MIN_TIMES = 3;
/** Of the same pipeline, the newest. */
const MAX_RUNS = 100;

/** The checklists of a run's steps, as people see them. */
export async function listChecklists(tx: Tx, runId: string) {
  const rows = await tx
    .selectFrom('checklist_items as c')
    .leftJoin('agents as a', 'a.id', 'c.agent_id')
    .select([
      'c.step',
      'c.item',
      'c.text',
      'c.source',
      'c.status',
      'c.note',
      'a.id as agentId',
      'a.name as agentName',
      'c.attempt',
      'c.changes',
      'c.changed_at as changedAt',
    ])
    .where('c.run_id', '=', runId)
    .orderBy('c.position')
    .orderBy('c.text')
    .execute();
  return rows.map(({ step, item, agentId, agentName, changes, changedAt, ...row }) => ({
    step,
    item,
    view: {
      ...row,
      by: agentId === null ? null : { id: agentId, name: agentName ?? '' },
      // Listed is not marked.
      at: changes === 0 ? null : changedAt,
    },
  }));
}

export interface RunProgress {
  readonly steps: Progress;
  readonly checklist: (Progress & { readonly next: string | null }) | null;
}

/** The column of a run's progress: its steps, and the checklists of those that are at work, wait or have failed. */
export const progressOfRun = (runId: RawBuilder<unknown>): RawBuilder<RunProgress> => sql<RunProgress>`
  json_build_object(
    'steps', (
      select json_build_object(
        'done', count(*) filter (where s.status in ('succeeded', 'skipped')), 'of', count(*))
      from steps s where s.run_id = ${runId} and s.item is null),
    'checklist', (
      select case when count(*) > 0 then json_build_object(
        'done', count(*) filter (where c.status = 'done'), 'of', count(*),
        'next', (array_agg(c.text order by s.position, c.item, c.position, c.text) filter (where c.status <> 'done'))[1]) end
      from checklist_items c
      join steps s on s.run_id = c.run_id and s.step = c.step and s.item is not distinct from c.item
      where c.run_id = ${runId} and s.status in ('running', 'waiting', 'failed')))`;

/**
 * How long the agents' steps of a run usually take, in seconds: the median of the newest times that they succeeded in
 * the newest runs of its pipeline.
 */
export async function usualSeconds(tx: Tx, runId: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ step: string; seconds: number }>`
    with newest as (
      select r.id from runs own join runs r on r.pipeline_id = own.pipeline_id
      where own.id = ${runId}::uuid and r.id <> own.id order by r.created_at desc limit ${MAX_RUNS}
    ), times as (
      select s.step, extract(epoch from s.ended_at - s.started_at)::float8 as seconds,
        row_number() over (partition by s.step order by s.ended_at desc) as nth
      from newest join steps s on s.run_id = newest.id
      where s.kind in ('agent', 'handoff') and s.item is null and s.status = 'succeeded'
        and s.started_at is not null and s.ended_at is not null
    )
    select step, percentile_cont(0.5) within group (order by seconds) as seconds
    from times where nth <= ${MAX_TIMES} group by step having count(*) >= ${MIN_TIMES}`.execute(tx);
  return new Map(rows.map(({ step, seconds }) => [step, Math.round(seconds)]));
}
