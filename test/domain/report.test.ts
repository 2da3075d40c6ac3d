import { toMarkdown } from '../../src/domain/report-block.js';
import { mendOf, summariseReport, writeReport, type ReportedScan } from '../../src/domain/report.js';

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

describe('a report', () => {
  it('is summed up in a line', () => {
    expect(summariseReport([scan(), unclear], [])).toBe(
      '1 critical in 2 scans of 1 repository; 1 of 1 repository could not be looked at completely: demo',
    );
    expect(summariseReport([scan(), scan({ repository: 'other', findings: [] })], [])).toBe(
      '1 critical in 2 scans of 2 repositories',
    );
    expect(summariseReport([], [finding])).toBe('1 critical');
    expect(summariseReport([unclear, unclear], [])).toBe(
      'nothing found in 2 scans of 1 repository; 1 of 1 repository could not be looked at completely: demo',
    );
  });

  it('counts and names the repositories that could not be looked at', () => {
    const names = Array.from({ length: 12 }, (_, index) => `r${String(index).padStart(2, '0')}`);
    const scans = [...names.map((repository) => ({ ...unclear, repository })), scan({ findings: [] })];
    expect(summariseReport(scans, [])).toBe(
      `nothing found in 13 scans of 13 repositories; 12 of 13 repositories could not be looked at completely: ${names.slice(0, 10).join(', ')} and 2 more`,
    );
  });

  it('says what would make a scan whole', () => {
    expect(mendOf(scan())).toBeNull();
    expect(mendOf(unclear)).toBe('Install it.');
    expect(mendOf(scan({ result: { verdict: 'fail', summary: '', partial: 'Mend it.' } }))).toBe('Mend it.');
  });

  it('is Markdown in which what was found is text', () => {
    const bare = { ...finding, file: null, fix: null, message: 'x' };
    expect(toMarkdown(writeReport('The week', [scan(), unclear], [bare, { ...finding, line: null }]))).toBe(
      [
        '# The week',
        '3 critical in 2 scans of 1 repository; 1 of 1 repository could not be looked at completely: demo.',
        '## demo: secrets',
        'fail at 0123456789: 1 critical',
        '- **critical gitleaks/key a.js:2**\n  a \\*key\\*\n  *To mend it:* Revoke it.',
        '## demo: sast',
        'inconclusive at 0123456789: no tool',
        'Inconclusive. To mend it: Install it.',
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
