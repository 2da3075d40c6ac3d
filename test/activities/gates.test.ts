import { startEngine, type Engine, type EngineOptions } from '../support/engine.js';

const engines: Engine[] = [];
async function engineWith(config: string, options: EngineOptions = {}): Promise<Engine> {
  const engine = await startEngine({
    agents: [{ name: 'devon', script: `write('new.txt', String(request.attempt)); done();` }],
    ...options,
    files: {
      'README.md': 'a demo\n',
      ...(config === '' ? {} : { '.baton/repository.yaml': config }),
      ...options.files,
    },
  });
  engines.push(engine);
  return engine;
}
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
});

const pipeline = (gates: string, more = ''): string => `
name: gated
steps:
  - { name: Work, agent: devon, action: code.implement, gates: ${gates}${more} }
`;

describe('a gate that fails', () => {
  it('sends the attempt back with command, exit code and the end of the output', async () => {
    const engine = await engineWith('test: { command: "cat new.txt; echo broken here; test $(cat new.txt) = 3" }', {
      agents: [
        {
          name: 'devon',
          script: `write('new.txt', String(request.attempt)); write('request-' + request.attempt + '.json', JSON.stringify(request)); done();`,
        },
      ],
    });
    const { id, result } = await engine.run(pipeline('[tests]', ', retry: { attempts: 3, delay: 10ms }'));
    expect(result).toMatchObject({ status: 'succeeded' });
    expect(await engine.record.attempts(id)).toMatchObject([
      { attempt: 1, status: 'failed', error: { code: 'gate-failed' } },
      { attempt: 2, status: 'failed' },
      { attempt: 3, status: 'succeeded' },
    ]);
    const { branch } = await engine.record.run(id);
    // One commit of the step, with all that its attempts have left.
    expect(await engine.forgeGit('rev-list', '--count', `main..${branch!}`)).toBe('1');
    expect(JSON.parse(await engine.forgeGit('show', `${branch!}:request-1.json`))).toMatchObject({
      attempt: 1,
      failure: null,
    });
    const { failure } = JSON.parse(await engine.forgeGit('show', `${branch!}:request-3.json`)) as {
      failure: { gates: { log: string }[] };
    };
    expect(failure).toMatchObject({
      code: 'gate-failed',
      gates: [
        {
          gate: 'tests',
          verdict: 'fail',
          command: 'cat new.txt; echo broken here; test $(cat new.txt) = 3',
          exitCode: 1,
          tail: '2broken here\n',
        },
      ],
    });
    const gates = (await engine.record.gates(id)).map(({ result: { commit, logArtifact } }) => ({
      commit,
      logArtifact,
    }));
    const { commit, logArtifact } = gates[1]!;
    expect(failure.gates[0]).toMatchObject({ commit, log: `/api/artifacts/${logArtifact}` });
    expect(commit).toBe((await engine.record.attempts(id))[1]!.commit);
  });

  it('fails the step when no attempt is left; nothing of it reaches the branch', async () => {
    const engine = await engineWith('test: { command: "false" }');
    const { id, result } = await engine.run(pipeline('[tests]', ', retry: { attempts: 2, delay: 10ms }'));
    expect(result).toMatchObject({
      status: 'failed',
      error: {
        code: 'gate-failed',
        message: expect.stringMatching(
          /^gate tests failed on [0-9a-f]{10}: the tests fail with exit code 1$/,
        ) as string,
      },
    });
    expect(await engine.record.attempts(id)).toHaveLength(2);
    expect(await engine.forgeGit('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe('refs/heads/main');
  });
});

const LCOV = (hits: number): string => `SF:a.js\\nDA:1,1\\nDA:2,${hits}\\nend_of_record\\n`;
const coverage = (command: string, more = ''): string => `coverage: { command: ${JSON.stringify(command)}${more} }`;

describe('a gate', () => {
  it.each([
    [
      'names no test command',
      '[tests]',
      'lint: { command: "true" }',
      'the repository names no test command',
      /Set test\.command in \.baton\/repository\.yaml/,
    ],
    [
      'names no lint command',
      '[lint]',
      'test: { command: "true" }',
      'the repository names no lint command',
      /Set lint\.command/,
    ],
    [
      'names no coverage command',
      '["coverage: 80"]',
      'test: { command: "true" }',
      'the repository names no coverage command',
      /Set coverage\.command/,
    ],
    [
      'is configured with a program that is not there',
      '[tests]',
      'test: { command: "no-such-tool --all" }',
      'the command could not be run',
      /Is `no-such-tool --all` installed/,
    ],
    [
      'is configured with a file that cannot be run',
      '[tests]',
      'test: { command: "./README.md" }',
      'the command could not be run',
      /installed/,
    ],
    [
      'takes too long',
      '[tests]',
      'test: { command: "sleep 600", timeout: 1s }',
      'the command did not end in time',
      /longer timeout/,
    ],
    [
      'writes no report',
      '["coverage: 80"]',
      coverage('true'),
      'there is no coverage/lcov.info after the command',
      /Set coverage\.report/,
    ],
    [
      'writes an empty report',
      '["coverage: 80"]',
      coverage('mkdir -p coverage; : > coverage/lcov.info'),
      'coverage/lcov.info reports no lines',
      /write an lcov or Cobertura report/,
    ],
    [
      'writes a report that is none',
      '["coverage: 80"]',
      coverage('mkdir -p coverage; echo 100% > coverage/lcov.info'),
      'coverage/lcov.info reports no lines',
      /write an lcov or Cobertura report/,
    ],
    [
      'links its report to elsewhere',
      '["coverage: 80"]',
      coverage('mkdir -p coverage; ln -s /etc/passwd coverage/lcov.info'),
      'coverage/lcov.info cannot be read',
      /Write a plain lcov or Cobertura file/,
    ],
    [
      'links the folder of its report to elsewhere',
      '["coverage: 80"]',
      coverage('ln -s /etc coverage', ', report: coverage/passwd'),
      'coverage/passwd cannot be read',
      /Write a plain lcov or Cobertura file/,
    ],
    [
      'has only the report that was there before',
      '["coverage: 80"]',
      coverage('true', ', report: old.info'),
      'there is no old.info after the command',
      /Set coverage\.report/,
    ],
    [
      'cannot be set up',
      '[tests]',
      'setup: { command: "echo no registry; exit 9" }\ntest: { command: "true" }',
      null,
      /The set-up command `.*` failed with exit code 9: no registry.*without network/,
    ],
  ])(
    'of a repository that %s is inconclusive, never passes, and says what would mend it',
    async (_what, gates, config, summary, mend) => {
      const engine = await engineWith(config, { files: { 'old.info': 'SF:a.js\nDA:1,1\nend_of_record\n' } });
      if (summary === null) {
        // The attempt itself needs the set-up.
        expect((await engine.run(pipeline(gates))).result).toMatchObject({
          status: 'failed',
          error: { code: 'setup-failed', message: expect.stringMatching(mend) as string },
        });
        return;
      }
      const { id, result } = await engine.run(pipeline(gates));
      expect(result).toMatchObject({
        status: 'failed',
        error: { code: 'gate-inconclusive', message: expect.stringMatching(mend) as string },
      });
      expect(result.error?.message).toContain(summary);
      const [gate, ...others] = await engine.record.gates(id);
      expect(others).toEqual([]);
      expect(gate).toMatchObject({ verdict: 'inconclusive', result: { mend: expect.stringMatching(mend) as string } });
      const [attempt, ...again] = await engine.record.attempts(id);
      expect(again).toEqual([]);
      expect(gate!.commit).toBe(attempt!.commit);
    },
  );

  it.each([
    [1, 100, 'succeeded', '100 % of lines covered (2 of 2), at least 100 % asked for'],
    [0, 50, 'succeeded', '50 % of lines covered (1 of 2), at least 50 % asked for'],
    [0, 51, 'failed', '50 % of lines covered (1 of 2), at least 51 % asked for'],
  ])(
    'of coverage reads the report of the repository (%i hits, %i %% asked for: %s)',
    async (hits, minimum, status, summary) => {
      const engine = await engineWith(coverage(`mkdir -p coverage; printf '${LCOV(hits)}' > coverage/lcov.info`));
      const { id, result } = await engine.run(pipeline(`["coverage: ${minimum}"]`, ', retry: 1'));
      expect(result.status).toBe(status);
      expect((await engine.record.gates(id))[0]).toMatchObject({ summary });
    },
  );

  it('of coverage reads Cobertura as well', async () => {
    const lines = '<line number="1" hits="1"/><line number="2" hits="0"/>';
    const report = `<coverage><packages><package><classes><class filename="a.py"><lines>${lines}</lines></class></classes></package></packages></coverage>`;
    const engine = await engineWith(coverage(`echo '${report}' > cobertura.xml`, ', report: cobertura.xml'));
    const { id } = await engine.run(pipeline('["coverage: 51"]', ', retry: 1'));
    expect(await engine.record.gates(id)).toMatchObject([
      { verdict: 'fail', summary: '50 % of lines covered (1 of 2), at least 51 % asked for' },
    ]);
  });

  it.each([
    ['is cut off', 'echo "<coverage>" > cobertura.xml', /is not well-formed XML/],
    ['has entities', `echo '<!DOCTYPE c [<!ENTITY a "b">]><c a="&a;"/>' > cobertura.xml`, /is not well-formed XML/],
  ])('of coverage whose XML %s is inconclusive', async (_what, command, message) => {
    const engine = await engineWith(coverage(command, ', report: cobertura.xml'));
    const { result } = await engine.run(pipeline('["coverage: 51"]'));
    expect(result.error).toMatchObject({
      code: 'gate-inconclusive',
      message: expect.stringMatching(message) as string,
    });
  });

  it('of coverage believes no report that another gate left and guards', async () => {
    const engine = await engineWith(
      `test: { command: ${JSON.stringify(`mkdir -p coverage; printf '${LCOV(1)}' > coverage/lcov.info; chmod 555 coverage`)} }\n${coverage('true')}`,
    );
    const { id, result } = await engine.run(pipeline('[tests, "coverage: 80"]'));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'gate-inconclusive' } });
    expect(await engine.record.gates(id)).toMatchObject([
      { gate: 'tests', verdict: 'pass' },
      { gate: 'coverage', summary: 'coverage/lcov.info is there before the command, and cannot be removed' },
    ]);
  });

  it('keeps the end of what was printed, whatever it is: half a character, or a NUL', async () => {
    const print = `process.stdout.write("\\u{1f600}".repeat(1500) + "\\0xy"); process.exitCode = 1`;
    const engine = await engineWith(`test: { command: ${JSON.stringify(`node -e '${print}'; exit 1`)} }`);
    const { id, result } = await engine.run(pipeline('[tests]', ', retry: 1'));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'gate-failed' } });
    const [gate] = await engine.record.gates(id);
    expect(gate!.result.tail).toBe(`\ufffd${'\u{1f600}'.repeat(998)}\ufffdxy`);
  });

  it('tells the forge of a result whose recorder crashed before it could', async () => {
    const engine = await engineWith('test: { command: "date +%s%N > made; cat made" }');
    const checks = () => engine.record.inTx((tx) => tx.selectFrom('checks').select(['name', 'conclusion']).execute());
    const tails: string[] = [];
    engine.hooks.runGates = async (request, real) => {
      tails.push((await real(request))[0]!.tail);
      await engine.record.inTx((tx) => tx.deleteFrom('checks').execute());
      const again = await real(request);
      tails.push(again[0]!.tail);
      return again;
    };
    const { result } = await engine.run(pipeline('[tests]'));
    expect(result).toMatchObject({ status: 'succeeded' });
    expect(tails[1]).toBe(tails[0]);
    expect(await checks()).toEqual([{ name: 'baton/tests', conclusion: 'success' }]);
  });

  it('is asked for by the default branch: an agent cannot lower its own bar', async () => {
    const engine = await engineWith('test: { command: "test -f real" }', {
      agents: [
        {
          name: 'devon',
          script: `write('.baton/repository.yaml', 'test: { command: "true" }\\n'); write('package.json', '{"scripts":{"test":"true"}}'); done();`,
        },
      ],
    });
    const { id, result } = await engine.run(pipeline('[tests]', ', retry: 1'));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'gate-failed' } });
    expect((await engine.record.gates(id))[0]).toMatchObject({ result: { command: 'test -f real' } });
  });

  const manifest = (scripts: Record<string, string>): string => JSON.stringify({ scripts });
  const forger = (scripts: Record<string, string>, more = '') => ({
    files: { 'package.json': manifest({ test: 'test -f real', coverage: 'true' }) },
    agents: [{ name: 'devon', script: `write('package.json', ${JSON.stringify(manifest(scripts))}); ${more} done();` }],
  });

  it.each([
    ['guesses', '', '[tests]', 'npm run --silent test', 'test in package.json'],
    ['names', 'test: { command: npm test }', '[tests]', 'npm test', 'test in package.json'],
    ['guesses', '', '["coverage: 80"]', 'npm run --silent coverage', 'coverage in package.json'],
  ])(
    'does not believe a script that the change wrote itself, where Baton %s it (%s)',
    async (_how, config, gates, command, script) => {
      const forged = `mkdir -p coverage; printf '${LCOV(1)}' > coverage/lcov.info`;
      const engine = await engineWith(config, forger({ test: 'exit 0', coverage: forged }));
      const { id, result } = await engine.run(pipeline(gates));
      expect(result).toMatchObject({ status: 'failed', error: { code: 'gate-inconclusive' } });
      expect(await engine.record.gates(id)).toMatchObject([
        {
          verdict: 'inconclusive',
          summary: `the change redefines what \`${command}\` runs: ${script}`,
          result: { mend: expect.stringMatching(/land .* on the default branch first/) as string },
        },
      ]);
    },
  );

  it('does not believe a script whose shell the change has replaced', async () => {
    const engine = await engineWith('', {
      ...forger({ test: 'test -f real', coverage: 'true' }, `write('.npmrc', 'script-shell=/bin/true');`),
    });
    const { result } = await engine.run(pipeline('[tests]'));
    expect(result.error).toMatchObject({
      code: 'gate-inconclusive',
      message: expect.stringContaining('runs: .npmrc') as string,
    });
  });

  it('runs a script as ever where the change adds another one', async () => {
    const engine = await engineWith('', forger({ test: 'test -f real', lint: 'true' }, `write('real', 'x');`));
    expect((await engine.run(pipeline('[tests]'))).result).toMatchObject({ status: 'succeeded' });
  });

  it('of a repository without configuration guesses from package.json, and says so in the log', async () => {
    const engine = await engineWith('', { files: { 'package.json': '{"scripts":{"test":"test -f new.txt"}}' } });
    const { id, result } = await engine.run(pipeline('[tests]'));
    expect(result).toMatchObject({ status: 'succeeded' });
    expect(await engine.record.log(id, 'work', 'agent.log')).toContain('guessing from package.json');
  });

  it('on a review runs on the commit that was looked at', async () => {
    const engine = await engineWith('test: { command: "false" }', { agents: [{ name: 'devon', script: 'done();' }] });
    const { id, result } = await engine.run(pipeline('[tests]', ', retry: 1').replace('code.implement', 'review.code'));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'gate-failed' } });
    expect((await engine.record.gates(id))[0]!.commit).toBe(await engine.forgeGit('rev-parse', 'main'));
  });
});

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
    const engine = await engineWith(source, { agents });
    const { id } = await engine.run(look);
    const [gate] = await engine.record.gates(id);
    expect(gate!.verdict).toBe(verdict);
    expect(gate!.summary).toEqual(typeof summary === 'string' ? summary : expect.stringMatching(summary));
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
    expect((await engine.run(review('medium'))).result).toMatchObject({ status: 'succeeded' });
    expect((await engine.run(review('high'))).result).toMatchObject({
      status: 'failed',
      error: { code: 'review-blocked', message: 'the review found high x/y in a.js:3: bad' },
    });
    expect((await engine.run(review('critical', ', failOn: never'))).result).toMatchObject({ status: 'succeeded' });
    expect((await engine.run(review('low', ', failOn: low'))).result).toMatchObject({
      status: 'failed',
      error: { code: 'review-blocked' },
    });
  });
});
