import { parseJunit } from '../../../src/gates/reports/junit.js';

const parse = (body: string) => parseJunit(`<?xml version="1.0" encoding="utf-8"?>\n${body}`);

describe('a JUnit report', () => {
  it('of node’s test runner names its tests with their suites', async () => {
    const tests = await parse(`<testsuites>
      <testsuite name="a suite" time="0.042" tests="3">
        <testcase name="inner &lt;&amp;>" time="0.0076" classname="a suite" file="/workspace/a.test.js" failure="1 == 2">
          <failure type="testCodeFailure" message="1 == 2">
Error [ERR_TEST_FAILURE]: 1 == 2
          </failure>
        </testcase>
        <testcase name="good" time="0.0003" classname="a suite" file="/workspace/a.test.js"/>
        <testcase name="off" time="0" classname="a suite"><skipped type="skipped" message="true"/></testcase>
      </testsuite>
      <testcase name="top" time="1.5" classname="test"/>
      <!-- tests 4 -->
    </testsuites>`);
    expect(tests).toEqual([
      {
        name: 'a suite > inner <&>',
        verdict: 'fail',
        durationMs: 8,
        message: '1 == 2\nError [ERR_TEST_FAILURE]: 1 == 2',
        file: '/workspace/a.test.js',
        line: null,
      },
      {
        name: 'a suite > good',
        verdict: 'pass',
        durationMs: 0,
        message: null,
        file: '/workspace/a.test.js',
        line: null,
      },
      { name: 'a suite > off', verdict: 'skip', durationMs: 0, message: null, file: null, line: null },
      { name: 'test > top', verdict: 'pass', durationMs: 1500, message: null, file: null, line: null },
    ]);
  });

  it('of others has errors, CDATA, thousands, and tests without a duration', async () => {
    const tests = await parse(`<testsuite name="pytest">
      <testcase classname="tests.test_a" name="test_x" time="1,234.5" line="7" file="tests/test_a.py">
        <error message="boom"><![CDATA[ <Trace> ]]></error><system-out>not why</system-out>
      </testcase>
      <testcase classname="tests.test_a" name="test_y"/>
    </testsuite>`);
    expect(tests).toMatchObject([
      {
        name: 'pytest > tests.test_a > test_x',
        verdict: 'fail',
        durationMs: 1_234_500,
        message: 'boom <Trace>',
        line: 7,
      },
      { name: 'pytest > tests.test_a > test_y', verdict: 'pass', durationMs: null },
    ]);
  });

  it('says a name only once that runners repeat', async () => {
    const tests = await parse(`<testsuites name="jest"><testsuite name="math">
      <testcase classname="math adds" name="math adds" time="0.1"/><testcase name="mathematics"/></testsuite></testsuites>`);
    expect(tests).toMatchObject([{ name: 'math adds' }, { name: 'math > mathematics' }]);
  });

  it('of tests whose names are empty, or no text that can be kept, names them all the same', async () => {
    const tests = await parse(
      `<testsuite><testcase name=""/><testcase name="a&#10;b ${'x'.repeat(600)}"/></testsuite>`,
    );
    expect(tests.map(({ name }) => name)).toEqual(['a test without a name', `a b ${'x'.repeat(496)}`]);
  });

  const lol = `<!DOCTYPE r [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>`;
  it.each([
    ['is cut off', '<testsuite><testcase name="a"/>', /not well-formed/],
    ['is none', 'all is well', /not well-formed/],
    ['has entities of its own', `${lol}<testsuite><testcase name="&b;"/></testsuite>`, /not well-formed.*entity/],
    ['asks for a file', `${lol}<testsuite><testcase name="a"><failure>&x;</failure></testcase></testsuite>`, /entity/],
    ['is nested without end', '<testsuite>'.repeat(200), /deeper than 100/],
    [
      'names too many tests',
      `<testsuite>${'<testcase name="a"/>'.repeat(20_001)}</testsuite>`,
      /more than 20000 tests/,
    ],
  ])('that %s is refused', async (_what, body, message) => {
    await expect(parseJunit(body)).rejects.toMatchObject({
      code: 'report-invalid',
      message: expect.stringMatching(message) as string,
    });
  });
});
