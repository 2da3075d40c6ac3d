import { sql } from 'kysely';
import type { ScheduleTrigger, Trigger } from '../domain/plan.js';
import type { ScheduleRef } from '../domain/work.js';
import { withOrganisation, withRole, type Db, type Tx } from './connection.js';
import { schedulesOf } from './scheduled-runs.js';

/** What a pipeline's schedule is to be. */
export interface WantedSchedule extends ScheduleRef {
  readonly pipeline: string;
  /** Null: there is to be none. */
  readonly trigger: ScheduleTrigger | null;
  readonly paused: boolean;
}

/**
 * Every schedule that a pipeline has, or had in an earlier version: an active one runs, a draft's is paused, others are
 * gone.
 */
export async function wantedSchedules(db: Db): Promise<WantedSchedule[]> {
  const organisations = await withRole(db, 'baton_lookup', (tx) =>
    tx.selectFrom('organisations').select('id').execute(),
  );
  const wanted: WantedSchedule[] = [];
  for (const { id } of organisations) wanted.push(...(await withOrganisation(db, id, (tx) => schedulesIn(tx, id))));
  return wanted;
}

async function schedulesIn(tx: Tx, organisationId: string): Promise<WantedSchedule[]> {
  const { rows } = await sql<{
    readonly pipelineId: string;
    readonly pipeline: string;
    readonly state: 'active' | 'draft' | 'archived';
    readonly triggers: readonly Trigger[];
    readonly most: number;
  }>`
    select p.id as "pipelineId", p.name as pipeline, p.state, newest.plan->'triggers' as triggers, most::int
    from pipelines p
    join pipeline_versions newest on newest.pipeline_id = p.id and newest.version = p.version
    join lateral (
      select max(jsonb_array_length(jsonb_path_query_array(v.plan->'triggers', '$[*] ? (@.kind == "schedule")'))) as most
      from pipeline_versions v where v.pipeline_id = p.id
    ) counted on most > 0
    order by p.name`.execute(tx);
  return rows.flatMap(({ state, triggers, most, ...of }) => {
    const schedules = state === 'archived' ? [] : schedulesOf(triggers);
    return Array.from({ length: most }, (_, index) => ({
      ...of,
      organisationId,
      index,
      trigger: schedules[index] ?? null,
      paused: state === 'draft',
    }));
  });
}

export const SCHEDULES_CHANNEL = 'baton_schedules';

/** Has whoever keeps the schedules look at them again, once the transaction is in the record. */
export const announceSchedules = (tx: Tx): Promise<unknown> =>
  sql`select pg_notify(${SCHEDULES_CHANNEL}, '')`.execute(tx);
