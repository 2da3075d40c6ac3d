import { sql } from 'kysely';
import { flakyTests, LATELY, type TestResult } from '../domain/test-result.js';
import type { Tx } from './connection.js';

/** Executions of a repository's tests that are kept; an older one leaves with its results. */
const KEPT_RUNS = 200;

export interface TestRun {
  readonly organisationId: string;
  readonly repositoryId: string;
  readonly runId: string;
  readonly step: string;
  readonly item: number | null;
  readonly attempt: number;
  readonly commit: string;
  /** The content of the commit. */
  readonly tree: string;
}

/** Keeps what an execution of a repository's tests said of each, once. */
export async function recordTests(tx: Tx, of: TestRun, tests: readonly TestResult[]): Promise<void> {
  const run = await tx
    .insertInto('test_runs')
    .values({
      organisation_id: of.organisationId,
      repository_id: of.repositoryId,
      run_id: of.runId,
      step: of.step,
      item: of.item,
      attempt: of.attempt,
      commit: of.commit,
      tree: of.tree,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!run) return;
  // By arrays: there may be more tests than a statement takes parameters.
  await sql`insert into test_results (organisation_id, test_run_id, position, name, verdict, duration_ms)
    select ${of.organisationId}, ${run.id}, * from unnest(
      ${tests.map((_, position) => position)}::int[], ${tests.map(({ name }) => name)}::text[],
      ${tests.map(({ verdict }) => verdict)}::text[], ${tests.map(({ durationMs }) => durationMs)}::int[])`.execute(tx);
  const kept = newestRuns(tx, of.repositoryId, KEPT_RUNS);
  await tx.deleteFrom('test_runs').where('repository_id', '=', of.repositoryId).where('id', 'not in', kept).execute();
}

/** Which of these tests have been flaky in the repository lately. */
export async function flakyAmong(tx: Tx, repositoryId: string, names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const rows = await tx
    .selectFrom('test_results as r')
    .innerJoin('test_runs as t', 't.id', 'r.test_run_id')
    .select(['r.name', 'r.verdict', 't.tree'])
    .where('t.id', 'in', newestRuns(tx, repositoryId, LATELY))
    .where((eb) => eb('r.name', '=', eb.fn.any(eb.val([...names]))))
    .execute();
  return flakyTests(rows);
}

const newestRuns = (tx: Tx, repositoryId: string, limit: number) =>
  tx
    .selectFrom('test_runs')
    .select('id')
    .where('repository_id', '=', repositoryId)
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(limit);
