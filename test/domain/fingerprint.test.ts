import fc from 'fast-check';
import { fingerprintTexts } from '../../src/domain/fingerprint.js';

const at = (line: number | null, anchor: string, more: object = {}) => ({
  rule: 'r',
  file: 'a.js',
  line,
  anchor,
  ...more,
});
const one = (finding: Parameters<typeof fingerprintTexts>[0][number]) => fingerprintTexts([finding])[0];

describe('a fingerprint', () => {
  it('stays when the line moves or is indented anew', () => {
    expect(one(at(3, 'const a  = 1;'))).toBe(one(at(90, '\t const a = 1; ')));
    expect(one(at(null, 'x'))).toBe(one(at(1, 'x')));
  });

  it('is another for another rule, file or text', () => {
    const texts = [
      at(1, 'x'),
      at(1, 'y'),
      at(1, 'x', { rule: 'q' }),
      at(1, 'x', { file: 'b.js' }),
      at(1, 'x', { file: null }),
    ].map(one);
    expect(new Set(texts).size).toBe(5);
  });

  it('tells equal lines of one file apart, by their order, whatever order they are given in', () => {
    expect(fingerprintTexts([at(9, 'x'), at(2, 'x')])).toEqual(['["r","a.js","x"]#2', '["r","a.js","x"]#1']);
  });

  it('takes what has no line for the first', () => {
    expect(fingerprintTexts([at(1, 'x'), at(null, 'x')]).map((text) => text.at(-1))).toEqual(['2', '1']);
  });

  it('is of one finding each, and does not change with lines put above all of them', () => {
    const findings = fc.uniqueArray(
      fc.record({
        rule: fc.constantFrom('r', 's'),
        line: fc.integer({ min: 1, max: 50 }),
        anchor: fc.constantFrom('x', 'y'),
      }),
      { selector: ({ rule, line }) => `${rule}${line}` },
    );
    fc.assert(
      fc.property(findings, fc.nat(100), (found, moved) => {
        const here = found.map((finding) => ({ ...finding, file: 'a.js' }));
        const there = here.map((finding) => ({ ...finding, line: finding.line + moved }));
        expect(new Set(fingerprintTexts(here)).size).toBe(found.length);
        expect(fingerprintTexts(there)).toEqual(fingerprintTexts(here));
      }),
    );
  });
});
