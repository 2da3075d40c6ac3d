import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

let engine: Engine;
beforeEach(async () => {
  engine = await startEngine({
    files: { 'README.md': 'a demo\n', '.baton/repository.yaml': 'test: { command: "grep -q good new.txt" }\n' },
    agents: [
      {
        name: 'devon',
        roles: ['developer'],
        script: `write('new.txt', request.answers.some(({ text }) => /good/.test(text ?? '')) ? 'good' : 'bad ' + request.attempt);
          write('told.txt', request.failure?.message ?? ''); done();`,
      },
    ],
  });
});
afterEach(() => engine.stop());

const start = (attempts = 2) =>
  engine.startRun(`
name: stubborn
onFailure: ask
steps:
  - { name: Work, agent: devon, action: code.implement, gates: [tests], retry: { attempts: ${attempts}, delay: 10ms } }
`);
const attempts = async ({ id }: StartedRun) =>
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

describe('a step whose attempts are used up, where people are asked', () => {
  it('waits for them, and with their words goes to the agent for another round', async () => {
    const run = await start();
    const question = await engine.question(run, 'work');
    expect(question).toMatchObject({
      asked_by: 'system',
      attempt: 2,
      text: expect.stringMatching(/^devon has used up the attempts of Work: gate tests failed/) as string,
      free_text: true,
    });
    expect(question.options.map(({ name }) => name)).toEqual(['Try again', 'Give up']);
    expect(await engine.record.step(run.id, 'work')).toMatchObject({ status: 'waiting' });
    await engine.answer(question.id, 'maya', { option: 'Try again', text: 'Write good.' });
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await attempts(run)).toEqual(['1 devon failed', '2 devon failed', '3 devon succeeded']);
    const { branch } = await engine.record.run(run.id);
    expect(await engine.forgeGit('show', `${branch!}:told.txt`)).toMatch(/\nmaya says: Try again Write good\.$/);
  });

  it('asks again after another round, and fails as it did where they give up', async () => {
    const run = await start();
    const first = await engine.question(run, 'work');
    await engine.answer(first.id, 'lee', { text: 'Try harder.' });
    const second = await eventually(async () => {
      const open = await engine.record.openQuestion(run.id, 'work');
      return open && open.id !== first.id && open;
    });
    await engine.answer(second.id, 'lee', { option: 'Give up', reason: 'Hopeless.' });
    expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { code: 'gate-failed' } });
    expect(await attempts(run)).toEqual(['1 devon failed', '2 devon failed', '3 devon failed', '4 devon failed']);
  });

  it('asks the orchestrator before', async () => {
    await engine.addAgent({
      name: 'orion',
      roles: ['orchestrator'],
      script: `done({ summary: 'hopeless', output: { retry: false } });`,
    });
    const run = await start();
    const { id } = await engine.question(run, 'work');
    expect(await attempts(run)).toEqual(['1 devon failed', '2 devon failed', '3 orion succeeded']);
    await engine.answer(id, 'maya', { option: 'Try again', text: 'good' });
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect((await attempts(run)).at(-1)).toBe('4 devon succeeded');
  });

  it('takes no question of the orchestrator for advice', async () => {
    await engine.addAgent({
      name: 'orion',
      roles: ['orchestrator'],
      script: `say({ type: 'question', text: 'Well?', options: [{ name: 'A', says: 'a' }, { name: 'B', says: 'b' }] });`,
    });
    const run = await start();
    const { id, text } = await engine.question(run, 'work');
    expect(text).toMatch(/^devon has used up/);
    expect(await attempts(run)).toEqual(['1 devon failed', '2 devon failed', '3 orion failed']);
    await engine.answer(id, 'maya', { option: 'Give up', reason: 'x' });
    expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { code: 'gate-failed' } });
  });

  it('asks nobody where it was to be tried once', async () => {
    const run = await start(1);
    expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { code: 'gate-failed' } });
    expect(await attempts(run)).toEqual(['1 devon failed']);
  });
});
