import { sql } from 'kysely';
import type { SetUpPurpose, SetUpStatus } from '../domain/set-up.js';
import type { StepRef } from '../domain/work.js';
import type { Tx } from './connection.js';

/** One set-up of a worktree; repeated after a crash it is the same one. */
export interface SetUpKey {
  readonly ref: StepRef;
  readonly attempt: number;
  readonly purpose: SetUpPurpose;
  readonly commit: string;
}

/** Records that a set-up's command begins. A repeated one begins anew. */
export async function beginSetUp(
  tx: Tx,
  key: SetUpKey,
  { command, network, logId }: { command: string; network: 'none' | 'host'; logId: string },
): Promise<void> {
  const begun = { command, network, log_id: logId, status: 'running', error: null, ended_at: null } as const;
  await tx
    .insertInto('set_ups')
    .values({ ...columnsOf(key), ...begun })
    .onConflict((conflict) =>
      conflict
        .columns(['run_id', 'step', 'item', 'attempt', 'purpose', 'commit'])
        .doUpdateSet({ ...begun, started_at: sql<Date>`clock_timestamp()` }),
    )
    .execute();
}

/** Records how a set-up ended, also of one whose command did not run. Returns how long it took, in ms. */
export async function endSetUp(
  tx: Tx,
  key: SetUpKey,
  {
    command,
    status,
    error,
    startedAt,
  }: { command: string; status: SetUpStatus; error: string | null; startedAt: Date },
): Promise<number> {
  const ended = { status, error, ended_at: sql<Date>`clock_timestamp()` };
  const { tookMs } = await tx
    .insertInto('set_ups')
    .values({ ...columnsOf(key), command, started_at: startedAt, ...ended })
    .onConflict((conflict) =>
      conflict.columns(['run_id', 'step', 'item', 'attempt', 'purpose', 'commit']).doUpdateSet(ended),
    )
    .returning(sql<number>`greatest(extract(epoch from ended_at - started_at) * 1000, 0)::float8`.as('tookMs'))
    .executeTakeFirstOrThrow();
  return tookMs;
}

const columnsOf = ({ ref, attempt, purpose, commit }: SetUpKey) => ({
  organisation_id: ref.run.organisationId,
  run_id: ref.run.runId,
  step: ref.step,
  item: ref.item,
  attempt,
  purpose,
  commit,
});

/** The set-ups of a run's steps, oldest first. */
export function listSetUps(tx: Tx, runId: string) {
  return tx
    .selectFrom('set_ups')
    .select([
      'step',
      'item',
      'attempt',
      'purpose',
      'commit',
      'command',
      'network',
      'status',
      'error',
      'log_id as log',
      'started_at as startedAt',
      'ended_at as endedAt',
    ])
    .where('run_id', '=', runId)
    .orderBy('started_at')
    .orderBy('id')
    .execute();
}
