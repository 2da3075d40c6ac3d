import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

/** The gRPC status. */
const NOT_FOUND = 5;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    people: { ann: ['dba'] },
    agents: [
      {
        name: 'devon',
        owner: 'ann',
        roles: ['developer'],
        moves: [{ action: 'code.implement', write: { 'new.txt': 'new\n' }, summary: 'Adds new.txt' }],
      },
      {
        name: 'tara',
        roles: ['tester'],
        // Fails until it is told the word; then writes down what it was told.
        script: `if (request.params.word === undefined) process.exit(3); write('test.txt', request.params.word); done({ output: { word: request.params.word } });`,
      },
      {
        name: 'riva',
        roles: ['code-reviewer'],
        script: `done({ summary: 'looks fine', output: { tree: execFileSync('git', ['ls-files'], { encoding: 'utf8' }) } });`,
      },
      { name: 'each', roles: ['developer'], script: `write(request.params.file, 'x'); done();` },
    ],
  });
});
afterAll(() => engine.stop());

const PIPELINE = `
name: feature
steps:
  - { name: Branch, action: git.createBranch, params: { branch: "feature/{{ issue.number }}-r2" } }
  - { name: Implement, agent: devon, action: code.implement }
  - { name: Write tests, agent: tara, action: code.writeTests, retry: 1, params: { kept: "{{ nodes.implement.output.commit }}" } }
  - { name: Review, agent: role:code-reviewer, action: review.code, params: { word: "{{ nodes['write-tests'].output.word }}" } }
`;

const headOf = (branch: string): Promise<string> => engine.forgeGit('rev-parse', `refs/heads/${branch}`);
const failedRun = async (): Promise<StartedRun & { issue: number }> => {
  const run = await engine.run(PIPELINE, { issue: {} });
  expect(run.result).toMatchObject({ status: 'failed', error: { code: 'agent-exited' } });
  const { branch } = await engine.record.run(run.id);
  return { ...run, issue: Number(/\d+/.exec(branch!)![0]) };
};

describe('a rerun from a step', () => {
  let first: StartedRun & { issue: number };
  let second: StartedRun;
  let branch: string;
  let left: string;
  beforeAll(async () => {
    first = await failedRun();
    branch = `feature/${first.issue}-r2`;
    left = await headOf(branch);
    second = await engine.rerun(first.id, 'write-tests', { word: 'hello' });
    expect(await engine.finished(second)).toMatchObject({ status: 'succeeded', error: null });
  });

  it('takes over the results of what was finished before, without doing it again', async () => {
    const steps = await engine.record.steps(second.id);
    expect(steps.map(({ step, status }) => [step, status])).toEqual([
      ['branch', 'succeeded'],
      ['implement', 'succeeded'],
      ['write-tests', 'succeeded'],
      ['review', 'succeeded'],
    ]);
    expect((await engine.record.attempts(second.id)).map(({ step }) => step)).toEqual(['write-tests', 'review']);
    const recorded = (await engine.record.step(first.id, 'implement')).output;
    expect((await engine.record.step(second.id, 'implement')).output).toEqual(recorded);
    expect((await engine.record.step(second.id, 'write-tests')).input).toMatchObject({
      kept: (recorded as { commit: string }).commit,
    });
  });

  it('replaces the parameters that it was given, and keeps the others', async () => {
    const { input } = await engine.record.step(second.id, 'write-tests');
    expect(input).toEqual({ kept: left, word: 'hello' });
  });

  it('works on a branch of its own, made at the recorded commit', async () => {
    expect((await engine.record.run(second.id)).branch).toBe(`${branch}-r1`);
    expect(await engine.forgeGit('log', '--format=%H', '--skip=1', '-1', `${branch}-r1`)).toBe(left);
    expect(await engine.forgeGit('show', `${branch}-r1:test.txt`)).toBe('hello');
    expect((await engine.record.step(second.id, 'branch')).output).toMatchObject({ branch: `${branch}-r1` });
  });

  it('never touches the old branch', async () => {
    expect(await headOf(branch)).toBe(left);
  });

  it('shows its lineage', async () => {
    expect(await engine.record.run(second.id)).toMatchObject({
      rerun_of: first.id,
      rerun_from: 'write-tests',
      root_id: first.id,
    });
    expect(second.workflowId).toMatch(new RegExp(`^${first.workflowId}/r1-\\d+$`));
  });

  it('again is -r2, at the same commit, also when it repeats the first rerun', async () => {
    const third = await engine.rerun(second.id, 'write-tests', { word: 'again' });
    expect(await engine.finished(third)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.run(third.id)).toMatchObject({
      branch: `${branch}-r2`,
      rerun_of: second.id,
      root_id: first.id,
    });
    expect(third.workflowId).toMatch(new RegExp(`^${first.workflowId}/r2-\\d+$`));
    expect(await engine.forgeGit('rev-list', '--count', `${left}..${branch}-r2`)).toBe('1');
    expect(await engine.forgeGit('show', `${branch}-r1:test.txt`)).toBe('hello');
  });

  it('brings its task from failed to where the finished steps had brought it', async () => {
    const changes = (await engine.record.events(second.id)).filter(({ type }) => type.startsWith('task.'));
    expect(changes.map(({ type, payload }) => [type, payload['from'], payload['to']])).toEqual([
      ['task.transitioned', 'failed', 'retrying'],
      ['task.transitioned', 'retrying', 'testing'],
    ]);
  });

  it('from its first step does everything again, on a branch of its own', async () => {
    const again = await engine.rerun(first.id, 'branch');
    expect(await engine.finished(again)).toMatchObject({ status: 'failed', error: { code: 'agent-exited' } });
    const { branch: own } = await engine.record.run(again.id);
    expect(own).toMatch(new RegExp(`^${branch}-r\\d$`));
    expect(await engine.forgeGit('rev-list', '--count', `main..${own!}`)).toBe('1');
    expect(await headOf(branch)).toBe(left);
  });

  it('is refused for a step that the pipeline lacks, with a hint, and while the run is open', async () => {
    await expect(engine.rerun(first.id, 'write-test')).rejects.toMatchObject({
      code: 'step-not-found',
      message: expect.stringContaining('write-tests') as string,
    });
    const open = await engine.startRun(
      '\nname: open\nsteps:\n  - { name: Ask, type: human-gate, approvers: [human:lee] }\n',
    );
    await engine.asked(open, 'ask');
    await expect(engine.rerun(open.id, 'ask')).rejects.toMatchObject({ code: 'run-still-open' });
    await engine.decide(open, 'ask', 'lee');
    await engine.finished(open);
  });
});

