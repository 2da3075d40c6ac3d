import { coverage, gatedEngines, LCOV, pipeline } from './gate-fixture.js';

const engineWith = gatedEngines();

describe('a gate', () => {
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

  it.each([
    ['covers what it adds', 'DA:3,1', 'succeeded', 'of the 1 lines that the change adds, 1 are covered'],
    ['does not', 'DA:3,0', 'failed', 'of the 1 lines that the change adds, 0 are covered'],
  ])('of patch coverage judges a change that %s', async (_what, line, status, said) => {
    const added = `if test -e new.txt; then printf '${line}\\n' >> out.info; fi`;
    const command = `printf '${LCOV(0)}' > out.info; ${added}`;
    const engine = await engineWith(coverage(command, ', report: out.info, patch: true'));
    const { id, result } = await engine.run(pipeline('["coverage: 80"]', ', retry: 1'));
    expect(result).toMatchObject({ status });
    const [gate] = await engine.record.gates(id);
    expect(gate!.summary).toMatch(/^\d+\.?\d* % of lines covered .* asked for; /);
    expect(gate!.summary).toContain(said);
  });

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

  it('is asked not to hang, nor to ask: by its environment, Jest by its flags', async () => {
    const engine = await engineWith(
      'setup: { command: "echo set up with $npm_config_yes" }\ntest: { command: npm test }',
      {
        files: {
          'package.json': JSON.stringify({ scripts: { test: 'node tools/jest.js' } }),
          'tools/jest.js': `console.log(process.argv.slice(2).join(), process.env.GIT_TERMINAL_PROMPT, process.env.CI);`,
        },
      },
    );
    const { id, result } = await engine.run(pipeline('[tests]'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const [gate] = await engine.record.gates(id);
    expect(gate!.result).toMatchObject({
      command: 'npm test',
      tail: expect.stringContaining('--forceExit,--detectOpenHandles 0 true\n') as string,
    });
    const log = await engine.record.log(id, 'work', `gates-${gate!.commit.slice(0, 12)}.log`);
    expect(log).toContain('— run as npm test -- --forceExit --detectOpenHandles —');
    expect(await engine.record.log(id, 'work', 'set-up.log')).toContain('set up with true');
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
    expect(result).toMatchObject({ status: 'succeeded', error: null });
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
    expect((await engine.run(pipeline('[tests]'))).result).toMatchObject({ status: 'succeeded', error: null });
  });

  it('of a repository without configuration guesses from package.json, and says so in the log', async () => {
    const engine = await engineWith('', { files: { 'package.json': '{"scripts":{"test":"test -f new.txt"}}' } });
    const { id, result } = await engine.run(pipeline('[tests]'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.log(id, 'work', 'agent.log')).toContain('guessing from the files of main');
  });

  it('on a review runs on the commit that was looked at', async () => {
    const engine = await engineWith('test: { command: "false" }', { agents: [{ name: 'devon', script: 'done();' }] });
    const { id, result } = await engine.run(pipeline('[tests]', ', retry: 1').replace('code.implement', 'review.code'));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'gate-failed' } });
    expect((await engine.record.gates(id))[0]!.commit).toBe(await engine.forgeGit('rev-parse', 'main'));
  });
});
