import { gatesNotSetUp, judgeFindings, judgeGates } from '../../src/domain/attempt.js';
import type { Finding, GateResult } from '../../src/domain/gate.js';

const result = (verdict: 'pass' | 'fail' | 'inconclusive', gate: GateResult['gate'] = 'tests'): GateResult => ({
  gate,
  findings: [],
  commit: '0123456789abcdef',
  summary: `${gate} ${verdict}`,
  command: 'npm test',
  exitCode: 1,
  tail: '',
  logArtifact: null,
  durationMs: 1,
  ...(verdict === 'inconclusive' ? { verdict, mend: 'Install the tool.' } : { verdict }),
});
const finding = (severity: Finding['severity'], place: Partial<Finding> = {}): Finding => ({
  rule: 'no-eval',
  severity,
  message: 'eval is used',
  file: null,
  line: null,
  fix: null,
  ...place,
});

describe('judgeGates', () => {
  it('is done when all gates pass, and when there are none', () => {
    expect(judgeGates([])).toEqual({ kind: 'done' });
    expect(judgeGates([result('pass'), result('pass', 'lint')])).toEqual({ kind: 'done' });
  });

  it('lets the agent mend what failed, and hands back only that', () => {
    const failed = result('fail', 'lint');
    expect(judgeGates([result('pass'), failed])).toEqual({
      kind: 'again',
      failure: {
        code: 'gate-failed',
        message: 'gate lint failed on 0123456789: lint fail',
        gates: [failed],
        findings: [],
      },
    });
  });

  it('names every gate that failed', () => {
    expect(judgeGates([result('fail'), result('fail', 'lint')])).toMatchObject({
      failure: { message: 'gate tests failed on 0123456789: tests fail; gate lint failed on 0123456789: lint fail' },
    });
  });

  it('says of a gate that hung that it did, and lets the agent mend it', () => {
    const hung = { ...result('fail'), hung: true } as const;
    expect(judgeGates([result('fail', 'lint'), hung])).toMatchObject({
      kind: 'again',
      failure: { code: 'safety-net-triggered', gates: [result('fail', 'lint'), hung] },
    });
  });

  it('gives the last lines of a command in which nothing was found by name, and of one that was not decided', () => {
    const tail = `first\n${'x\n'.repeat(10)}the end\n`;
    const unread = { ...result('fail'), tail, findings: [{ ...finding('high'), rule: 'tests' }] };
    const lines = ` Its last lines:\n${'x\n'.repeat(7)}the end`;
    const read = { ...result('fail', 'lint'), tail: 'no-eval', findings: [finding('high')] };
    expect(judgeGates([unread, read])).toMatchObject({
      failure: {
        message: `gate tests failed on 0123456789: tests fail.${lines}\ngate lint failed on 0123456789: lint fail`,
      },
    });
    expect(judgeGates([{ ...result('inconclusive'), tail }])).toMatchObject({
      failure: {
        message: `gate tests is inconclusive on 0123456789: tests inconclusive. Install the tool.${lines}`,
      },
    });
    expect(judgeGates([{ ...result('inconclusive'), command: null, tail }])).toMatchObject({
      failure: { message: 'gate tests is inconclusive on 0123456789: tests inconclusive. Install the tool.' },
    });
  });

  it('fails for good on an inconclusive gate, whatever the others say, and says what would mend it', () => {
    expect(judgeGates([result('fail'), result('inconclusive', 'coverage'), result('pass')])).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'gate-inconclusive',
        message: 'gate coverage is inconclusive on 0123456789: coverage inconclusive. Install the tool.',
      },
    });
  });
});

describe('gates that the repository has no command for', () => {
  const notSetUp: GateResult = { ...result('inconclusive', 'coverage'), command: null };

  it('are asked for after the agent has corrected what failed, where people can be asked', () => {
    const results = [result('fail'), notSetUp];
    expect(judgeGates(results, { asks: true })).toMatchObject({ kind: 'again', failure: { code: 'gate-failed' } });
    expect(judgeGates(results)).toMatchObject({ kind: 'failed', failure: { code: 'gate-inconclusive' } });
    expect(judgeGates([notSetUp], { asks: true })).toMatchObject({ kind: 'failed' });
    const unclear = [result('fail'), result('inconclusive', 'lint')];
    expect(judgeGates(unclear, { asks: true })).toMatchObject({ kind: 'failed' });
  });

  it('can be gone on without, unless anything else did not pass', () => {
    expect(gatesNotSetUp([result('pass'), notSetUp])).toEqual(['coverage']);
    expect(gatesNotSetUp([result('fail'), notSetUp])).toEqual([]);
    expect(gatesNotSetUp([result('inconclusive', 'lint'), notSetUp])).toEqual([]);
    expect(gatesNotSetUp([{ ...notSetUp, gate: 'secrets' }])).toEqual([]);
  });
});

describe('judgeFindings', () => {
  it('lets pass what lies below the threshold', () => {
    expect(judgeFindings([finding('medium')], 'high')).toEqual({ kind: 'done' });
    expect(judgeFindings([finding('critical')], 'never')).toEqual({ kind: 'done' });
  });

  it('stops at the threshold, and gives all findings at or above it as the reason', () => {
    const [high, critical] = [finding('high'), finding('critical', { file: 'a.ts', line: 3 })];
    expect(judgeFindings([finding('low'), high, critical], 'high')).toEqual({
      kind: 'failed',
      failure: {
        code: 'review-blocked',
        message: 'the review found high no-eval: eval is used and 1 more',
        gates: [],
        findings: [high, critical],
      },
    });
  });

  it('says where the first one is, as far as it is known', () => {
    expect(judgeFindings([finding('high', { file: 'a.ts', line: 3 })], 'low')).toMatchObject({
      failure: { message: 'the review found high no-eval in a.ts:3: eval is used' },
    });
    expect(judgeFindings([finding('high', { file: 'a.ts' })], 'low')).toMatchObject({
      failure: { message: 'the review found high no-eval in a.ts: eval is used' },
    });
  });
});
