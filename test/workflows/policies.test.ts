import { openAbsence } from '../../src/db/absences.js';
import { decidePolicies, proposePolicies } from '../../src/db/policies.js';
import type { Principal } from '../../src/db/people.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

let engine: Engine;
beforeAll(async () => {
  const moves = (files: Readonly<Record<string, string>>) => [{ action: 'code.implement', write: files }];
  engine = await startEngine({
    people: { sen: ['senior-developer'], dee: ['dba'], sec: ['security-lead'], cat: ['cto'], sub: [] },
    agents: [
      { name: 'coder', moves: moves({ 'src/a.ts': 'export {};\n' }) },
      { name: 'migrator', moves: moves({ 'db/migrations/1.sql': 'select 1;\n' }) },
      { name: 'writer', moves: moves({ 'docs/a.md': 'text\n' }) },
      { name: 'texts', moves: moves({ 'docs/1.md': '1\n' }) },
      { name: 'writer2', moves: moves({ 'docs/2.md': '2\n' }) },
      { name: 'texter', moves: moves({ 'docs/b.md': 'more text\n' }) },
      { name: 'anns', owner: 'sen', moves: moves({ 'src/b.ts': 'export {};\n' }) },
    ],
  });
});
afterAll(() => engine.stop());
afterEach(() => engine.unhook());

let names = 0;
const pipeline = (agents: readonly string[], { approval = '', merges = false } = {}): string =>
  [
    `name: policies-${(names += 1)}`,
    'steps:',
    ...agents.map((agent, at) => `  - { name: Work ${at + 1}, agent: ${agent}, action: code.implement, retry: 1 }`),
    ...(approval === '' ? [] : [`  - { name: Ask, type: human-gate, ${approval} }`]),
    ...(merges
      ? [
          '  - { name: Propose, action: github.createPR, params: { title: "A change" } }',
          '  - { name: Merge, action: github.merge }',
        ]
      : []),
  ].join('\n');

const approvalOf = (run: StartedRun, step: string) => engine.record.approval(run.id, step);
const rulesOf = async (run: StartedRun, step: string): Promise<readonly string[]> => {
  await engine.asked(run, step);
  return (await approvalOf(run, step)).requirements.map(({ rule }) => rule);
};
const landed = async (file: string): Promise<boolean> =>
  (await engine.forgeGit('ls-tree', '-r', '--name-only', 'main')).split('\n').includes(file);
const principal = (handle: string): Principal => {
  const { organisationId, personId } = engine.person(handle);
  return { organisationId, personId, handle, name: handle, role: 'admin', keyId: personId, kind: 'key' };
};

describe('an approval of a pipeline', () => {
  it('asks also for what the policies ask for of such a change, and says which rule asks for what', async () => {
    const run = await engine.startRun(pipeline(['migrator'], { approval: 'approvers: [human:team-lead]' }));
    expect(await rulesOf(run, 'ask')).toEqual(['Ask', 'database-schema']);
    expect(await approvalOf(run, 'ask')).toMatchObject({
      purpose: 'step',
      risk: { tier: 'high', reasons: [{ rule: 'schema' }, { rule: 'files.approval' }] },
      requirements: [
        { approvers: ['team-lead'] },
        { approvers: ['dba'], why: expect.stringContaining('db/migrations/1.sql') as string },
      ],
    });
    expect(await engine.decide(run, 'ask', 'lee')).toEqual({ kind: 'open', missing: '1 of dba' });
    expect(await engine.decide(run, 'ask', 'dee')).toEqual({ kind: 'approved', by: ['lee', 'dee'] });
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  });

  it('may name a policy', async () => {
    const run = await engine.startRun(pipeline(['coder'], { approval: 'approvalPolicy: security-critical' }));
    expect(await rulesOf(run, 'ask')).toEqual(['security-critical']);
    await engine.decide(run, 'ask', 'sec');
    expect(await engine.decide(run, 'ask', 'cat')).toMatchObject({ kind: 'approved' });
    await engine.finished(run);
  });

  it('is given by whoever decides in the place of somebody who is away, marked so', async () => {
    const day = 24 * 3600_000;
    await engine.record.inTx((tx) =>
      openAbsence(tx, principal('dee'), {
        startsAt: new Date(Date.now() - day),
        endsAt: new Date(Date.now() + day),
        delegate: 'sub',
        note: 'on holiday',
      }),
    );
    const run = await engine.startRun(pipeline(['migrator'], { approval: 'approvalPolicy: database-schema' }));
    await engine.asked(run, 'ask');
    expect(await engine.decide(run, 'ask', 'sub')).toEqual({ kind: 'approved', by: ['sub'] });
    await engine.finished(run);
    const [entry] = await engine.record.inTx((tx) =>
      tx
        .selectFrom('audit')
        .select('details')
        .where('action', '=', 'approval.approve')
        .orderBy('id', 'desc')
        .limit(1)
        .execute(),
    );
    expect(entry!.details).toMatchObject({ inPlaceOf: ['dee'] });
    await engine.record.inTx((tx) => tx.deleteFrom('absences').execute());
  });

  it('is discussed without being decided, each word once', async () => {
    const run = await engine.startRun(pipeline([], { approval: 'approvers: [human:team-lead]' }));
    await engine.asked(run, 'ask');
    const by = { id: engine.person('sen').personId, handle: 'sen', roles: [] };
    const say = (step: string) =>
      run.handle.executeUpdate('discuss', { args: [step, { by, body: 'why now?', key: 'k1' }] });
    await say('ask');
    await say('ask');
    await expect(say('nothing')).rejects.toMatchObject({ cause: { type: 'approval-not-open' } });
    expect(await engine.record.run(run.id)).toMatchObject({ status: 'waiting' });
    const said = await engine.record.inTx((tx) => tx.selectFrom('approval_comments').select('body').execute());
    expect(said).toEqual([{ body: 'why now?' }]);
    await engine.decide(run, 'ask', 'lee');
    await engine.finished(run);
    const types = (await engine.record.events(run.id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'approval.commented')).toHaveLength(1);
  });
});

