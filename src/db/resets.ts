import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import { announceRuns } from './announce-runs.js';
import type { Tx } from './connection.js';
import { requestRerun } from './reruns.js';

/**
 * Makes the run that goes on after a run that was reset, in the transaction in which that one ends: so it is there
 * exactly once, whatever dies. A rerun that is refused is told as a warning on the run: nothing keeps a run from its end.
 */
export async function startReset(tx: Tx, runId: string): Promise<void> {
  const reset = await tx
    .selectFrom('overrides')
    .select(['id', 'organisation_id as organisationId', 'step', 'actor'])
    .where('run_id', '=', runId)
    .where('kind', '=', 'reset')
    .where('rerun_id', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (!reset) return;
  const { id, organisationId, step, actor } = reset;
  await sql`savepoint reset`.execute(tx);
  try {
    const made = await requestRerun(tx, {
      principal: { organisationId, personId: actor.id!, handle: actor.name },
      runId,
      from: step!,
      params: {},
      key: `override/${id}`,
      override: id,
    });
    await tx.updateTable('overrides').set({ rerun_id: made.id }).where('id', '=', id).execute();
    await announceRuns(tx);
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    await sql`rollback to savepoint reset`.execute(tx);
    const warning = `It was reset to ${step!}, but no run goes on from there: ${error.message}`;
    await tx
      .updateTable('runs')
      .set((eb) => ({ warnings: eb.fn<string[]>('array_append', ['warnings', eb.val(warning)]) }))
      .where('id', '=', runId)
      .execute();
  }
}