describe('a rerun after a mapped step', () => {
  it('keeps what its items committed', async () => {
    const run = await engine.run(`
name: mapped
steps:
  - { name: Each, agent: each, action: code.implement, map: { over: [a.txt, b.txt, c.txt], concurrency: 2 }, params: { file: "{{ item }}" } }
  - { name: Write tests, agent: tara, action: code.writeTests, retry: 1 }
  - { name: Review, agent: riva, action: review.code }
`);
    expect(run.result).toMatchObject({ status: 'failed' });
    const again = await engine.rerun(run.id, 'write-tests', { word: 'hi' });
    expect(await engine.finished(again)).toMatchObject({ status: 'succeeded', error: null });
    const third = await engine.rerun(again.id, 'review');
    expect(await engine.finished(third)).toMatchObject({ status: 'succeeded', error: null });
    for (const { id } of [again, third]) {
      expect((await engine.record.step(id, 'review')).output).toMatchObject({
        tree: '.baton/repository.yaml\nREADME.md\na.txt\nb.txt\nc.txt\ntest.txt\n',
      });
      expect((await engine.record.steps(id)).filter(({ step, item }) => step === 'each' && item !== null)).toHaveLength(
        3,
      );
    }
  });
});

describe('a rerun', () => {
  // The dev server takes half a minute to forget a workflow.
  it('works when Temporal has forgotten the first run', async () => {
    const first = await failedRun();
    const { workflowService } = engine.temporal;
    const execution = { workflowId: first.workflowId };
    await workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution: execution });
    await eventually(
      () =>
        workflowService.describeWorkflowExecution({ namespace: 'default', execution }).then(
          () => false,
          (error: unknown) => (error as { code?: number }).code === NOT_FOUND,
        ),
      90_000,
    );
    const again = await engine.rerun(first.id, 'write-tests', { word: 'hello' });
    expect(await engine.finished(again)).toMatchObject({ status: 'succeeded', error: null });
    expect((await engine.record.attempts(again.id)).map(({ step }) => step)).toEqual(['write-tests', 'review']);
  }, 120_000);
});

