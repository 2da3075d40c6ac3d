import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { AgentReport, StepWork } from '../domain/step-work.js';
import { withRole, type Db, type Tx } from './connection.js';

/** An agent that calls for more has lost its way. */
const MAX_CALLS = 1_000;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

const ofAttempt = ({ ref, attempt }: Pick<StepWork, 'ref' | 'attempt'>) => ({
  run_id: ref.run.runId,
  step: ref.step,
  attempt,
});

/**
 * Makes the token of an attempt, in clear this once, in the place of one that was made before: what an earlier
 * execution of the attempt submitted does not count any more, for what it stood for may be lost.
 */
export async function makeStepToken(tx: Tx, { ref, attempt, agent, action }: StepWork): Promise<string> {
  const token = `baton_step_${randomBytes(32).toString('base64url')}`;
  const about: StepWork = { ref, attempt, agent: { id: agent.id, name: agent.name }, action };
  await endStepToken(tx, { ref, attempt });
  await tx
    .insertInto('step_tokens')
    .values({
      ...ofAttempt({ ref, attempt }),
      item: ref.item,
      organisation_id: ref.run.organisationId,
      hash: hashOf(token),
      about: JSON.stringify(about),
    })
    .execute();
  await tx
    .updateTable('attempts')
    .set({ report: null })
    .where((eb) => eb.and(ofAttempt({ ref, attempt })))
    .where('item', 'is not distinct from', ref.item)
    .where(sql`report->>'kind'`, '=', 'submission')
    .execute();
  return token;
}

/** The attempt's token opens nothing any more. */
export async function endStepToken(tx: Tx, of: Pick<StepWork, 'ref' | 'attempt'>): Promise<void> {
  await tx
    .deleteFrom('step_tokens')
    .where((eb) => eb.and(ofAttempt(of)))
    .where('item', 'is not distinct from', of.ref.item)
    .execute();
}

/** Whose token it is: what `useStepToken` takes; null where nobody knows it. */
export const findStepToken = (db: Db, token: string): Promise<{ hash: Buffer; organisationId: string } | null> =>
  withRole(db, 'baton_lookup', async (tx) => {
    const row = await tx
      .selectFrom('step_tokens')
      .select(['hash', 'organisation_id as organisationId'])
      .where('hash', '=', hashOf(token))
      .executeTakeFirst();
    return row ?? null;
  });

/** What becomes of a call. */
export type StepUse =
  | { readonly kind: 'good'; readonly work: StepWork; readonly report: AgentReport | null }
  | { readonly kind: 'ended' }
  | { readonly kind: 'too-many'; readonly most: number };

/** Takes a token for one call: one call of an attempt after the other, and none after its end. */
export async function useStepToken(tx: Tx, hash: Buffer): Promise<StepUse> {
  const row = await tx
    .updateTable('step_tokens')
    .set((eb) => ({ calls: eb('calls', '+', 1) }))
    .where('hash', '=', hash)
    .returning(['about', 'calls'])
    .executeTakeFirst();
  if (!row) return { kind: 'ended' };
  const { about: work, calls } = row;
  const attempt = await tx
    .selectFrom('attempts')
    .select('report')
    .where((eb) => eb.and(ofAttempt(work)))
    .where('item', 'is not distinct from', work.ref.item)
    .where('status', '=', 'running')
    .executeTakeFirst();
  if (!attempt) return { kind: 'ended' };
  if (calls > MAX_CALLS) return { kind: 'too-many', most: MAX_CALLS };
  return { kind: 'good', work, report: attempt.report };
}

/** Keeps what ends the attempt. */
export async function keepReport(tx: Tx, of: Pick<StepWork, 'ref' | 'attempt'>, report: AgentReport): Promise<void> {
  await tx
    .updateTable('attempts')
    .set({ report: JSON.stringify(report) })
    .where((eb) => eb.and(ofAttempt(of)))
    .where('item', 'is not distinct from', of.ref.item)
    .execute();
}

/** What the attempt's agent reported that ends it; null: nothing. */
export async function readReport(tx: Tx, of: Pick<StepWork, 'ref' | 'attempt'>): Promise<AgentReport | null> {
  const row = await tx
    .selectFrom('attempts')
    .select('report')
    .where((eb) => eb.and(ofAttempt(of)))
    .where('item', 'is not distinct from', of.ref.item)
    .executeTakeFirst();
  return row?.report ?? null;
}
