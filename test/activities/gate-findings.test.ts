import type { Engine } from '../support/engine.js';
import { gatedEngines, pipeline } from './gate-fixture.js';

const engineWith = gatedEngines();

describe('what a gate finds', () => {
  const failing = (lines: readonly string[]): string =>
    JSON.stringify(`printf '%s\\n' ${lines.map((line) => `"${line}"`).join(' ')}; exit 1`);
  const agents = [
    {
      name: 'devon',
      script: `write('request-' + request.attempt + '.json', JSON.stringify(request)); done();`,
    },
  ];
  const findings = (engine: Engine, id: string) =>
    engine.record.inTx((tx) =>
      tx.selectFrom('findings').selectAll().where('run_id', '=', id).orderBy('gate').orderBy('position').execute(),
    );

  it('is kept, and returns to the agent with the failure', async () => {
    const engine = await engineWith(
      [
        `typecheck: { command: ${failing(['src/a.ts(3,5): error TS2322: Wrong type.', '  Because of this.'])} }`,
        `lint: { command: ${failing(['src/b.js:7:1: Unused. [Warning/no-unused]', 'src/b.js:9:1: Bad. [Error/no-bad]'])} }`,
      ].join('\n'),
      { agents },
    );
    const { id, result } = await engine.run(pipeline('[typecheck, lint]', ', retry: { attempts: 2, delay: 10ms }'));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'gate-failed' } });
    const [attempt] = await engine.record.attempts(id);
    const kept = (await findings(engine, id)).filter((row) => row.attempt === 1);
    expect(kept).toMatchObject([
      { gate: 'lint', position: 0, rule: 'no-bad', severity: 'medium', file: 'src/b.js', line: 9, message: 'Bad.' },
      { gate: 'lint', position: 1, rule: 'no-unused', severity: 'low', file: 'src/b.js', line: 7 },
      { gate: 'typecheck', position: 0, rule: 'TS2322', severity: 'high', message: 'Wrong type.\n  Because of this.' },
    ]);
    expect(new Set(kept.map(({ commit }) => commit))).toEqual(new Set([attempt!.commit]));
    const again = (await engine.record.attempts(id))[1]!.commit!;
    const { failure } = JSON.parse(await engine.forgeGit('show', `${again}:request-2.json`)) as { failure: unknown };
    expect(failure).toMatchObject({
      gates: [
        { gate: 'typecheck', findings: [{ rule: 'TS2322', file: 'src/a.ts', line: 3 }] },
        { gate: 'lint', findings: [{ rule: 'no-bad' }, { rule: 'no-unused' }] },
      ],
    });
  });

  it('is the end of the output where nothing else can be read of it', async () => {
    const engine = await engineWith(`lint: { command: ${failing(['it is all wrong'])} }`, { agents });
    const { id } = await engine.run(pipeline('[lint]', ', retry: 1'));
    expect(await findings(engine, id)).toMatchObject([
      {
        gate: 'lint',
        rule: 'lint',
        severity: 'medium',
        file: null,
        message: 'the linter fails with exit code 1\nit is all wrong',
      },
    ]);
  });

  it('is kept beside what a reviewer finds, and does not speak for the reviewer', async () => {
    const engine = await engineWith(`lint: { command: 'echo "a.js:1:1: Hm. [Warning/hm]"' }`, {
      agents: [{ name: 'devon', script: `done({ findings: [{ rule: 'x', severity: 'low', message: 'bad' }] });` }],
    });
    const { id, result } = await engine.run(
      pipeline('[lint]', ', params: { failOn: low }').replace('code.implement', 'review.code'),
    );
    expect(result.error).toMatchObject({
      code: 'review-blocked',
      message: expect.stringMatching(/low x: bad$/) as string,
    });
    expect(await findings(engine, id)).toMatchObject([
      { gate: 'lint', rule: 'hm' },
      { gate: null, rule: 'x' },
    ]);
  });

  it('is kept in full, and travels as the most severe of it', async () => {
    const many = `for i in $(seq 1500); do echo "a.js:$i:1: w [Warning/w]"; done; echo "a.js:1:1: e [Error/e]"; exit 1`;
    const engine = await engineWith(`lint: { command: ${JSON.stringify(many)} }`, { agents });
    const { id } = await engine.run(pipeline('[lint]', ', retry: 1'));
    expect(await findings(engine, id)).toHaveLength(1_000);
    const [gate] = await engine.record.gates(id);
    expect(gate!.result.findings).toHaveLength(20);
    expect(gate!.result.findings[0]).toMatchObject({ rule: 'e' });
  });
});

