import type { Severity } from '../../src/domain/gate.js';
import { countBySeverity, describeCounts, judgeScan, type ToolReport } from '../../src/domain/scan.js';
import { isScan } from '../../src/domain/gate.js';

const finding = (severity: Severity) =>
  ({ rule: 'r', severity, message: 'm', file: null, line: null, fix: null, anchor: null }) as const;
const proved: ToolReport = { tool: 'sure', findings: [], proof: 'looked', inconclusive: null };
const unclear = (tool: string, mend: string): ToolReport => ({
  tool,
  findings: [],
  inconclusive: { why: 'is away', mend },
});

describe('a scan', () => {
  it('passes when every tool looked and nothing blocks', () => {
    expect(judgeScan([proved], [], 'info')).toEqual({ verdict: 'pass', summary: 'nothing found by sure' });
    expect(judgeScan([proved], [finding('low')], 'high')).toEqual({ verdict: 'pass', summary: '1 low by sure' });
    expect(judgeScan([proved], [finding('critical')], 'never').verdict).toBe('pass');
  });

  it('fails when something blocks, also where a tool is unclear; then it says what is missing', () => {
    expect(judgeScan([proved], [finding('high')], 'high')).toEqual({ verdict: 'fail', summary: '1 high' });
    expect(judgeScan([proved, unclear('b', 'Mend b.')], [finding('high')], 'high')).toEqual({
      verdict: 'fail',
      summary: '1 high; inconclusive: b: is away',
      partial: 'Mend b.',
      why: 'b: is away',
    });
  });

  it('never passes while a tool is unclear, and says each way to mend it once', () => {
    const reports = [unclear('a', 'Mend it.'), unclear('b', 'Mend it.'), unclear('c', 'Mend c.'), proved];
    expect(judgeScan(reports, [finding('low')], 'high')).toEqual({
      verdict: 'inconclusive',
      summary: 'a: is away; b: is away; c: is away (1 low)',
      mend: 'Mend it. Mend c.',
      why: 'a: is away; b: is away; c: is away',
    });
  });

  it('says what its tools could not do as sentences', () => {
    const absent: ToolReport = {
      tool: 'osv',
      findings: [],
      inconclusive: { why: 'it is not installed', mend: 'Get it.' },
    };
    expect(judgeScan([absent, unclear('locks', 'Mend it.')], [], 'high')).toMatchObject({
      why: 'osv is not installed; locks: is away',
    });
  });

  it('is counted by severity', () => {
    const counts = countBySeverity([finding('critical'), finding('low'), finding('low')]);
    expect(counts).toEqual({ critical: 1, high: 0, medium: 0, low: 2, info: 0, total: 3 });
    expect(describeCounts(counts)).toBe('1 critical, 2 low');
    expect(describeCounts(countBySeverity([]))).toBe('nothing found');
  });

  it('is told from a gate that runs a command', () => {
    expect(isScan({ kind: 'secrets', failOn: 'info', network: false })).toBe(true);
    expect(isScan({ kind: 'tests' })).toBe(false);
  });
});
