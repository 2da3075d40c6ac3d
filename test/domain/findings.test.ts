import { limitFindings } from '../../src/domain/findings.js';
import type { Finding, Severity } from '../../src/domain/gate.js';

const finding = (message: string, severity: Severity = 'high', more: Partial<Finding> = {}): Finding => ({
  rule: 'x/y',
  severity,
  message,
  file: 'a.ts',
  line: 1,
  fix: null,
  ...more,
});
const limits = { findings: 3, characters: 5 };

describe('limitFindings', () => {
  it('takes the most severe, those of one severity in their order', () => {
    const all = [finding('1', 'low'), finding('2'), finding('3', 'critical'), finding('4'), finding('5', 'info')];
    expect(limitFindings(all, limits).map(({ message }) => message)).toEqual(['3', '2', '4']);
  });

  it('cuts each text, and takes out what cannot be kept', () => {
    const wild = finding('123456', 'low', { rule: 'a\0b', file: 'f\ud800', fix: 'abcdef' });
    expect(limitFindings([wild], limits)).toEqual([
      { rule: 'a\ufffdb', severity: 'low', message: '1234…', file: 'f\ufffd', line: 1, fix: 'abcd…' },
    ]);
  });

  it('cuts no surrogate pair in half', () => {
    expect(limitFindings([finding('123\u{1f600}6')], limits)[0]!.message).toBe('123\ufffd…');
  });

  it.each([0, -1, 1.5, 2 ** 31])('knows no line %d', (line) => {
    expect(limitFindings([finding('x', 'low', { line })], limits)[0]!.line).toBeNull();
  });

  it('keeps what a scanner knows a finding by', () => {
    expect(limitFindings([finding('x', 'low', { fingerprint: 'f0' })], limits)[0]!.fingerprint).toBe('f0');
  });

  it('leaves a finding on the change as a whole as it is', () => {
    const whole = finding('x', 'low', { file: null, line: null });
    expect(limitFindings([whole], limits)).toEqual([whole]);
  });
});