describe('the tests of a repository', () => {
  const agents = [{ name: 'devon', script: 'done();' }];
  const look = pipeline('[tests]', ', retry: 1').replace('code.implement', 'review.code');
  const junit = (verdict: string) =>
    `<testsuite name="s"><testcase name="good" time="0.002"/><testcase name="shaky" file="a.js" line="3">${verdict}</testcase></testsuite>`;
  const config = (report: string, exitCode: number, key = 'junit: out/report.xml') =>
    `test: { command: ${JSON.stringify(`mkdir -p out; echo '${report}' | tee out/report.xml; exit ${exitCode}`)}, ${key} }`;
  const results = (engine: Engine) =>
    engine.record.inTx((tx) =>
      tx
        .selectFrom('test_results as r')
        .innerJoin('test_runs as t', 't.id', 'r.test_run_id')
        .select(['r.name', 'r.verdict', 'r.duration_ms', 't.commit', 't.tree', 't.run_id'])
        .orderBy('t.at')
        .orderBy('r.position')
        .execute(),
    );

  it('are known by name, and one that lately passed on the same content is said to be flaky', async () => {
    const engine = await engineWith(config(junit('<failure message="boom"/>'), 1), { agents });
    const first = await engine.run(look);
    expect(first.result.error).toMatchObject({
      code: 'gate-failed',
      message: expect.stringMatching(/: 1 of 2 tests fails: s > shaky$/) as string,
    });
    const [commit, tree] = [
      await engine.forgeGit('rev-parse', 'main'),
      await engine.forgeGit('rev-parse', 'main^{tree}'),
    ];
    expect(await results(engine)).toEqual([
      { name: 's > good', verdict: 'pass', duration_ms: 2, commit, tree, run_id: first.id },
      { name: 's > shaky', verdict: 'fail', duration_ms: null, commit, tree, run_id: first.id },
    ]);
    expect((await engine.record.gates(first.id))[0]!.result.findings).toEqual([
      { rule: 'test-failed', severity: 'high', message: 's > shaky\nboom', file: 'a.js', line: 3, fix: null },
    ]);

    await engine.record.inTx((tx) => tx.updateTable('test_results').set({ verdict: 'pass' }).execute());
    const second = await engine.run(look);
    expect((await engine.record.gates(second.id))[0]).toMatchObject({
      summary: '1 of 2 tests fails: s > shaky (flaky lately)',
      result: { findings: [{ fix: expect.stringMatching(/^This test is flaky/) as string }] },
    });
    expect(await results(engine)).toHaveLength(4);
  });

  it('decide with their report: a command that ends well has not passed where its report names a failed one', async () => {
    const engine = await engineWith(config(junit('<error/>'), 0), { agents });
    const { id } = await engine.run(look);
    expect(await engine.record.gates(id)).toMatchObject([
      { verdict: 'fail', summary: '1 of 2 tests fails: s > shaky', result: { exitCode: 0 } },
    ]);
  });

  it.each([
    ['pass with a report', config(junit('<skipped/>'), 0), 'pass', 'the tests pass: 1 of 2, 1 skipped'],
    ['report in TAP', config('not ok 1 - broken', 1, 'tap: true'), 'fail', '1 of 1 test fails: broken'],
    [
      'reports by a glob',
      config(junit('<skipped/>'), 0, "junit: 'o*/*.xml'"),
      'pass',
      'the tests pass: 1 of 2, 1 skipped',
    ],
    [
      'report of go test',
      config('{"Action":"fail","Package":"x","Test":"TestA"}', 1, 'goJson: true'),
      'fail',
      '1 of 1 test fails: x > TestA',
    ],
    ['report nowhere', config('', 0, 'junit: none.xml'), 'pass', 'the tests pass; none.xml is not there'],
    [
      'report in broken XML',
      config('<testsuite>', 1),
      'fail',
      /^the tests fail with exit code 1; out\/report.xml is not well-formed/,
    ],
    [
      'report by a link',
      `test: { command: 'ln -s /etc/passwd report.xml', junit: report.xml }`,
      'pass',
      /^the tests pass; report.xml cannot be read: report.xml leads out/,
    ],
  ])('that %s', async (_what, source, verdict, summary) => {
    // A report that lies there already proves nothing.
    const files = { 'out/planted.xml': junit('<failure/>') };
    const engine = await engineWith(source, { agents, files });
    const { id } = await engine.run(look);
    const [gate] = await engine.record.gates(id);
    expect(gate!.verdict).toBe(verdict);
    expect(gate!.summary).toEqual(typeof summary === 'string' ? summary : expect.stringMatching(summary));
    // People read the events of `go test -json` as lines.
    const [row] = await engine.record.inTx((tx) =>
      tx.selectFrom('gate_results').select('result').where('run_id', '=', id).execute(),
    );
    expect(row!.result.tail).not.toContain('"Action"');
  });

  it('of node’s own runner are known without a word of configuration', async () => {
    const engine = await engineWith('', {
      agents,
      files: {
        'package.json': '{"scripts":{"test":"node --test"}}',
        'a.test.js': `require('node:test')('adds', () => { if (1 + 1 !== 3) throw new Error('no'); });`,
      },
    });
    const { id } = await engine.run(look);
    const [gate] = await engine.record.gates(id);
    expect(gate).toMatchObject({ verdict: 'fail', summary: '1 of 1 test fails: test > adds' });
    expect(gate!.result).toMatchObject({
      tail: expect.stringContaining('failing tests') as string,
      findings: [{ message: expect.stringMatching(/^test > adds\nno/) as string, file: 'a.test.js' }],
    });
  });
});

describe('what a review finds', () => {
  const review = (severity: string, params = ''): string => `
name: review
steps:
  - { name: Look, agent: devon, action: review.code, params: { severity: ${severity}${params} } }
`;
  const agents = [
    {
      name: 'devon',
      script: `done({ findings: [{ rule: 'x/y', severity: request.params.severity, message: 'bad', file: 'a.js', line: 3 }] });`,
    },
  ];

  it('stops the run from `high` on, unless the step says otherwise', async () => {
    const engine = await engineWith('', { agents });
    expect((await engine.run(review('medium'))).result).toMatchObject({ status: 'succeeded', error: null });
    expect((await engine.run(review('high'))).result).toMatchObject({
      status: 'failed',
      error: { code: 'review-blocked', message: 'the review found high x/y in a.js:3: bad' },
    });
    expect((await engine.run(review('critical', ', failOn: never'))).result).toMatchObject({
      status: 'succeeded',
      error: null,
    });
    expect((await engine.run(review('low', ', failOn: low'))).result).toMatchObject({
      status: 'failed',
      error: { code: 'review-blocked' },
    });
  });
});
