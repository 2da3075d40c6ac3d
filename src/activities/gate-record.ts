import type { Tx } from '../db/connection.js';
import { recordCoverage } from '../db/scan-coverage.js';
import { flakyAmong, recordTests } from '../db/test-results.js';
import { BRIEF, KEPT, limitFindings } from '../domain/findings.js';
import { SCAN_KINDS, type GateResult } from '../domain/gate.js';
import { mendOf } from '../domain/report.js';
import { failedTests, sayFailed } from '../domain/test-result.js';
import type { GateRequest } from '../domain/work.js';
import type { GateOutcome } from '../gates/gate.js';
import { treeOf } from '../git/clone.js';
import type { ActivityDeps } from './deps.js';
import { stepEvent } from '../db/step-events.js';
import { persist } from './persist.js';
import type { Checkout } from './workspace.js';

/** What the workflow carries: all findings are in the record. */
export const brief = (result: GateResult): GateResult => ({
  ...result,
  findings: limitFindings(result.findings, BRIEF),
});

/** What the gates of a step said of a commit already. */
export const recordedResults = (
  deps: ActivityDeps,
  { ref, attempt, commit, gates }: GateRequest,
): Promise<GateResult[]> =>
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

/** Keeps what a gate said, with all that it found and its event, once. */
export async function recordResult(
  deps: ActivityDeps,
  { ref, attempt, commit, repository, again }: GateRequest,
  whole: GateResult,
): Promise<void> {
  const result = { ...whole, findings: limitFindings(whole.findings, KEPT) };
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
        repository_id: repository.id,
        commit,
        verdict: result.verdict,
        summary: result.summary,
        result: JSON.stringify(brief(result)),
      })
      .onConflict((conflict) =>
        again === undefined
          ? conflict.doNothing()
          : conflict
              .columns(['run_id', 'step', 'item', 'attempt', 'gate', 'commit'])
              .doUpdateSet((eb) => ({
                verdict: eb.ref('excluded.verdict'),
                summary: eb.ref('excluded.summary'),
                result: eb.ref('excluded.result'),
              }))
              .where('gate_results.verdict', '=', 'inconclusive'),
      )
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) {
      if (again !== undefined) await deleteFindings(tx, { ref, attempt, commit }, result);
      await insertFindings(tx, { ref, attempt, commit }, result);
    }
    if (SCAN_KINDS.some((kind) => kind === result.gate)) {
      const fix = mendOf({ result });
      const gap = fix === null ? null : { why: result.why ?? result.summary, fix };
      await recordCoverage(tx, ref, { scan: result.gate, repositoryId: repository.id, gap });
    }
    await stepEvent(tx, ref, {
      key: `${attempt}/gate/${result.gate}/${commit}${again === undefined ? '' : `/${again}`}`,
      type: 'gate.completed',
      briefing: `gate ${result.gate} on ${commit.slice(0, 10)}: ${result.verdict}, ${result.summary}`,
      payload: { gate: result.gate, verdict: result.verdict, commit, attempt },
    });
  });
}

/** Keeps what each test did; of those that failed, the result says which have been flaky lately. */
export async function recordTestResults(
  deps: ActivityDeps,
  { ref, attempt, repository, commit }: GateRequest,
  { clone }: Checkout,
  { tests = [], lines: _, ...result }: GateOutcome,
): Promise<GateResult> {
  if (tests.length === 0) return result;
  const { organisationId, runId } = ref.run;
  const { step, item } = ref;
  const tree = await treeOf(clone, commit);
  const of = { organisationId, repositoryId: repository.id, runId, step, item, attempt, commit, tree };
  const failed = tests.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
  const flaky = await persist(deps, organisationId, async (tx) => {
    await recordTests(tx, of, tests);
    return flakyAmong(tx, repository.id, failed);
  });
  if (flaky.size === 0) return result;
  return { ...result, summary: sayFailed(tests, flaky) ?? result.summary, findings: failedTests(tests, flaky) };
}

const deleteFindings = (
  tx: Tx,
  { ref, attempt, commit }: Pick<GateRequest, 'ref' | 'attempt' | 'commit'>,
  { gate }: GateResult,
): Promise<unknown> =>
  tx
    .deleteFrom('findings')
    .where('run_id', '=', ref.run.runId)
    .where('step', '=', ref.step)
    .where('item', 'is not distinct from', ref.item)
    .where('attempt', '=', attempt)
    .where('commit', '=', commit)
    .where('gate', '=', gate)
    .execute();

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

/** Tells the forge. */
export const publishCheck = (
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