describe('before an agent acts', () => {
  it('nobody is asked where the risk is not high', async () => {
    const { id, result } = await engine.run(pipeline(['coder']));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(
      await engine.record.inTx((tx) => tx.selectFrom('approvals').selectAll().where('run_id', '=', id).execute()),
    ).toEqual([]);
  });

  it('people are, where it is high: nothing is done before, and once for the same reasons', async () => {
    let begun = 0;
    engine.hooks.runAttempt = (request, real) => {
      begun += 1;
      return real(request);
    };
    const run = await engine.startRun(pipeline(['coder', 'writer']), { issue: { labels: ['security'] } });
    expect(await rulesOf(run, 'work-1')).toEqual(['security-critical']);
    expect(await engine.record.run(run.id)).toMatchObject({ status: 'waiting' });
    expect(begun).toBe(0);
    await engine.decide(run, 'work-1', 'sec');
    await engine.decide(run, 'work-1', 'cat');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(begun).toBe(2);
  });

  it('people are asked when a step before has made it risky', async () => {
    const run = await engine.startRun(pipeline(['migrator', 'coder']));
    expect(await rulesOf(run, 'work-2')).toEqual(['database-schema']);
    expect(await engine.record.statuses(run.id)).toEqual({ 'work-1': 'succeeded', 'work-2': 'waiting' });
    await engine.decide(run, 'work-2', 'dee', 'reject', 'not this table');
    expect(await engine.finished(run)).toMatchObject({
      status: 'failed',
      error: { code: 'rejected', message: 'dee rejected Work 2: not this table' },
    });
    expect(await engine.record.statuses(run.id)).toEqual({ 'work-1': 'succeeded', 'work-2': 'failed' });
  });

  it('nobody is, where a person has lowered the risk, and everybody who looks sees that and why', async () => {
    const order = {
      override: { kind: 'risk', tier: 'low' },
      by: { id: engine.person('lee').personId, handle: 'lee' },
      reason: 'only texts',
      key: `risk-${names}`,
      origin: null,
    };
    const source = `${pipeline(['texts'])}\n  - { name: Then, agent: writer2, action: code.implement, dependsOn: [Work 1] }`;
    const run = await engine.startRun(source, { issue: { labels: ['security'] } });
    await engine.asked(run, 'work-1');
    await run.handle.executeUpdate('override', { args: [order], updateId: order.key });
    // What was asked stays asked; what comes is not.
    await engine.decide(run, 'work-1', 'sec');
    await engine.decide(run, 'work-1', 'cat');
    expect(await engine.finished(run)).toEqual({ status: 'succeeded', error: null });
    const assessed = (await engine.record.events(run.id)).filter(({ type }) => type === 'risk.assessed');
    expect(assessed.at(-1)!.payload).toMatchObject({
      step: 'then',
      tier: 'low',
      reasons: expect.arrayContaining([
        { rule: 'override', tier: 'low', why: 'lee set it: only texts' },
        { rule: 'security-label', tier: 'high', why: 'its issue is labelled as a matter of security' },
      ]) as unknown,
    });
    const audit = await engine.record.inTx((tx) =>
      tx.selectFrom('audit').select('details').where('action', '=', 'override.risk').execute(),
    );
    expect(audit).toMatchObject([{ details: { tier: 'low', reason: 'only texts' } }]);
  });

  it('nobody is in a run that one of lowered risk calls; a rerun of that is rated anew', async () => {
    const child = pipeline(['coder']);
    const source = `
name: caller-${names}
steps:
  - { name: Ask, type: human-gate, approvers: [human:team-lead] }
  - { name: Call, pipeline: ${/name: (\S+)/.exec(child)![1]}, dependsOn: [Ask] }
`;
    const run = await engine.startRun(source, { issue: { labels: ['security'] }, children: [child] });
    await engine.asked(run, 'ask');
    expect(await engine.override(run, { kind: 'risk', tier: 'low' })).toBe('accepted');
    await engine.decide(run, 'ask', 'lee');
    await engine.decide(run, 'ask', 'sec');
    await engine.decide(run, 'ask', 'cat');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });

    const again = await engine.rerun(run.id, 'call');
    const called = await eventually(async () => (await engine.record.children(again.id))[0]);
    expect(await eventually(() => engine.record.openApproval(called.id, 'work-1'))).toMatchObject({
      risk: { tier: 'high' },
    });
    expect(await engine.override(again, { kind: 'cancel' })).toBe('accepted');
    await engine.finished(again);
  });

  it('nobody is asked again where the step before was their approval', async () => {
    const source = pipeline(['coder'], {}).replace(
      'agent: coder',
      'approvers: [human:sec], approvalRequired: true, agent: coder',
    );
    const run = await engine.startRun(source, { issue: { labels: ['security'] } });
    await engine.asked(run, 'work-1-approval');
    await engine.decide(run, 'work-1-approval', 'sec');
    await engine.decide(run, 'work-1-approval', 'cat');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  });
});

