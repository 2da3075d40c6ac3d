import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { changeAt, commitTo } from '../support/forge-commit.js';

const CONFIG = '.baton/repository.yaml';
let engine: Engine;
let before = '';
beforeAll(async () => {
  engine = await startEngine({
    asksWhenBlocked: true,
    agents: [
      {
        name: 'writer',
        script: `const conflict = /<<<<<<</.test(existsSync('same.txt') ? readFileSync('same.txt', 'utf8') : '');
          write('told.txt', request.failure?.message ?? '');
          if (conflict) { if (request.params.resolves) write('same.txt', 'both'); else write('more.txt', String(request.attempt)); }
          else write('same.txt', String(request.params.text ?? 'work'));
          done();`,
      },
      { name: 'critic', roles: ['reviewer'], script: 'done();' },
    ],
  });
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

let configurations = 0;
const configure = (yaml: string): void =>
  void commitTo(engine.repository.remoteUrl, 'main', { [CONFIG]: `${yaml}\n# ${(configurations += 1)}\n` });
const start = (gates: string, more = '') =>
  engine.startRun(`
name: once
steps:
  - { name: Work, agent: writer, action: code.implement, gates: ${gates}, retry: { attempts: 1 }${more} }
`);
const attempts = async ({ id }: StartedRun) =>
  (await engine.record.attempts(id)).map(({ attempt, status }) => `${attempt} ${status}`);
/**
 * A step starts some forty processes before it asks: measured 2 s on an idle machine of two cores, 8 s beside two busy loops,
 * and up to 50 s at a load of 18.
 */
const ASKED_WITHIN_MS = 120_000;
const TEST_MS = 240_000;
/** The next question that is open. */
const asked = (run: StartedRun, step = 'work') =>
  eventually(async () => {
    const open = await engine.record.openQuestion(run.id, step);
    return open && open.id !== before && open;
  }, ASKED_WITHIN_MS);
const choose = async (id: string, option: string, text: string | null = null) => {
  before = id;
  await engine.answer(id, 'maya', { option, text, reason: 'it is corrected' });
};

describe('a step whose gate is inconclusive', () => {
  it(
    'waits, and goes on from the gate with the settings that people corrected, without another attempt',
    async () => {
      configure('test: { command: "echo a > a; test -e same.txt" }');
      const run = await start('[tests, lint]', ', onFailure: ask');
      const question = await asked(run);
      expect(question).toMatchObject({
        asked_by: 'system',
        text: expect.stringMatching(/gate lint is inconclusive/) as string,
      });
      expect(question.options.map(({ name }) => name)).toEqual([
        'Run the gates again',
        'Go on without it',
        'Try again',
        'Give up',
      ]);
      // What is not corrected is asked for again.
      await choose(question.id, 'Run the gates again');
      const second = await asked(run);
      configure('test: { command: "exit 3" }\nlint: { command: "test -e same.txt" }');
      await choose(second.id, 'Run the gates again');
      expect(await engine.finished(run)).toEqual({ status: 'succeeded', error: null });
      expect(await attempts(run)).toEqual(['1 succeeded']);
      // The tests had passed, and did not run again.
      expect((await engine.record.gates(run.id)).map(({ gate, verdict }) => `${gate} ${verdict}`).sort()).toEqual([
        'lint pass',
        'tests pass',
      ]);
    },
    TEST_MS,
  );

  it(
    'goes on when the configuration itself can be read again',
    async () => {
      configure('test: { command: "true" }');
      engine.hooks.runGates = (request, real) => {
        if (request.again === undefined) configure('test: [');
        return real(request);
      };
      const run = await start('[tests]');
      const question = await asked(run);
      expect(question.text).toContain(CONFIG);
      configure('test: { command: "true" }');
      await choose(question.id, 'Run the gates again');
      expect(await engine.finished(run)).toEqual({ status: 'succeeded', error: null });
      expect(await attempts(run)).toEqual(['1 succeeded']);
    },
    TEST_MS,
  );

  it(
    'ends where people give up, and where the pipeline says so',
    async () => {
      configure('coverage: { command: "true", report: none.info }');
      const run = await start('["coverage: 80"]');
      await choose((await asked(run)).id, 'Give up');
      expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { code: 'gate-inconclusive' } });
      const other = await start('["coverage: 80"]', ', onFailure: fail');
      expect(await engine.finished(other)).toMatchObject({ status: 'failed', error: { code: 'gate-inconclusive' } });
    },
    TEST_MS,
  );

  it(
    'goes on without a gate that the repository has no command for',
    async () => {
      configure('test: { command: "test -e same.txt" }');
      const run = await start('[tests, "coverage: 80"]');
      await choose((await asked(run)).id, 'Go on without it');
      expect(await engine.finished(run)).toEqual({ status: 'succeeded', error: null });
      expect(await attempts(run)).toEqual(['1 succeeded']);
      expect((await engine.record.gates(run.id)).map(({ gate, verdict }) => `${gate} ${verdict}`).sort()).toEqual([
        'coverage inconclusive',
        'tests pass',
      ]);
    },
    TEST_MS,
  );

  it(
    'lets the agent try again with the words of people',
    async () => {
      const failing = 'coverage: { command: "true", report: none.info }\n';
      configure(`test: { command: "grep -q less told.txt || test ! -s told.txt" }\n${failing}`);
      const run = await start('[tests, "coverage: 80"]');
      await choose((await asked(run)).id, 'Try again', 'Use less.');
      const again = await asked(run);
      const report = 'printf "SF:a.js\\nDA:1,1\\nend_of_record\\n" > none.info';
      configure(`coverage: { command: ${JSON.stringify(report)}, report: none.info }`);
      await choose(again.id, 'Run the gates again');
      expect(await engine.finished(run)).toEqual({ status: 'succeeded', error: null });
      expect(await attempts(run)).toEqual(['1 failed', '2 succeeded']);
    },
    TEST_MS,
  );
});

