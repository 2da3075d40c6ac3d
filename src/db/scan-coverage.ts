import { sql, type RawBuilder } from 'kysely';
import type { ScanCoverage } from '../domain/coverage.js';
import type { StepRef } from '../domain/work.js';
import type { Tx } from './connection.js';

/** One scan of one repository. `gap`: why it could not look at it; null: it could. */
export interface LookedAt {
  readonly scan: string;
  readonly repositoryId: string;
  readonly gap: { readonly why: string; readonly fix: string } | null;
}

/** Records what a scan could look at. The newest scan of the same step counts. */
export async function recordCoverage(
  tx: Tx,
  { run, step, item }: StepRef,
  { scan, repositoryId, gap }: LookedAt,
): Promise<void> {
  const said = { why: gap?.why ?? null, fix: gap?.fix ?? null };
  await tx
    .insertInto('scan_coverage')
    .values({
      organisation_id: run.organisationId,
      run_id: run.runId,
      step,
      item,
      scan,
      repository_id: repositoryId,
      ...said,
    })
    .onConflict((conflict) => conflict.columns(['run_id', 'step', 'item', 'scan', 'repository_id']).doUpdateSet(said))
    .execute();
}

/** A rerun takes over what the scans of the steps that it does not repeat could look at. */
export async function copyCoverage(tx: Tx, runId: string, of: string, steps: readonly string[]): Promise<void> {
  await sql`
    insert into scan_coverage (organisation_id, run_id, step, item, scan, repository_id, why, fix)
    select organisation_id, ${runId}, step, item, scan, repository_id, why, fix
    from scan_coverage where run_id = ${of} and step = any(${steps})
    on conflict do nothing`.execute(tx);
}

/**
 * What the scans of a run, and of the runs that it called, could look at.
 *
 * @param steps only of these of its own steps; null: of all, and of called runs.
 */
export const coverageOfRun = (
  runId: RawBuilder<unknown>,
  steps: readonly string[] | null = null,
): RawBuilder<ScanCoverage> => sql<ScanCoverage>`(
  with recursive family as (
    select ${runId}::uuid as id
    union all
    select child.id from runs child join family on child.parent_id = family.id where ${steps}::text[] is null
  )
  select json_build_object(
    'repositories', count(distinct repository_id),
    'gaps', coalesce(
      json_agg(json_build_object('repository', name, 'scan', scan, 'why', why, 'fix', fix) order by name, scan, why)
        filter (where why is not null), '[]'))
  from (
    select distinct looked.repository_id, named.name, looked.scan, looked.why, looked.fix
    from scan_coverage looked join repositories named on named.id = looked.repository_id
    where looked.run_id in (select id from family)
      and (${steps}::text[] is null or looked.step = any(${steps}::text[]))
  ) of_run)`;

export async function readCoverage(
  tx: Tx,
  runId: string,
  steps: readonly string[] | null = null,
): Promise<ScanCoverage> {
  const { rows } = await sql<{ coverage: ScanCoverage }>`
    select ${coverageOfRun(sql`${runId}`, steps)} as coverage`.execute(tx);
  return rows[0]!.coverage;
}
