import { Context } from '@temporalio/activity';
import type { Tx } from '../db/connection.js';
import { transitionTask } from '../db/tasks.js';
import { BRIEF, KEPT, limitFindings } from '../domain/findings.js';
import type { GateResult, GateSpec } from '../domain/gate.js';
import { BatonError } from '../domain/errors.js';
import { keepable } from '../domain/keepable.js';
import type { GateRequest, StepRef } from '../domain/work.js';
import { exclusively } from '../git/keyed-mutex.js';
import { runGate } from '../gates/run-gate.js';
import { changedDefinitions } from './changed-definitions.js';
import type { ActivityDeps } from './deps.js';
import { stepEvent } from './events.js';
import { persist } from './persist.js';
import { worktreePolicy } from './policies.js';
import { prepareWorktree, repositoryConfig } from './prepare-worktree.js';
import { RunLog } from './run-log.js';
import { checkOut, requireCommit, withWorktree, worktreeName, type Checkout } from './workspace.js';

/** Runs the gates of a step on a commit, in a fresh worktree of it. What was decided before a crash is not run again. */
export const runGates =
  (deps: ActivityDeps) =>
  (request: GateRequest): Promise<readonly GateResult[]> => {
    // Begun again while this process still has the execution before, it takes over what that one found.
    const { ref, attempt, commit } = request;
    const key = `gates/${worktreeName(ref, `${attempt}`)}/${commit}`;
    return exclusively(key, () => runOpenGates(deps, request), Context.current().cancellationSignal);
  };

async function runOpenGates(deps: ActivityDeps, request: GateRequest): Promise<readonly GateResult[]> {
  const { ref, attempt, repository, commit, gates } = request;
  const { organisationId } = ref.run;
  await persist(deps, organisationId, (tx) => transitionTask(tx, ref.run, 'testing', `${ref.step}/${attempt}`));
  const known = await recordedResults(deps, request);
  const open = gates.filter(({ kind }) => !known.some((result) => result.gate === kind));
  // Whoever recorded them may have crashed before the forge knew.
  for (const result of known) await publishCheck(deps, request, result);
  if (open.length === 0) return known;
  const checkout = await checkOut(deps, organisationId, repository.id);
  await requireCommit(checkout, ref, commit);
  const fresh = await checkCommit(deps, {
    checkout,
    ref,
    attempt,
    commit,
    gates: open,
    record: async (result) => {
      await recordResult(deps, request, result);
      await publishCheck(deps, request, result);
    },
  });
  return [...known, ...fresh];
}

interface CommitCheck {
  readonly checkout: Checkout;
  readonly ref: StepRef;
  readonly attempt: number;
  readonly commit: string;
  readonly gates: readonly GateSpec[];
  readonly record: (result: GateResult) => Promise<void>;
}

/** Runs gates on a commit of this host's clone, one after the other. */
export async function checkCommit(
  deps: ActivityDeps,
  { checkout, ref, attempt, commit, gates, record }: CommitCheck,
): Promise<GateResult[]> {
  const signal = Context.current().cancellationSignal;
  const purpose = `gates-${commit.slice(0, 12)}`;
  const log = await RunLog.open(deps, ref, attempt, `${purpose}.log`);
  try {
    return await withWorktree(deps, checkout, { ref, purpose, commit }, async (worktree, home) => {
      const config = await repositoryConfig(checkout, log);
      const policy = worktreePolicy(worktree, home, { writable: true });
      const unready = await prepareWorktree(deps, {
        ref,
        attempt,
        checkout,
        worktree,
        commit,
        config,
        policy,
        log,
        signal,
      }).then(
        () => null,
        (error: unknown) => {
          if (error instanceof BatonError && error.code === 'setup-failed') return error;
          throw error;
        },
      );
      const definitions = await changedDefinitions(checkout, commit);
      const results: GateResult[] = [];
      for (const spec of gates) {
        log.line(`gate ${spec.kind} on ${commit.slice(0, 10)}`);
        const result = unready
          ? unprepared(spec, commit, unready)
          : await runGate(spec, {
              execute: deps.execute,
              policy,
              config,
              commit,
              definitions,
              signal,
              log: (chunk) => log.write(chunk),
            });
        signal.throwIfAborted();
        log.line(`gate ${spec.kind}: ${result.verdict}, ${result.summary}`);
        const whole = { ...result, findings: limitFindings(result.findings, KEPT), logArtifact: log.id };
        await record(whole);
        results.push(brief(whole));
      }
      return results;
    });
  } finally {
    await log.close();
  }
}

const unprepared = ({ kind }: GateSpec, commit: string, error: BatonError): GateResult => ({
  gate: kind,
  commit,
  summary: 'the worktree could not be made ready',
  command: null,
  exitCode: null,
  tail: keepable(error.message.slice(-2_000)),
  logArtifact: null,
  findings: [],
  durationMs: 0,
  verdict: 'inconclusive',
  mend: error.message,
});

/** What the workflow carries: all findings are in the record. */
const brief = (result: GateResult): GateResult => ({ ...result, findings: limitFindings(result.findings, BRIEF) });

const recordedResults = (deps: ActivityDeps, { ref, attempt, commit, gates }: GateRequest): Promise<GateResult[]> =>
  persist(deps, ref.run.organisationId, async (tx) => {
    const rows = await tx
      .selectFrom('gate_results')
      .select('result')
      .where('run_id', '=', ref.run.runId)
      .where('step', '=', ref.step)
      .where('item', 'is not distinct from', ref.item)
      .where('attempt', '=', attempt)
      .where('commit', '=', commit)
      .execute();
    return rows.map(({ result }) => result).filter((result) => gates.some(({ kind }) => kind === result.gate));
  });

async function recordResult(
  deps: ActivityDeps,
  { ref, attempt, commit }: GateRequest,
  result: GateResult,
): Promise<void> {
  await persist(deps, ref.run.organisationId, async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('gate_results')
      .values({
        organisation_id: ref.run.organisationId,
        run_id: ref.run.runId,
        step: ref.step,
        item: ref.item,
        attempt,
        gate: result.gate,
        commit,
        verdict: result.verdict,
        summary: result.summary,
        result: JSON.stringify(brief(result)),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) await insertFindings(tx, { ref, attempt, commit }, result);
    await stepEvent(tx, ref, {
      key: `${attempt}/gate/${result.gate}/${commit}`,
      type: 'gate.completed',
      briefing: `gate ${result.gate} on ${commit.slice(0, 10)}: ${result.verdict}, ${result.summary}`,
      payload: { gate: result.gate, verdict: result.verdict, commit, attempt },
    });
  });
}

async function insertFindings(
  tx: Tx,
  { ref, attempt, commit }: Pick<GateRequest, 'ref' | 'attempt' | 'commit'>,
  { gate, findings }: GateResult,
): Promise<void> {
  if (findings.length === 0) return;
  const of = {
    organisation_id: ref.run.organisationId,
    run_id: ref.run.runId,
    step: ref.step,
    item: ref.item,
    attempt,
    gate,
    commit,
  };
  await tx
    .insertInto('findings')
    .values(findings.map((finding, position) => ({ ...of, position, ...finding })))
    .execute();
}

const CONCLUSION = { pass: 'success', fail: 'failure', inconclusive: 'neutral' } as const;

const publishCheck = (
  deps: ActivityDeps,
  { ref, repository, commit }: GateRequest,
  result: GateResult,
): Promise<void> =>
  deps.forge.check(ref.run.organisationId, {
    repositoryId: repository.id,
    commit,
    name: `baton/${result.gate}`,
    conclusion: CONCLUSION[result.verdict],
    summary: result.summary,
  });