describe('before a change lands', () => {
  it('people are asked at the merge where no step asked them, and the change lands when they agree', async () => {
    const run = await engine.startRun(pipeline(['coder'], { merges: true }));
    expect(await rulesOf(run, 'merge')).toEqual(['feature']);
    expect(await approvalOf(run, 'merge')).toMatchObject({ purpose: 'land', risk: { tier: 'medium' } });
    expect(await landed('src/a.ts')).toBe(false);
    await engine.decide(run, 'merge', 'sen');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await landed('src/a.ts')).toBe(true);
    expect(await engine.forgeGit('log', '-1', '--format=%B', 'main')).toMatch(/Approved-by: sen/);
  });

  it('the owner of its agent is not among them', async () => {
    const run = await engine.startRun(pipeline(['anns'], { approval: 'approvers: [human:sen, human:lee]' }));
    await engine.asked(run, 'ask');
    await expect(engine.decide(run, 'ask', 'sen')).rejects.toMatchObject({ cause: { type: 'own-change' } });
    await engine.decide(run, 'ask', 'lee');
    await engine.finished(run);
  });

  it('nobody is asked only where the repository’s policies, approved by a person, let low risk land alone', async () => {
    const before = await engine.startRun(pipeline(['writer'], { merges: true }));
    expect(await rulesOf(before, 'merge')).toEqual(['feature']);
    await engine.decide(before, 'merge', 'sen', 'reject', 'later');
    await engine.finished(before);

    const { id: repositoryId } = engine.repository;
    const proposal = {
      principal: principal('maya'),
      repository: { id: repositoryId, name: 'demo' },
      source: 'landsAlone: low-risk\n',
      reason: 'texts land by themselves',
    };
    const version = await engine.record.inTx((tx) => proposePolicies(tx, proposal));
    const waiting = await engine.startRun(pipeline(['writer'], { merges: true }));
    expect(await rulesOf(waiting, 'merge')).toEqual(['feature']);
    await engine.record.inTx((tx) =>
      decidePolicies(tx, { principal: principal('lee'), id: version, verdict: 'approve', note: null }),
    );
    // What was asked stays asked.
    await engine.decide(waiting, 'merge', 'sen');
    await engine.finished(waiting);

    const { result } = await engine.run(pipeline(['texter'], { merges: true }));
    expect(result).toEqual({ status: 'succeeded', error: null });
    expect(await landed('docs/b.md')).toBe(true);
    const [merged] = await engine.record.inTx((tx) =>
      tx
        .selectFrom('audit')
        .select('details')
        .where('action', '=', 'repository.merge')
        .orderBy('id', 'desc')
        .limit(1)
        .execute(),
    );
    expect(merged!.details).toMatchObject({
      approvedBy: [],
      allowedBy: [{ repository: 'demo', version: 1, approvedBy: 'lee' }],
    });
    const risky = await engine.startRun(pipeline(['migrator'], { merges: true }));
    expect(await rulesOf(risky, 'merge')).toEqual(['database-schema']);
    await engine.decide(risky, 'merge', 'dee', 'reject', 'no');
    await engine.finished(risky);
  });
});
