import { startEngine, type Engine } from '../support/engine.js';

let engine: Engine;
beforeEach(async () => {
  engine = await startEngine({
    files: { 'README.md': 'a demo\n', '.baton/repository.yaml': 'test: { command: "grep -q good new.txt" }\n' },
    agents: [
      {
        name: 'devon',
        script: `write('new.txt', /try good/.test(request.failure?.message ?? '') ? 'good' : 'bad ' + request.attempt); done();`,
      },
    ],
  });
});
afterEach(() => engine.stop());

const orion = (result: string) =>
  engine.addAgent({ name: 'orion', roles: ['orchestrator'], script: `done(${result});` });
const run = (retry = '{ attempts: 2, delay: 10ms }') =>
  engine.run(`
name: stubborn
steps:
  - { name: Work, agent: devon, action: code.implement, gates: [tests], retry: ${retry} }
`);
const attempts = async (id: string) =>
  (
    await engine.record.inTx((tx) =>
      tx
        .selectFrom('attempts as t')
        .innerJoin('agents as a', 'a.id', 't.agent_id')
        .select(['t.attempt', 'a.name', 't.status'])
        .where('t.run_id', '=', id)
        .orderBy('t.attempt')
        .execute(),
    )
  ).map(({ attempt, name, status }) => `${attempt} ${name} ${status}`);

describe('a step whose attempts are used up', () => {
  it('goes to the orchestrator, who sees why, and with its advice to the agent once more', async () => {
    await orion(`{ summary: request.failure.gates[0].command + ' fails: try good' }`);
    const { id, result } = await run();
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await attempts(id)).toEqual(['1 devon failed', '2 devon failed', '3 orion succeeded', '4 devon succeeded']);
    const { branch } = await engine.record.run(id);
    expect(await engine.forgeGit('show', `${branch!}:new.txt`)).toBe('good');
  });

  it('is not advised twice', async () => {
    await orion(`{ summary: 'try harder' }`);
    const { id, result } = await run();
    expect(result).toMatchObject({ status: 'failed', error: { code: 'gate-failed' } });
    expect(await attempts(id)).toEqual([
      '1 devon failed',
      '2 devon failed',
      '3 orion succeeded',
      '4 devon failed',
      '5 devon failed',
    ]);
  });

  it.each([
    ['gives it up', `{ summary: 'hopeless', output: { retry: false } }`, '3 orion succeeded'],
    ['has nothing to say', `{ summary: ' ' }`, '3 orion succeeded'],
  ])('fails as it did where the orchestrator %s', async (_what, said, last) => {
    await orion(said);
    const { id, result } = await run();
    expect(result).toMatchObject({ status: 'failed', error: { code: 'gate-failed' } });
    expect(await attempts(id)).toEqual(['1 devon failed', '2 devon failed', last]);
  });

  it('fails as it did where the orchestrator fails, or nobody is one', async () => {
    const alone = await run();
    expect(alone.result).toMatchObject({ error: { code: 'gate-failed' } });
    expect(await attempts(alone.id)).toEqual(['1 devon failed', '2 devon failed']);
    await engine.addAgent({ name: 'orion', roles: ['orchestrator'], script: 'process.exit(1);' });
    const { id, result } = await run();
    expect(result).toMatchObject({ error: { code: 'gate-failed' } });
    expect(await attempts(id)).toEqual(['1 devon failed', '2 devon failed', '3 orion failed']);
  });

  it('that was to be tried once is nobody else’s', async () => {
    await orion(`{ summary: 'try good' }`);
    const { id } = await run('1');
    expect(await attempts(id)).toEqual(['1 devon failed']);
  });
});
