import { sql } from 'kysely';
import type { AgentOutcome } from '../../agents/harness.js';
import { openArtifact, replaceArtifact } from '../../artifacts/artifacts.js';
import type { Tx } from '../../db/connection.js';
import { settleAgent } from '../../db/questions.js';
import type { RecordedError } from '../../db/schema.js';
import type { AttemptFailure } from '../../domain/attempt.js';
import type { ActionMode } from '../../domain/catalogue.js';
import type { Execution } from '../../domain/execution.js';
import { cacheTokensOf, type ListPrice } from '../../domain/usage.js';
import type { Question } from '../../domain/question.js';
import type { Activities, AttemptRequest, AttemptResult } from '../../domain/work.js';
import type { ActivityDeps } from '../deps.js';
import { stepEvent } from '../../db/step-events.js';
import { persist } from '../persist.js';

export const attemptOf = (tx: Tx, { ref, attempt }: Pick<AttemptRequest, 'ref' | 'attempt'>) =>
  tx
    .updateTable('attempts')
    .where('run_id', '=', ref.run.runId)
    .where('step', '=', ref.step)
    .where('item', 'is not distinct from', ref.item)
    .where('attempt', '=', attempt);

const SANDBOX_OFF =
  'Agents of this run work without a sandbox (BATON_SANDBOX=off): they can reach all that the worker can.';

/** A warning on the run, once. */
export async function warn(tx: Tx, runId: string, warning: string): Promise<void> {
  await tx
    .updateTable('runs')
    .set((eb) => ({ warnings: eb.fn<string[]>('array_append', ['warnings', eb.val(warning)]) }))
    .where('id', '=', runId)
    .where((eb) => eb.not(eb(eb.val(warning), '=', eb.fn.any('warnings'))))
    .execute();
}

/** Writes that a set-up of the attempt runs with the host's network. */
export const recordHostNetwork = (deps: ActivityDeps, of: Pick<AttemptRequest, 'ref' | 'attempt'>): Promise<void> =>
  persist(deps, of.ref.run.organisationId, async (tx) => {
    await attemptOf(tx, of).set({ network: 'host' }).execute();
  });

/** Writes that the attempt's agent begins, and with what. */
export const recordExecution = (
  deps: ActivityDeps,
  of: Pick<AttemptRequest, 'ref' | 'attempt'>,
  beginning: Omit<Execution, 'at'>,
): Promise<void> =>
  persist(deps, of.ref.run.organisationId, async (tx) => {
    const execution: Execution = { at: new Date().toISOString(), ...beginning };
    await attemptOf(tx, of)
      .set({ executions: sql<string>`executions || ${JSON.stringify(execution)}::jsonb` })
      .execute();
  });

