import { toMarkdown } from '../../src/domain/report-block.js';
import { mendOf, summariseReport, writeReport, type Reported, type ReportedScan } from '../../src/domain/report.js';

const finding = {
  rule: 'gitleaks/key',
  severity: 'critical',
  message: 'a *key*',
  file: 'a.js',
  line: 2,
  fix: 'Revoke it.',
} as const;
const scan = (more: Partial<ReportedScan> = {}): ReportedScan => ({
  gate: 'secrets',
  repository: 'demo',
  commit: '0123456789abcdef',
  result: { verdict: 'fail', summary: '1 critical' },
  findings: [finding],
  ...more,
});
const unclear = scan({
  gate: 'sast',
  result: { verdict: 'inconclusive', summary: 'no tool', mend: 'Install it.' },
  findings: [],
});

const gap = { repository: 'demo', scan: 'sast', why: 'ast-grep has no rules for Go', fix: 'Lint it.' };
const report = (more: Partial<Reported>): Reported => ({
  scans: [],
  others: [],
  compliance: [],
  coverage: { repositories: 1, gaps: [] },
  ...more,
});

describe('a report', () => {
  it('is summed up in a line', () => {
    expect(summariseReport(report({ scans: [scan(), unclear], coverage: { repositories: 1, gaps: [gap] } }))).toBe(
      '1 critical in 2 scans of 1 repository; 1 of 1 repository could not be looked at: demo (static analysis: ast-grep has no rules for Go)',
    );
    expect(summariseReport(report({ scans: [scan(), scan({ repository: 'other', findings: [] })] }))).toBe(
      '1 critical in 2 scans of 2 repositories',
    );
    expect(summariseReport(report({ others: [finding] }))).toBe('1 critical');
  });

  it('says what would make a scan whole', () => {
    expect(mendOf(scan())).toBeNull();
    expect(mendOf(unclear)).toBe('Install it.');
    expect(mendOf(scan({ result: { verdict: 'fail', summary: '', partial: 'Mend it.' } }))).toBe('Mend it.');
  });

  it('is Markdown in which what was found is text', () => {
    const bare = { ...finding, file: null, fix: null, message: 'x' };
    expect(
      toMarkdown(
        writeReport(
          'The week',
          report({
            scans: [scan(), unclear],
            others: [bare, { ...finding, line: null }],
            coverage: { repositories: 1, gaps: [gap] },
          }),
        ),
      ),
    ).toBe(
      [
        '# The week',
        '3 critical in 2 scans of 1 repository; 1 of 1 repository could not be looked at: demo (static analysis: ast-grep has no rules for Go).',
        '## Could not be looked at',
        'demo, static analysis: ast-grep has no rules for Go. To fix it: Lint it.',
        '## demo: secrets',
        'fail at 0123456789: 1 critical',
        '- **critical gitleaks/key a.js:2**\n  a \\*key\\*\n  *To mend it:* Revoke it.',
        '## demo: sast',
        'inconclusive at 0123456789: no tool',
        '## Further findings',
        '- **critical gitleaks/key**\n  x',
        '- **critical gitleaks/key a.js**\n  a \\*key\\*\n  *To mend it:* Revoke it.',
        '',
      ]
        .join('\n\n')
        .replace(/\n\n$/, '\n'),
    );
  });
});
