import { evidenceOf } from '../../src/db/evidence.js';
import { listFindings } from '../../src/db/gate-views.js';
import type { GateResult } from '../../src/domain/gate.js';
import { createRecord, type TestRecord } from '../api/record.js';

let record: TestRecord;
let runId: string;
beforeAll(async () => {
  record = await createRecord();
});
beforeEach(async () => {
  ({ id: runId } = await record.createRun());
});
afterAll(() => record.close());

const of = (attempt: number, commit: string) => ({
  organisation_id: record.organisationId,
  run_id: runId,
  step: 'work',
  item: null,
  attempt,
  commit,
});

const lint = (attempt: number, commit: string) =>
  record.inTx((tx) => {
    const result: GateResult = {
      gate: 'lint',
      commit,
      summary: '',
      command: null,
      exitCode: 1,
      tail: '',
      logArtifact: null,
      findings: [],
      durationMs: 1,
      verdict: 'fail',
    };
    return tx
      .insertInto('gate_results')
      .values({ ...of(attempt, commit), gate: 'lint', verdict: 'fail', summary: '', result: JSON.stringify(result) })
      .execute();
  });

const found = (attempt: number, commit: string, gate: string | null, rules: readonly string[]) =>
  record.inTx((tx) =>
    tx
      .insertInto('findings')
      .values(
        rules.map((rule, position) => ({
          ...of(attempt, commit),
          gate,
          position,
          rule,
          severity: 'low' as const,
          message: 'm',
          file: null,
          line: null,
          fix: null,
        })),
      )
      .execute(),
  );

describe('the evidence of a run', () => {
  it('has what the newest result of a gate found, and nothing that was mended since', async () => {
    await lint(1, 'first');
    await found(1, 'first', 'lint', ['mended']);
    await lint(2, 'second');
    await found(2, 'second', 'lint', ['mended by the rebase']);
    await lint(2, 'rebased');
    await found(2, 'rebased', 'lint', ['stands']);
    await found(1, 'base', null, ['reviewed']);
    const { findings } = await record.inTx((tx) => evidenceOf(tx, runId));
    expect(findings.map(({ rule, gate }) => [gate, rule])).toEqual([
      [null, 'reviewed'],
      ['lint', 'stands'],
    ]);
  });
});

describe('the findings of a run', () => {
  it('are shown with it as far as people read, those of reviewers all', async () => {
    const rules = Array.from({ length: 60 }, (_, index) => `rule ${index}`);
    await found(1, 'first', 'lint', rules);
    await found(1, 'first', null, rules);
    const findings = await record.inTx((tx) => listFindings(tx, runId));
    expect(findings.filter(({ view }) => view.gate === 'lint')).toHaveLength(50);
    expect(findings.filter(({ view }) => view.gate === null)).toHaveLength(60);
  });
});
