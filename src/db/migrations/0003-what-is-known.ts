import { sql, type Kysely } from 'kysely';

/**
 * An act whose outcome nobody knows yet is told so in the audit trail; a try that holds an Idempotency-Key can say that
 * it is still at work, and old keys are found by their age.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run('alter table audit drop constraint audit_outcome_check');
  await run(
    "alter table audit add constraint audit_outcome_check check (outcome in ('success', 'failure', 'denied', 'unknown'))",
  );
  await run('alter table idempotency_keys add column claim uuid, add column claimed_until timestamptz');
  await run('create index idempotency_keys_by_age on idempotency_keys (organisation_id, created_at)');
}
