import { describeCoverage } from '../../src/domain/coverage.js';

const gap = (repository: string, scan = 'sast', why = 'ast-grep has no rules for Go') => ({
  repository,
  scan,
  why,
  fix: 'Lint it.',
});

describe('the coverage of scans', () => {
  it('says nothing where every repository was looked at', () => {
    expect(describeCoverage({ repositories: 3, gaps: [] })).toBeNull();
  });

  it('counts the repositories, and names those with the same reasons together', () => {
    const gaps = [gap('api'), gap('cli'), gap('docs', 'secrets', 'gitleaks is not installed'), gap('docs')];
    expect(describeCoverage({ repositories: 13, gaps })).toBe(
      '3 of 13 repositories could not be looked at: api, cli (static analysis: ast-grep has no rules for Go); docs (secrets: gitleaks is not installed; static analysis: ast-grep has no rules for Go)',
    );
  });

  it('names ten repositories at most, and cuts long reasons', () => {
    const gaps = Array.from({ length: 12 }, (_, index) => gap(`r${index}`, 'secrets', 'x'.repeat(500)));
    const line = describeCoverage({ repositories: 12, gaps })!;
    expect(line).toMatch(/^12 of 12 repositories could not be looked at: r0, .*, r9 \(secrets: x+…\); and 2 more$/);
    expect(line.length).toBeLessThan(300);
    expect(describeCoverage({ repositories: 1, gaps: [gap('api')] })).toMatch(/^1 of 1 repository could/);
  });
});
