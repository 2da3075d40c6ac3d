import { parseTap } from '../../../src/gates/reports/tap.js';

const point = (of: object) => ({ durationMs: null, message: null, file: null, line: null, ...of });

describe('TAP', () => {
  it('of node’s test runner names its tests with their suites', () => {
    const printed = `TAP version 13
# Subtest: a suite
    # Subtest: inner
    not ok 1 - inner
      ---
      duration_ms: 1.954252
      type: 'test'
      location: '/workspace/a.test.js:2:25'
      error: |-
        Expected values to be equal:
        ok 1 !== 2
      code: 'ERR_ASSERTION'
      ...
    # Subtest: good
    ok 2 - good
      ---
      duration_ms: 0.226313
      type: 'test'
      ...
    ok 3 - off # SKIP not now
    not ok 4 - later # TODO
    1..4
not ok 1 - a suite
  ---
  duration_ms: 4.17
  type: 'suite'
  error: '1 subtest failed'
  ...
# Subtest: an empty suite
ok 2 - an empty suite
  ---
  type: 'suite'
  ...
1..2
# pass 1`;
    expect(parseTap(printed)).toEqual([
      {
        name: 'a suite > inner',
        verdict: 'fail',
        durationMs: 2,
        message: 'Expected values to be equal:\nok 1 !== 2',
        file: '/workspace/a.test.js',
        line: 2,
      },
      point({ name: 'a suite > good', verdict: 'pass', durationMs: 0 }),
      point({ name: 'a suite > off', verdict: 'skip' }),
      point({ name: 'a suite > later', verdict: 'skip' }),
    ]);
  });

  it('of others is read as well: without numbers, dashes or names, between other output', () => {
    const printed =
      'hello\nok\nnot ok 2 it breaks\n  ---\n  message: "it is \'so\'"\n  severity: fail\nok 3 - has \\# in it\n';
    expect(parseTap(printed)).toEqual([
      point({ name: 'a test without a name', verdict: 'pass' }),
      point({ name: 'it breaks', verdict: 'fail', message: "it is 'so'" }),
      point({ name: 'has # in it', verdict: 'pass' }),
    ]);
  });

  it('counts a test with subtests where it failed by itself', () => {
    const printed =
      '        ok 1 - deep\n    ok 1 - mid\n    not ok 2 - own\nnot ok 1 - a\n    ok 1 - fine\nnot ok 2 - b\n';
    expect(parseTap(printed).map(({ name, verdict }) => [name, verdict])).toEqual([
      ['a > mid > deep', 'pass'],
      ['a > own', 'fail'],
      ['b > fine', 'pass'],
      ['b', 'fail'],
    ]);
  });

  it('is nothing where it is something else', () => {
    expect(parseTap('okay\nnot okay\n  ---\n')).toEqual([]);
  });

  it('is read in no time, however hostile', () => {
    expect(parseTap('ok 1 - a\n---\n'.repeat(20_000))).toHaveLength(1);
    expect(parseTap('ok 1 - a\n  ---\n'.repeat(20_000))).toHaveLength(20_000);
    const steps = Array.from(
      { length: 10_000 },
      (_, index) => `${' '.repeat(200 - (index % 200))}ok 1 - ${'n'.repeat(3_000)}`,
    );
    expect(parseTap(steps.join('\n')).every(({ name }) => name.length <= 500)).toBe(true);
    expect(() => parseTap('ok\n'.repeat(20_001))).toThrow('names more than 20000 tests');
  });
});