describe('a rerun from the approval or the merge', () => {
  const LANDING = `
name: landing
steps:
  - { name: Branch, action: git.createBranch, params: { branch: "landing/{{ issue.number }}" } }
  - { name: Implement, agent: devon, action: code.implement }
  - { name: Review, agent: riva, action: review.code }
  - { name: Propose, action: github.createPR, params: { title: "feat: {{ issue.title }}" } }
  - { name: Ask, type: human-gate, approvers: [human:dba, human:team-lead] }
  - { name: Say, action: flow.noop, params: { pr: "{{ nodes.propose.output.number }}" } }
  - { name: Merge, action: github.merge }
`;

  it('asks again for the same change, of the same people, and lands it with its history', async () => {
    const run = await engine.startRun(LANDING, { issue: {} });
    await engine.asked(run, 'ask');
    await engine.decide(run, 'ask', 'lee', 'reject', 'later');
    expect(await engine.finished(run)).toMatchObject({ status: 'failed' });

    const again = await engine.rerun(run.id, 'ask');
    await engine.asked(again, 'ask');
    // ann owns the agent whose commit was taken over.
    await expect(engine.decide(again, 'ask', 'ann')).rejects.toMatchObject({ cause: { type: 'own-change' } });
    await engine.decide(again, 'ask', 'lee');
    expect(await engine.finished(again)).toMatchObject({ status: 'succeeded', error: null });

    const { branch } = await engine.record.run(again.id);
    const pulls = await engine.record.inTx((tx) =>
      tx.selectFrom('pull_requests').selectAll().where('run_id', 'in', [run.id, again.id]).orderBy('number').execute(),
    );
    expect(pulls).toMatchObject([
      { head: branch!.replace(/-r1$/, ''), state: 'open' },
      { head: branch, state: 'merged', title: 'feat: Add a thing' },
    ]);
    const reviews = await engine.record.inTx((tx) =>
      tx.selectFrom('reviews').select(['author', 'body']).where('pull_request_id', '=', pulls[1]!.id).execute(),
    );
    expect(reviews).toEqual([{ author: 'riva', body: 'looks fine' }]);
    expect((await engine.record.step(again.id, 'say')).input).toEqual({ pr: pulls[1]!.number });
    const message = await engine.forgeGit('log', '-1', '--format=%B', 'main');
    expect(message).toContain('Baton-Agent: devon');
    expect(message).toContain('Approved-by: lee');
    const [task] = await engine.record.inTx((tx) =>
      tx
        .selectFrom('tasks as t')
        .innerJoin('runs as r', 'r.task_id', 't.id')
        .select('t.status')
        .where('r.id', '=', again.id)
        .execute(),
    );
    expect(task).toEqual({ status: 'completed' });
  });

  it('takes over an approval of the very change', async () => {
    let fail = true;
    engine.hooks.runAction = (request, real) => {
      if (request.action === 'github.merge' && fail) throw new Error('the forge is on fire');
      return real(request);
    };
    const run = await engine.startRun(
      LANDING.replaceAll('new.txt', 'other.txt')
        .replace('name: landing', 'name: landing-2')
        .replace('landing/', 'landing-2/')
        .replace('devon', 'each')
        .replace('action: code.implement', 'action: code.implement, params: { file: late.txt }'),
      { issue: {} },
    );
    await engine.asked(run, 'ask');
    await engine.decide(run, 'ask', 'ann');
    expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { code: 'internal' } });
    fail = false;
    const again = await engine.rerun(run.id, 'merge');
    expect(await engine.finished(again)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.forgeGit('show', 'main:late.txt')).toBe('x');
    expect(await engine.forgeGit('log', '-1', '--format=%B', 'main')).toContain('Approved-by: ann');
  });
});

describe('a rerun of a step that calls a pipeline', () => {
  it('has the called run work on a branch with the same suffix, and leaves the old one alone', async () => {
    const child = `
name: called
steps:
  - { name: Branch, action: git.createBranch, params: { branch: "called/{{ issue.number }}" } }
  - { name: Each, agent: each, action: code.implement, params: { file: "{{ context.file }}" } }
`;
    const first = await engine.run(
      `
name: calls
steps:
  - { name: Call, pipeline: called, params: { file: a.txt } }
  - { name: Write tests, agent: tara, action: code.writeTests, retry: 1 }
`,
      { issue: {}, children: [child] },
    );
    expect(first.result).toMatchObject({ status: 'failed' });
    const [before] = await engine.record.children(first.id);
    const head = await headOf(before!.branch!);
    const second = await engine.rerun(first.id, 'call', {});
    expect(await engine.finished(second)).toMatchObject({ status: 'failed', error: { step: 'write-tests' } });
    const [after] = await engine.record.children(second.id);
    expect(after).toMatchObject({ status: 'succeeded', branch: `${before!.branch!}-r1` });
    expect(await headOf(before!.branch!)).toBe(head);
  });
});