describe('a step whose set-up fails', () => {
  it(
    'begins again with the corrected set-up, and the agent keeps all of its attempts',
    async () => {
      configure('setup: { command: "echo no registry; exit 9" }\ntest: { command: "true" }');
      const run = await start('[tests]');
      const question = await asked(run);
      expect(question.text).toMatch(/exit code 9.*\nno registry/s);
      expect(question.options.map(({ name }) => name)).toEqual(['Run the set-up again', 'Give up']);
      configure('setup: { command: "mkdir -p made" }\ntest: { command: "true" }');
      await choose(question.id, 'Run the set-up again');
      expect(await engine.finished(run)).toEqual({ status: 'succeeded', error: null });
      expect(await attempts(run)).toEqual(['1 failed', '2 succeeded']);
    },
    TEST_MS,
  );
});

describe('a step whose change conflicts', () => {
  /** Lets others change the run's branch right before the first publication. */
  const conflicting = (): void => {
    configure('test: { command: "true" }');
    let isFirst = true;
    engine.hooks.publishCommit = async (request, real) => {
      if (isFirst) {
        await engine.forgeGit('branch', request.branch, 'main');
        commitTo(engine.repository.remoteUrl, request.branch, { 'same.txt': 'theirs' });
      }
      isFirst = false;
      return real(request);
    };
  };

  it(
    'lets the agent resolve it with both changes before it, and proves the result',
    async () => {
      conflicting();
      const run = await start('[tests]', ', params: { text: mine, resolves: true }');
      const question = await asked(run);
      expect(question.text).toMatch(/does not apply on top of it: same\.txt/);
      expect(question.options.map(({ name }) => name)).toEqual([
        'Let the agent resolve it',
        'Take a branch',
        'Give up',
      ]);
      await choose(question.id, 'Let the agent resolve it');
      expect(await engine.finished(run)).toEqual({ status: 'succeeded', error: null });
      const { branch } = await engine.record.run(run.id);
      expect(await engine.forgeGit('show', `${branch!}:same.txt`)).toBe('both');
      const told = await engine.forgeGit('show', `${branch!}:told.txt`);
      expect(told).toMatch(/\+theirs[\s\S]*\+mine/);
      expect(await attempts(run)).toEqual(['1 failed', '2 succeeded']);
      expect((await engine.record.gates(run.id)).map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    },
    TEST_MS,
  );

  it(
    'takes no result that still holds conflict markers',
    async () => {
      conflicting();
      const run = await start('[tests]', ', params: { text: mine }');
      await choose((await asked(run)).id, 'Let the agent resolve it');
      expect(await engine.finished(run)).toMatchObject({
        status: 'failed',
        error: { code: 'conflict-unresolved', message: 'conflict markers are left in same.txt' },
      });
    },
    TEST_MS,
  );

  it(
    'takes a branch that a person resolved, with its author, and no other',
    async () => {
      conflicting();
      const run = await start('[tests]', ', params: { text: mine }');
      const first = await asked(run);
      await choose(first.id, 'Take a branch', 'nowhere');
      const second = await asked(run);
      expect(second.text).toContain('has no branch nowhere');
      await engine.forgeGit('branch', 'aside', 'main');
      commitTo(engine.repository.remoteUrl, 'aside', { 'same.txt': 'aside' });
      await choose(second.id, 'Take a branch', 'aside');
      const third = await asked(run);
      expect(third.text).toMatch(/aside does not contain [0-9a-f]{10}, the head of /);
      const branch = /the head of (\S+)\. /.exec(third.text)?.[1];
      await engine.forgeGit('branch', 'resolved', branch!);
      const resolved = commitTo(engine.repository.remoteUrl, 'resolved', { 'same.txt': 'theirs and mine' });
      await choose(third.id, 'Take a branch', 'resolved');
      expect(await engine.finished(run)).toEqual({ status: 'succeeded', error: null });
      expect(await engine.forgeGit('rev-parse', branch!)).toBe(resolved);
      expect(await attempts(run)).toEqual(['1 succeeded']);
      expect((await engine.record.gates(run.id)).map(({ commit }) => commit)).toContain(resolved);
    },
    TEST_MS,
  );
});

describe('an approved change that cannot land', () => {
  const LANDING = `
name: landing
steps:
  - { name: Work, agent: writer, action: code.implement, gates: [tests], params: { text: mine, resolves: true } }
  - { name: Review, agent: critic, action: review.code }
  - { name: Propose, action: github.createPR, params: { title: "feat: mine" } }
  - { name: Ask, type: human-gate, approvers: [human:team-lead] }
  - { name: Merge, action: github.merge, retry: 1 }
`;
  const FAILS_TOGETHER = 'test: { command: "! test -e theirs-bad.txt || grep -q \'cannot land\' told.txt" }';

  /** An approved change whose base gets these files right before it lands. */
  const approved = async (files: Record<string, string>, pipeline = LANDING, config = 'test: { command: "true" }') => {
    await engine.forgeGit('update-ref', 'refs/heads/main', begin);
    configure(config);
    let isFirst = true;
    engine.hooks.runAction = (request, real) => {
      if (isFirst && request.action === 'github.merge') {
        commitTo(engine.repository.remoteUrl, 'main', files);
        isFirst = false;
      }
      return real(request);
    };
    const run = await engine.startRun(pipeline, { issue: { title: 'Say mine' } });
    await eventually(() => engine.record.openApproval(run.id, 'ask'), ASKED_WITHIN_MS);
    await engine.decide(run, 'ask', 'lee');
    return run;
  };
  const made = async ({ id }: StartedRun) =>
    (await engine.record.attempts(id)).map(({ step, attempt, status }) => `${step} ${attempt} ${status}`);
  let begin = '';
  beforeAll(async () => {
    begin = await engine.forgeGit('rev-parse', 'main');
  });

  it(
    'is resolved by the agent that made it, approved again as it is now, and lands; nothing before is repeated',
    async () => {
      const run = await approved({ 'same.txt': 'theirs' });
      const question = await asked(run, 'merge');
      expect(question.text).toMatch(/main has moved.*same\.txt/);
      expect(question.options.map(({ name }) => name)).toEqual([
        'Let the agent resolve it',
        'Take a branch',
        'Try again',
        'Give up',
      ]);
      expect(question.options[0]!.says).toMatch(/^writer, whose change it is/);
      await choose(question.id, 'Let the agent resolve it');
      const again = await eventually(() => engine.record.openApproval(run.id, 'merge'), ASKED_WITHIN_MS);
      expect(again.requirements).toEqual(
        expect.arrayContaining([expect.objectContaining({ approvers: ['team-lead'] }) as unknown]),
      );
      await engine.decide(run, 'merge', 'lee');
      expect(await engine.finished(run)).toEqual({ status: 'succeeded', error: null });
      expect(await engine.forgeGit('show', 'main:same.txt')).toBe('both');
      expect(await engine.forgeGit('show', 'main:told.txt')).toMatch(
        /Say mine on landing[\s\S]*## The change on main[\s\S]*\+theirs[\s\S]*Issue #\d+ Say mine[\s\S]*\+mine/,
      );
      expect(await made(run)).toEqual(['work 1 succeeded', 'review 1 succeeded', 'merge 1 succeeded']);
      const decided = (await engine.record.events(run.id)).filter(({ type }) => type === 'approval.decided');
      expect(decided).toHaveLength(2);
    },
    TEST_MS,
  );

  it(
    'takes a branch that a person merged, and no other, without an agent',
    async () => {
      const rebasing = LANDING.replace('retry: 1', 'retry: 1, params: { method: rebase }');
      const run = await approved({ 'same.txt': 'theirs' }, rebasing);
      const first = await asked(run, 'merge');
      const { branch } = await engine.record.run(run.id);
      await engine.forgeGit('branch', 'half', branch!);
      commitTo(engine.repository.remoteUrl, 'half', { 'same.txt': 'half' });
      await choose(first.id, 'Take a branch', 'half');
      const second = await asked(run, 'merge');
      expect(second.text).toMatch(/half does not contain [0-9a-f]{10}, the head of main/);
      await engine.forgeGit('branch', 'merged', branch!);
      changeAt(engine.repository.remoteUrl, 'merged', (git) => {
        git('merge', '--quiet', '--no-commit', '-X', 'ours', 'origin/main');
      });
      await choose(second.id, 'Take a branch', 'merged');
      // The same patch as before the conflict would not be asked about again; this one is another.
      await eventually(() => engine.record.openApproval(run.id, 'merge'), ASKED_WITHIN_MS);
      await engine.decide(run, 'merge', 'lee');
      expect(await engine.finished(run)).toEqual({ status: 'succeeded', error: null });
      expect(await engine.forgeGit('show', 'main:same.txt')).toBe('mine');
      expect(await made(run)).toEqual(['work 1 succeeded', 'review 1 succeeded']);
    },
    TEST_MS,
  );

  it(
    'whose tests fail beside the changes of others is corrected on both, or ends as people say',
    async () => {
      const run = await approved({ 'theirs-bad.txt': 'x' }, LANDING, FAILS_TOGETHER);
      const first = await asked(run, 'merge');
      expect(first.text).toMatch(/on the merged result gate tests failed/);
      await choose(first.id, 'Try again');
      const second = await asked(run, 'merge');
      await choose(second.id, 'Let the agent resolve it');
      await eventually(() => engine.record.openApproval(run.id, 'merge'), ASKED_WITHIN_MS);
      await engine.decide(run, 'merge', 'lee', 'reject');
      expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { code: 'rejected' } });
      expect(await made(run)).toEqual(['work 1 succeeded', 'review 1 succeeded', 'merge 1 succeeded']);

      const other = await approved({ 'theirs-bad.txt': 'x' }, LANDING, FAILS_TOGETHER);
      await choose((await asked(other, 'merge')).id, 'Give up');
      expect(await engine.finished(other)).toMatchObject({ status: 'failed', error: { code: 'merge-unproved' } });
    },
    TEST_MS,
  );
});
