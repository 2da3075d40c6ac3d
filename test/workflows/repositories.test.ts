import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { git } from '../../src/git/git.js';

let engine: Engine;
let other: { readonly remoteUrl: string };
beforeAll(async () => {
  engine = await startEngine({
    people: { sen: ['senior-developer'] },
    agents: [
      { name: 'devon', roles: ['developer'], script: `write('new.txt', request.params.text ?? 'x'); done();` },
      { name: 'tara', script: `if (request.params.word === undefined) process.exit(3); done();` },
    ],
  });
  other = await engine.addRepository('other', {
    'README.md': 'another\n',
    '.baton/repository.yaml': 'test: { command: "true" }\n',
  });
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

const otherGit = (...args: string[]) => git(args, { gitDir: other.remoteUrl });
const work = `
  - { name: Implement, agent: devon, action: code.implement, gates: [tests], repository: other }
  - { name: Propose, action: github.createPR, repository: other, params: { title: "feat: a change" } }`;

async function approved(source: string): Promise<StartedRun & { result: Awaited<ReturnType<Engine['finished']>> }> {
  const run = await engine.startRun(source, { issue: {} });
  const [ask] = await engine.record.steps(run.id).then((steps) => steps.filter(({ kind }) => kind === 'approval'));
  await engine.asked(run, ask!.step);
  await engine.decide(run, ask!.step, 'lee');
  return { ...run, result: await engine.finished(run) };
}

describe('a step that names another repository', () => {
  it('works there, is approved there and merged there; the issue of the run stays open', async () => {
    const demo = await engine.forgeGit('rev-parse', 'main');
    const { id, result } = await approved(`
name: elsewhere
steps:${work}
  - { name: Ask, type: human-gate, approvers: [human:team-lead], repository: other }
  - { name: Merge, action: github.merge, repository: other, retry: 1 }
`);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await otherGit('show', 'main:new.txt')).toBe('x');
    expect(await otherGit('log', '-1', '--format=%(trailers:key=Baton-Run,valueonly,separator=)', 'main')).toBe(id);
    expect(await engine.forgeGit('rev-parse', 'main')).toBe(demo);
    const issues = await engine.record.inTx((tx) => tx.selectFrom('issues').select('state').execute());
    expect(issues.map(({ state }) => state)).toEqual(['open']);
  });

  it('takes the approval before it for its own repository', async () => {
    const { result } = await approved(`
name: elsewhere-required
steps:
  - { name: Implement, agent: devon, action: code.implement, params: { text: again }, repository: other }
  - { name: Propose, action: github.createPR, repository: other, params: { title: "feat: again" } }
  - { name: Merge, action: github.merge, repository: other, approvalRequired: true, approvers: [human:team-lead] }
`);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await otherGit('show', 'main:new.txt')).toBe('again');
  });

  it("is not merged on an approval of the run's own repository: it is asked for where it lands", async () => {
    const before = await otherGit('rev-parse', 'main');
    const run = await engine.startRun(
      `
name: elsewhere-unapproved
steps:
  - { name: Implement, agent: devon, action: code.implement, params: { text: more }, repository: other }
  - { name: Propose, action: github.createPR, repository: other, params: { title: "feat: more" } }
  - { name: Ask, type: human-gate, approvers: [human:team-lead] }
  - { name: Merge, action: github.merge, repository: other, retry: 1 }
`,
      { issue: {} },
    );
    await engine.asked(run, 'ask');
    await engine.decide(run, 'ask', 'lee');
    await engine.asked(run, 'merge');
    expect(await engine.record.approval(run.id, 'merge')).toMatchObject({ purpose: 'land' });
    await engine.decide(run, 'merge', 'sen', 'reject', 'not there');
    expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { code: 'rejected' } });
    expect(await otherGit('rev-parse', 'main')).toBe(before);
  });

  it('is done again by a rerun, with all that came after it', async () => {
    const first = await engine.run(
      `
name: elsewhere-rerun
steps:
  - { name: Implement, agent: devon, action: code.implement, params: { text: rerun }, repository: other }
  - { name: After, action: flow.noop }
  - { name: Beside, action: flow.noop, dependsOn: [] }
  - { name: Check, agent: tara, action: review.code, retry: 1, dependsOn: [After, Beside] }
`,
      { issue: {} },
    );
    expect(first.result).toMatchObject({ status: 'failed' });
    const second = await engine.rerun(first.id, 'check', { word: 'x' });
    expect(await engine.finished(second)).toMatchObject({ status: 'succeeded', error: null });
    const { takeOver } = ((await engine.record.run(second.id)).input as { rerun: { takeOver: string[] } }).rerun;
    expect(takeOver).toEqual(['beside']);
  });
});

