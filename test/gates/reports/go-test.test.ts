import { parseGoCover } from '../../../src/gates/reports/go-cover.js';
import { GoTestLog } from '../../../src/gates/reports/go-test-log.js';
import { parseGoTest } from '../../../src/gates/reports/go-test.js';

const line = (event: object): string => JSON.stringify({ Package: 'example.org/x', ...event });

describe('go test -json', () => {
  it('names each test with its verdict, time and, of a failed one, what it printed', () => {
    const printed = [
      'go: downloading nothing',
      line({ Action: 'start' }),
      line({ Action: 'output', Test: 'TestA', Output: '    a_test.go:3: wrong\n' }),
      line({ Action: 'fail', Test: 'TestA', Elapsed: 0.5 }),
      line({ Action: 'pass', Test: 'TestB', Elapsed: 0 }),
      line({ Action: 'skip', Test: 'TestC' }),
      line({ Action: 'fail', Elapsed: 1 }),
      '{ broken',
    ].join('\n');
    expect(parseGoTest(printed)).toMatchObject([
      { name: 'example.org/x > TestA', verdict: 'fail', durationMs: 500, message: 'a_test.go:3: wrong' },
      { name: 'example.org/x > TestB', verdict: 'pass', message: null },
      { name: 'example.org/x > TestC', verdict: 'skip', durationMs: null },
    ]);
  });

  it('a package that does not compile is a failed test of its own', () => {
    const printed = [
      line({ Action: 'output', Output: 'FAIL\texample.org/x [build failed]\n' }),
      line({ Action: 'fail' }),
    ].join('\n');
    expect(parseGoTest(printed)).toMatchObject([
      { name: 'example.org/x', verdict: 'fail', message: expect.stringContaining('build failed') as string },
    ]);
  });
});

describe('the log of go test -json', () => {
  /** In chunks that end anywhere. */
  function shown(lines: readonly string[], size = 7): string {
    const log = new GoTestLog();
    const bytes = Buffer.from(lines.join('\n'));
    let text = '';
    for (let at = 0; at < bytes.length; at += size) text += log.push(bytes.subarray(at, at + size));
    return text + log.end();
  }

  it('is a line for each test and package, with what a failed test printed', () => {
    const printed = [
      'go: downloading nothing',
      line({ Action: 'start' }),
      line({ Action: 'run', Test: 'TestA' }),
      line({ Action: 'output', Test: 'TestA', Output: '=== RUN   TestA\n' }),
      line({ Action: 'output', Test: 'TestA', Output: '    a_test.go:3: got “x”\n' }),
      line({ Action: 'output', Test: 'TestA', Output: '--- FAIL: TestA (0.50s)\n' }),
      line({ Action: 'fail', Test: 'TestA', Elapsed: 0.5 }),
      line({ Action: 'run', Test: 'TestB' }),
      line({ Action: 'output', Test: 'TestB', Output: 'chatter\n' }),
      line({ Action: 'pass', Test: 'TestB', Elapsed: 0 }),
      line({ Action: 'output', Output: 'FAIL\texample.org/x\t1.000s\n' }),
      line({ Action: 'fail', Elapsed: 1 }),
      JSON.stringify({ ImportPath: 'example.org/y', Action: 'build-output', Output: 'y/y.go:1:1: expected package\n' }),
      'exit status 1',
    ];
    expect(shown(printed)).toBe(
      [
        'go: downloading nothing',
        'FAIL example.org/x > TestA (0.50 s)',
        '        a_test.go:3: got “x”',
        'PASS example.org/x > TestB (0.00 s)',
        'FAIL example.org/x (1.00 s)',
        'y/y.go:1:1: expected package',
        'exit status 1',
        '',
      ].join('\n'),
    );
  });

  it('tells at the end which tests were still running, and what they printed', () => {
    const printed = [
      line({ Action: 'run', Test: 'TestSlow' }),
      line({ Action: 'output', Test: 'TestSlow', Output: 'waiting\n' }),
    ];
    expect(shown(printed)).toBe('still running: example.org/x > TestSlow\n    waiting\n');
  });
});

describe('a coverage profile of Go', () => {
  it('counts statements, a block of several packages once', () => {
    const profile = 'mode: set\nx/a.go:1.2,3.4 2 1\nx/a.go:5.1,6.2 3 0\nx/a.go:5.1,6.2 3 4\nx/b.go:1.1,2.2 5 0\n';
    expect(parseGoCover(profile)).toEqual({ covered: 5, total: 10 });
    expect(() => parseGoCover('mode: set\nnothing')).toThrow('is no coverage profile');
  });
});
