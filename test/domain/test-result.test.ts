import fc from 'fast-check';
import {
  failedTests,
  flakyTests,
  sayFailed,
  type TestResult,
  type TestSighting,
} from '../../src/domain/test-result.js';

const seen = (name: string, tree: string, ...verdicts: TestSighting['verdict'][]): TestSighting[] =>
  verdicts.map((verdict) => ({ name, tree, verdict }));

describe('a flaky test', () => {
  it('passed and failed on the same content', () => {
    const sightings = [
      ...seen('shaky', 'tree-1', 'pass', 'fail'),
      ...seen('broken', 'tree-1', 'fail', 'fail'),
      ...seen('mended', 'tree-1', 'fail'),
      ...seen('mended', 'tree-2', 'pass'),
      ...seen('off', 'tree-1', 'skip', 'pass'),
    ];
    expect(flakyTests(sightings)).toEqual(new Set(['shaky']));
  });

  it('is one in whatever order the results came, and stays one whatever comes', () => {
    const sighting = fc.record({
      name: fc.constantFrom('a', 'b'),
      tree: fc.constantFrom('1', '2'),
      verdict: fc.constantFrom<TestSighting['verdict']>('pass', 'fail', 'skip'),
    });
    fc.assert(
      fc.property(fc.array(sighting), sighting, (sightings, more) => {
        const flaky = flakyTests(sightings);
        expect(flakyTests(sightings.toReversed())).toEqual(flaky);
        const later = flakyTests([...sightings, more]);
        expect([...flaky].filter((name) => !later.has(name))).toEqual([]);
      }),
    );
  });
});

describe('tests that failed', () => {
  const test = (name: string, more: Partial<TestResult> = {}): TestResult => ({
    name,
    verdict: 'fail',
    durationMs: 1,
    message: null,
    file: null,
    line: null,
    ...more,
  });

  it('are findings by their names, with why, and whether they can be believed', () => {
    const tests = [
      test('a', { message: 'boom', file: 'a.ts', line: 3 }),
      test('b', { message: '' }),
      test('c', { verdict: 'pass' }),
    ];
    expect(failedTests(tests, new Set(['b']))).toEqual([
      { rule: 'test-failed', severity: 'high', message: 'a\nboom', file: 'a.ts', line: 3, fix: null },
      expect.objectContaining({ message: 'b', fix: expect.stringContaining('flaky') as string }),
    ]);
  });

  it.each([
    [['a'], '1 of 1 test fails: a'],
    [['a', 'b'], '2 of 2 tests fail: a, b (flaky lately)'],
    [['a', 'b', 'c', 'd', 'e'], '5 of 5 tests fail: a, b (flaky lately), c, 2 more'],
  ])('are said in a line: %s', (names, said) => {
    expect(
      sayFailed(
        names.map((name) => test(name)),
        new Set(['b']),
      ),
    ).toBe(said);
  });

  it('are nothing where none did', () => {
    expect(sayFailed([test('a', { verdict: 'pass' })], new Set())).toBeNull();
  });
});