/** Opens the attempt's row; where it was opened before (`again`), says what is known to have come of it. */
export const openAttempt = (
  deps: ActivityDeps,
  request: AttemptRequest,
  base: string,
  mode: ActionMode,
): Promise<{ kind: 'open'; base: string; again: boolean } | { kind: 'ended'; result: AttemptResult }> =>
  persist(deps, request.ref.run.organisationId, async (tx) => {
    const { ref, attempt, agent } = request;
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('attempts')
      .values({
        organisation_id: ref.run.organisationId,
        run_id: ref.run.runId,
        step: ref.step,
        item: ref.item,
        attempt,
        agent_id: agent.id,
        base,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    const row = await tx
      .selectFrom('attempts')
      .select(['base', 'answered', 'status', 'error', 'question', 'commit', 'resume_at'])
      .where('run_id', '=', ref.run.runId)
      .where('step', '=', ref.step)
      .where('item', 'is not distinct from', ref.item)
      .where('attempt', '=', attempt)
      .executeTakeFirstOrThrow();
    const known = row.base ?? base;
    if (row.status === 'failed' && row.error) return { kind: 'ended', result: recordedFailure(known, row.error) };
    if (row.status === 'limited') return { kind: 'ended', result: recordedLimit(known, row) };
    if (row.question)
      return { kind: 'ended', result: { kind: 'asked', base: known, commit: row.commit, question: row.question } };
    if (row.answered && mode === 'analysis')
      return { kind: 'ended', result: { kind: 'worked', base: known, commit: null } };

    await tx
      .updateTable('agents')
      .set({ status: 'working' })
      .where('id', '=', agent.id)
      .where('status', '<>', 'paused')
      .execute();
    const unsafe = deps.isolation === 'off';
    if (unsafe) await warn(tx, ref.run.runId, SANDBOX_OFF);
    await stepEvent(tx, ref, {
      key: `${attempt}/agent.started`,
      type: 'agent.started',
      briefing: `${agent.name} works, attempt ${attempt}${unsafe ? `. ${SANDBOX_OFF}` : ''}`,
      actor: { kind: 'agent', id: agent.id, name: agent.name },
      payload: { agent: agent.name, attempt, action: request.action, sandbox: deps.isolation },
    });
    return { kind: 'open', base: known, again: numInsertedOrUpdatedRows === 0n };
  });

const recordedFailure = (base: string, { code, message, details }: RecordedError): AttemptResult => ({
  kind: 'failed',
  base,
  failure: { code, message, gates: [], findings: [] },
  retryable: details?.['retryable'] === true,
});

const recordedLimit = (
  base: string,
  { commit, error, resume_at }: { commit: string | null; error: RecordedError | null; resume_at: Date | null },
): AttemptResult => ({
  kind: 'limited',
  base,
  commit,
  provider: error!.details!['provider'] as string,
  resumeAtMs: resume_at!.getTime(),
  held: error!.details!['held'] === true,
});

/** Writes what the agent said, its usage and findings, before its tree is committed. */
export const recordAnswer = (
  deps: ActivityDeps,
  request: AttemptRequest,
  commit: string,
  outcome: AgentOutcome,
  listPrice: ListPrice | null,
): Promise<void> =>
  persist(deps, request.ref.run.organisationId, async (tx) => {
    const { ref, attempt } = request;
    const { organisationId, runId } = ref.run;
    const { usage } = outcome;
    const { cacheReadTokens, cacheWriteTokens } = cacheTokensOf(usage?.models ?? []);
    if (usage)
      await attemptOf(tx, request)
        .set({
          tokens_in: usage.inputTokens,
          tokens_out: usage.outputTokens,
          cache_read_tokens: cacheReadTokens,
          cache_write_tokens: cacheWriteTokens,
          cost_usd: usage.costUsd,
          list_price: listPrice && JSON.stringify(listPrice),
        })
        .execute();
    if (outcome.kind !== 'answered') {
      // Its next attempt goes on with the conversation.
      if (outcome.session) await attemptOf(tx, request).set({ session: outcome.session }).execute();
      return;
    }
    const { summary, findings, output, session } = outcome.answer;
    await attemptOf(tx, request).set({ summary, answered: true, session }).execute();
    await tx
      .deleteFrom('findings')
      .where('run_id', '=', runId)
      .where('step', '=', ref.step)
      .where('item', 'is not distinct from', ref.item)
      .where('attempt', '=', attempt)
      .where('gate', 'is', null)
      .execute();
    if (findings.length > 0) {
      await tx
        .insertInto('findings')
        .values(
          findings.map((finding, position) => ({
            organisation_id: organisationId,
            run_id: runId,
            step: ref.step,
            item: ref.item,
            attempt,
            gate: null,
            position,
            commit,
            ...finding,
          })),
        )
        .execute();
    }
    const artifact = await openArtifact(tx, {
      organisationId,
      runId,
      step: ref.step,
      item: ref.item,
      attempt,
      kind: 'output',
      name: 'output.json',
      mediaType: 'application/json',
    });
    await replaceArtifact(tx, artifact.id, Buffer.from(JSON.stringify(output)));
  });

/** Writes that the attempt ends with a question, and what it has edited so far. */
export const recordQuestion = (
  deps: ActivityDeps,
  request: AttemptRequest,
  { session, ...question }: Question & { readonly session: string | null },
  commit: string | null,
): Promise<void> =>
  persist(deps, request.ref.run.organisationId, async (tx) => {
    await attemptOf(tx, request)
      .set({ question: JSON.stringify(question), session, commit })
      .execute();
  });

/** Writes that the attempt's work is a commit. */
export const recordAttemptCommit = (deps: ActivityDeps, request: AttemptRequest, commit: string): Promise<void> =>
  persist(deps, request.ref.run.organisationId, async (tx) => {
    const { ref, attempt, agent } = request;
    await attemptOf(tx, request).set({ commit }).execute();
    await stepEvent(tx, ref, {
      key: `${attempt}/agent.commit`,
      type: 'agent.commit',
      briefing: `${agent.name} left ${commit.slice(0, 10)}`,
      actor: { kind: 'agent', id: agent.id, name: agent.name },
      payload: { agent: agent.name, attempt, commit },
    });
  });

const ENDS = {
  limited: 'agent.blocked',
  succeeded: 'agent.completed',
  failed: 'agent.failed',
  cancelled: 'agent.failed',
} as const;

/** Ends an attempt in the record, with its event. */
export async function endAttempt(
  tx: Tx,
  {
    ref,
    attempt,
    agent,
    status,
    error,
  }: Pick<AttemptRequest, 'ref' | 'attempt' | 'agent'> & {
    readonly status: 'asked' | 'limited' | 'succeeded' | 'failed' | 'cancelled';
    readonly error: RecordedError | null;
  },
): Promise<void> {
  const { numUpdatedRows } = await attemptOf(tx, { ref, attempt })
    .where('status', '=', 'running')
    .set({
      status,
      ended_at: new Date(),
      ...(error && { error: JSON.stringify({ code: error.code, message: error.message, details: error.details }) }),
    })
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) return;
  await settleAgent(tx, agent.id);
  // What comes of a question is told by the question.
  if (status === 'asked') return;
  await stepEvent(tx, ref, {
    key: `${attempt}/agent.ended`,
    type: ENDS[status],
    briefing: `${agent.name}, attempt ${attempt}: ${status}${error ? ` (${error.message})` : ''}`,
    actor: { kind: 'agent', id: agent.id, name: agent.name },
    payload: { agent: agent.name, attempt, status, ...(error && { code: error.code }) },
  });
}

/** Writes that the attempt ended at its provider's limit, or did not begin for a breaker, when it may go on, and what it has edited so far. */
export const recordLimit = (
  deps: ActivityDeps,
  request: AttemptRequest,
  { code, provider, message, resumeAtMs, commit, held }: Limit,
): Promise<void> =>
  persist(deps, request.ref.run.organisationId, async (tx) => {
    const resumeAt = new Date(resumeAtMs);
    await attemptOf(tx, request).set({ commit, resume_at: resumeAt }).execute();
    const said = `${provider} takes no more until ${resumeAt.toISOString()}: ${message}`;
    const error = { code, message: said, details: { provider, held } };
    await endAttempt(tx, { ...request, status: 'limited', error });
  });

interface Limit {
  readonly code: 'provider-limited' | 'agent-held-back';
  readonly provider: string;
  readonly message: string;
  readonly resumeAtMs: number;
  readonly commit: string | null;
  /** Whether it did not begin. */
  readonly held: boolean;
}

/** Writes why an attempt failed, and whether another may go better: begun again, the attempt ends with the same. */
export const recordAttemptFailure = (
  deps: ActivityDeps,
  request: AttemptRequest,
  { code, message }: AttemptFailure,
  retryable: boolean,
): Promise<void> =>
  persist(deps, request.ref.run.organisationId, (tx) =>
    endAttempt(tx, { ...request, status: 'failed', error: { code, message, details: { retryable } } }),
  );

/** Ends an attempt whose gates failed, before the next one begins. */
export const failAttempt =
  (deps: ActivityDeps): Activities['failAttempt'] =>
  ({ failure, ...of }) =>
    persist(deps, of.ref.run.organisationId, (tx) => endAttempt(tx, { ...of, status: 'failed', error: failure }));
