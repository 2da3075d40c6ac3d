import { sql } from 'kysely';
import { describeOverride, type OverrideStanding } from '../domain/override.js';
import { isRunOpen } from '../domain/run-state.js';
import type { Tx } from './connection.js';

const overrides = (tx: Tx) =>
  tx
    .selectFrom('overrides as o')
    .leftJoin('steps as s', (join) =>
      join.onRef('s.run_id', '=', 'o.run_id').onRef('s.step', '=', 'o.step').on('s.item', 'is', null),
    )
    .leftJoin('runs as rerun', 'rerun.id', 'o.rerun_id')
    .select([
      'o.id',
      'o.kind',
      'o.step',
      's.name',
      'o.reason',
      sql<string | null>`o.details ->> 'agent'`.as('agent'),
      sql<string | null>`o.details ->> 'tier'`.as('tier'),
      sql<string>`o.actor ->> 'name'`.as('by'),
      'o.created_at as at',
      'rerun.number as rerun',
    ]);

const toOverride = ({ step, name, ...row }: Awaited<ReturnType<ReturnType<typeof overrides>['execute']>>[number]) => ({
  ...row,
  step: step === null ? null : { id: step, name: name ?? step },
  briefing: describeOverride({ ...row, step: name ?? step, to: row.agent ?? row.tier }),
});

/** How people stepped into a run, in order. */
export const listOverrides = async (tx: Tx, runId: string) =>
  (await overrides(tx).where('o.run_id', '=', runId).orderBy('o.created_at').orderBy('o.id').execute()).map(toOverride);

/** The override that a request made. */
export async function findOverride(tx: Tx, key: string) {
  const row = await overrides(tx).where('o.key', '=', key).executeTakeFirst();
  return row && toOverride(row);
}

/** Where a run stands in the record. `lock`: until the transaction ends it stays so. */
export async function overrideStanding(tx: Tx, runId: string, { lock }: { readonly lock: boolean }) {
  const run = await tx
    .selectFrom('runs as r')
    .innerJoin('pipeline_versions as v', (join) =>
      join.onRef('v.pipeline_id', '=', 'r.pipeline_id').onRef('v.version', '=', 'r.pipeline_version'),
    )
    .select([
      'r.id',
      'r.number',
      'r.status',
      'r.paused',
      'r.held',
      'r.parent_id as parentId',
      'r.workflow_id as workflowId',
      'r.project_id as projectId',
      'r.repository_id as repositoryId',
      'v.plan',
    ])
    .where('r.id', '=', runId)
    .$if(lock, (query) => query.forUpdate('r'))
    .executeTakeFirstOrThrow();
  const steps = await tx
    .selectFrom('steps')
    .select(['step', 'status'])
    .where('run_id', '=', runId)
    .where('item', 'is', null)
    .execute();
  const ending = await tx
    .selectFrom('overrides')
    .select('id')
    .where('run_id', '=', runId)
    .where('kind', 'in', ['cancel', 'reset'])
    .executeTakeFirst();
  const standing: OverrideStanding = {
    phase: isRunOpen(run.status) ? (ending ? 'ending' : 'open') : 'ended',
    paused: run.paused,
    called: run.parentId !== null,
    steps: run.plan.steps,
    statuses: new Map(steps.map(({ step, status }) => [step, status])),
  };
  return { run, standing };
}
