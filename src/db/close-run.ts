import { sql } from 'kysely';
import type { Tx } from './connection.js';
import { SYSTEM } from './events.js';
import { cancelOpenQuestions } from './questions.js';
import type { Actor } from './schema.js';

/**
 * Ends what a run that ends leaves open, its questions, steps and approvals, each with its event; what has ended
 * stays as it ended.
 */
export async function closeOpenEnds(
  tx: Tx,
  runId: string,
  status: 'skipped' | 'cancelled',
  actor: Actor = SYSTEM,
): Promise<void> {
  await cancelOpenQuestions(tx, runId, actor);
  await sql`
    with run as (
      select id, organisation_id, project_id, repository_id, number from runs where id = ${runId}::uuid
    ), ended as (
      update steps set status = ${status}::text, ended_at = clock_timestamp() from run
      where run_id = run.id and status in ('pending', 'running', 'waiting')
      returning step, item, name, position
    ), settled as (
      update approvals set status = 'cancelled', settled_at = clock_timestamp() from run
      where run_id = run.id and approvals.status = 'open' returning step
    ), happened as (
      select step || coalesce('/' || item, '') || '/' || ${status}::text as key, 'step.' || ${status}::text as type,
        name || coalesce(' (' || item + 1 || ')', '') || ': ' || ${status}::text as briefing,
        jsonb_strip_nulls(jsonb_build_object('step', step, 'item', item, 'status', ${status}::text)) as payload,
        position, item, 1 as rank
      from ended
      union all
      select settled.step || '/approval.settled', 'approval.settled', name || ': cancelled',
        jsonb_build_object('step', settled.step, 'outcome', 'cancelled'), position, null, 0
      from settled join steps on steps.run_id = ${runId}::uuid and steps.step = settled.step and steps.item is null
    ), fresh as (
      insert into event_keys (organisation_id, key) select organisation_id, run.id::text || '/' || key from happened, run
      on conflict do nothing returning key
    )
    insert into events (organisation_id, project_id, key, type, run_id, repository_id, actor, briefing, payload)
    select organisation_id, project_id, fresh.key, type, run.id, repository_id, ${JSON.stringify(actor)}::jsonb,
      '#' || number || ' ' || briefing, payload
    from run, happened join fresh on fresh.key = ${runId}::text || '/' || happened.key
    order by position, item nulls last, rank`.execute(tx);
}
