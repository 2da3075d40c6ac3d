import { parseGoCover } from '../../../src/gates/reports/go-cover.js';
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

describe('a coverage profile of Go', () => {
  it('counts statements, a block of several packages once', () => {
    const profile = 'mode: set\nx/a.go:1.2,3.4 2 1\nx/a.go:5.1,6.2 3 0\nx/a.go:5.1,6.2 3 4\nx/b.go:1.1,2.2 5 0\n';
    expect(parseGoCover(profile)).toEqual({ covered: 5, total: 10 });
    expect(() => parseGoCover('mode: set\nnothing')).toThrow('is no coverage profile');
  });
});
