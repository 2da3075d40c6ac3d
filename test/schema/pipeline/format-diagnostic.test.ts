import type { Diagnostic } from '../../../src/schema/pipeline/diagnostic.js';
import { formatDiagnostic } from '../../../src/schema/pipeline/format-diagnostic.js';

const diagnostic: Diagnostic = {
  severity: 'error',
  code: 'unknown-role',
  message: 'there is no role `reviwer`',
  hint: 'did you mean `role:reviewer`?',
  file: 'p.yaml',
  line: 2,
  column: 8,
  pointer: '/steps/0/agent',
};

describe('formatDiagnostic', () => {
  it('is one line that editors can jump from', () => {
    expect(formatDiagnostic(diagnostic)).toBe(
      'p.yaml:2:8 error there is no role `reviwer` (did you mean `role:reviewer`?) [unknown-role]',
    );
  });

  it('shows the line with a caret under the column', () => {
    expect(formatDiagnostic({ ...diagnostic, hint: null }, 'steps:\r\nagent: role:reviwer\r\n')).toBe(
      [
        'p.yaml:2:8 error there is no role `reviwer` [unknown-role]',
        '  2 | agent: role:reviwer',
        '    |        ^',
      ].join('\n'),
    );
  });

  it('keeps tabs, and cuts a long line around the column', () => {
    expect(
      formatDiagnostic({ ...diagnostic, column: 3 }, '\n\t\tx')
        .split('\n')
        .slice(1),
    ).toEqual(['  2 | \t\tx', '    | \t\t^']);
    const [shown, caret] = formatDiagnostic({ ...diagnostic, column: 501 }, `\n${'a'.repeat(500)}X${'b'.repeat(500)}`)
      .split('\n')
      .slice(1);
    expect(shown!.length).toBeLessThan(130);
    expect(shown![caret!.indexOf('^')]).toBe('X');
  });

  it('leaves out a line that the source does not have', () => {
    expect(formatDiagnostic(diagnostic, 'one line')).not.toContain('\n');
  });
});
