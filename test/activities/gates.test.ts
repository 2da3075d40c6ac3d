import { coverage, gatedEngines, pipeline } from './gate-fixture.js';

const engineWith = gatedEngines();

describe('a gate whose command hangs', () => {
  it('goes back to the agent as that, with its last words, in the log too, and ends as that', async () => {
    const engine = await engineWith(
      'test: { command: "test $(cat new.txt) = 2 || { echo waiting; sleep 600; }", silence: 1s }',
      { agents: [{ name: 'devon', script: `write('new.txt', String(request.attempt)); done();` }] },
    );
    const { id, result } = await engine.run(pipeline('[tests]', ', retry: { attempts: 2, delay: 10ms }'));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.attempts(id)).toMatchObject([
      {
        status: 'failed',
        error: {
          code: 'safety-net-triggered',
          message: expect.stringMatching(
            /gate tests .* the command `test .*` hung: it printed nothing more for \d s.* Its last lines:\nwaiting$/,
          ) as string,
        },
      },
      { status: 'succeeded' },
    ]);
    const [hung] = await engine.record.gates(id);
    expect(hung!.result).toMatchObject({
      verdict: 'fail',
      hung: true,
      tail: 'waiting\n',
      findings: [{ rule: 'safety-net-triggered', message: expect.stringContaining('waiting') as string }],
    });
    expect(await engine.record.log(id, 'work', `gates-${hung!.commit.slice(0, 12)}.log`)).toMatch(
      /waiting\n\n— tests has said nothing for \d s; it counts as hung after 1 s —\n/,
    );
  });

  it('shows nothing that is missing', async () => {
    const engine = await engineWith('test: { command: "test ! -e new.test.txt || sleep 600", silence: 1s }', {
      agents: [{ name: 'devon', script: `write('new.test.txt', 'x'); done();` }],
    });
    const { id, result } = await engine.run(pipeline('[red]', ', retry: 1'));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'safety-net-triggered' } });
    expect((await engine.record.gates(id))[0]).toMatchObject({ gate: 'red', verdict: 'fail' });
  });
});

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
    expect(result).toMatchObject({ status: 'succeeded', error: null });
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
      /The worker.s PATH has no `no-such-tool`/,
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
      'test: { command: "sleep 600", timeout: 1s, silence: never }',
      'the command `sleep 600` did not end in time, and was ended after',
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
      /write an lcov, Cobertura or Go report/,
    ],
    [
      'writes a report that is none',
      '["coverage: 80"]',
      coverage('mkdir -p coverage; echo 100% > coverage/lcov.info'),
      'coverage/lcov.info reports no lines',
      /write an lcov, Cobertura or Go report/,
    ],
    [
      'links its report to elsewhere',
      '["coverage: 80"]',
      coverage('mkdir -p coverage; ln -s /etc/passwd coverage/lcov.info'),
      'coverage/lcov.info cannot be read',
      /Write a plain lcov, Cobertura or Go coverage file/,
    ],
    [
      'links the folder of its report to elsewhere',
      '["coverage: 80"]',
      coverage('ln -s /etc coverage', ', report: coverage/passwd'),
      'coverage/passwd cannot be read',
      /Write a plain lcov, Cobertura or Go coverage file/,
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
      /The set-up command `.*` failed with exit code 9 after \d+ s\. Its last lines:\nno registry\nIt ran without network/,
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
});