describe('a branch in the way of the branch of a run', () => {
  const makeBranch = (name: string) => engine.forgeGit('update-ref', `refs/heads/${name}`, 'main');
  const done = async (source: string) => {
    const { id, number, result } = await engine.run(source, { issue: {} });
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    return { ...(await engine.record.run(id)), number };
  };

  it('has its work go to another name, which is the same at every retry, and the run says so', async () => {
    await makeBranch('Clashing');
    const branches: string[] = [];
    engine.hooks.runAttempt = (request, real) => {
      branches.push(request.branch);
      return real(request);
    };
    engine.hooks.chooseBranch = async (request, real) => {
      await real(request);
      return real(request);
    };
    const { number, branch, warnings } = await done(`
name: clashing
steps:
  - { name: Implement, agent: devon, action: code.implement, params: { text: clash } }
  - { name: More, agent: devon, action: code.implement, params: { text: more } }
  - { name: Propose, action: github.createPR, params: { title: "feat: a change" } }
`);
    expect(branch).toMatch(new RegExp(`^clashing-\\d+-.*-run-${number}$`));
    expect(branches).toEqual([branch, branch]);
    const wanted = branch!.replace('clashing-', 'clashing/');
    expect(warnings).toEqual([`The run's branch is ${branch}: ${wanted} cannot exist beside the branch Clashing.`]);
    expect(await engine.forgeGit('show', `${branch}:new.txt`)).toBe('more');
  });

  it('has a branch that a pipeline names made under another name', async () => {
    await makeBranch('taken');
    engine.hooks.runAction = async (request, real) => {
      if (request.action === 'git.createBranch') await real(request);
      return real(request);
    };
    const { branch, warnings } = await done(`
name: naming
steps:
  - { name: Branch, action: git.createBranch, params: { branch: taken/12 } }
  - { name: Implement, agent: devon, action: code.implement, params: { text: named } }
  - { name: Say, action: flow.noop, params: { branch: "{{ nodes.branch.output.branch }}" } }
`);
    expect(branch).toBe('taken-12');
    expect(warnings).toEqual(["The run's branch is taken-12: taken/12 cannot exist beside the branch taken."]);
    expect(await engine.forgeGit('show', 'taken-12:new.txt')).toBe('named');
  });
});

describe('a project with many repositories', () => {
  it('is told whole to a run, and a map over more than can be mapped is refused, not cut', async () => {
    const add = (count: number) =>
      engine.record.inTx(async (tx) => {
        const {
          id: _,
          name: __,
          created_at: ___,
          ...like
        } = await tx.selectFrom('repositories').selectAll().where('name', '=', 'other').executeTakeFirstOrThrow();
        const rows = Array.from({ length: count }, (_, index) => ({ ...like, name: `small-${count}-${index}` }));
        await tx.insertInto('repositories').values(rows).execute();
      });
    await add(148);
    const { id } = await engine.run(`
name: counting
steps:
  - { name: Count, action: flow.noop, params: { number: "{{ size(repositories) }}" } }
`);
    expect(await engine.record.steps(id)).toMatchObject([{ input: { number: 150 } }]);
    await add(400);
    const { result } = await engine.run(`
name: over-all
steps:
  - { name: Each, action: flow.noop, map: { over: "{{ repositories }}" } }
`);
    expect(result.error?.message).toContain('maps over 501 items; at most 500');
  });
});
