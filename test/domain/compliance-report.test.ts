import type { Violation } from '../../src/domain/compliance.js';
import { commonScore, findingOfViolation, type ReportedCompliance } from '../../src/domain/compliance-report.js';
import { toMarkdown } from '../../src/domain/report-block.js';
import { summariseReport, writeReport, type Reported } from '../../src/domain/report.js';

const violation = (more: Partial<Violation> = {}): Violation => ({
  rule: 'soc2-key',
  standard: 'SOC2',
  reference: 'CC6.1',
  severity: 'ERROR',
  message: 'A key lies about',
  location: 'server.key',
  remediation: 'Take it out.',
  ...more,
});
const check = (repository: string, held: number, all: number, ...violations: Violation[]): ReportedCompliance => ({
  repository,
  score: Math.floor((100 * held) / all),
  weight: { held, all },
  standards: [{ standard: 'SOC2', score: 50, violations: violations.length }],
  violations,
});
const checks = [check('demo', 1, 2, violation()), check('site', 8, 8)];

describe('a violation', () => {
  it.each([
    ['server.key', 'server.key', null],
    ['a.js:3', 'a.js', 3],
    ['a.js:3, b.js:4', null, null],
    ['pull request #3', null, null],
    [null, null, null],
  ])('at %s is a finding of %s, line %s', (location, file, line) => {
    expect(findingOfViolation(violation({ location }))).toMatchObject({ file, line });
  });

  it('is a finding with its clause', () => {
    expect(findingOfViolation(violation())).toEqual({
      rule: 'SOC2 CC6.1 soc2-key',
      severity: 'high',
      message: 'A key lies about (server.key)',
      file: 'server.key',
      line: null,
      fix: 'Take it out.',
    });
    expect(findingOfViolation(violation({ severity: 'WARNING', location: null }))).toMatchObject({
      severity: 'medium',
      message: 'A key lies about',
    });
  });
});

const report = (more: Partial<Reported>): Reported => ({
  scans: [],
  others: [],
  compliance: [],
  coverage: { repositories: 0, gaps: [] },
  ...more,
});

describe('a report of compliance', () => {
  it('has one score for all repositories', () => {
    expect(commonScore(checks)).toBe(90);
    expect(summariseReport(report({ compliance: checks }))).toBe('score 90/100: 1 ERROR, 0 WARNING in 2 repositories');
    expect(
      summariseReport(report({ others: [{ ...findingOfViolation(violation()) }], compliance: checks.slice(1) })),
    ).toBe('score 100/100: nothing found in 1 repository; 1 high');
  });

  it('tells each repository with its standards, and what is broken with its remedy', () => {
    expect(toMarkdown(writeReport('The week', report({ compliance: checks })))).toBe(
      [
        '# The week',
        'score 90/100: 1 ERROR, 0 WARNING in 2 repositories.',
        '## demo: compliance',
        'Score 50/100; SOC2 50/100, 1 broken',
        '- **high SOC2 CC6.1 soc2-key server.key**\n  A key lies about (server.key)\n  *To mend it:* Take it out.',
        '## site: compliance',
        'Score 100/100; SOC2 50/100, 0 broken\n',
      ].join('\n\n'),
    );
  });
});
