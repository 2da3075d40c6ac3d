import { randomUUID } from 'node:crypto';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { OverrideOrder, RunOverride } from '../../src/domain/override.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

const ASK = `say({ type: 'question', text: 'Keep the old name?', options: [
  { name: 'Keep', says: 'Callers go on.' }, { name: 'Rename', says: 'Callers change.' } ], recommended: 'Keep', session: 's-1' });`;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    people: { sam: ['senior-developer'], tim: [] },
    agents: [
      {
        name: 'devon',
        roles: ['developer'],
        script: `write('begun.txt', existsSync('begun.txt') ? 'kept' : 'begun');
          if (request.answers.length === 0) { ${ASK} }
          else { write('answer.json', JSON.stringify({ answers: request.answers, session: request.session, failure: request.failure })); done(); }`,
      },
      { name: 'quick', roles: ['quick'], script: `write('quick.txt', 'x'); done();` },
      { name: 'riva', roles: ['reviewer'], script: `if (request.answers.length === 0) { ${ASK} } else done();` },
    ],
  });
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

const asks = (more = '', agent = 'devon', action = 'code.implement') => `
name: asks
steps:
  - { name: Work, agent: ${agent}, action: ${action}, retry: 1${more} }
`;
const refusal = async (answering: Promise<unknown>): Promise<string | null | undefined> =>
  answering.then(
    () => null,
    (error: unknown) =>
      error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure
        ? error.cause.type
        : 'other',
  );
const shown = async (run: StartedRun, path: string): Promise<string> =>
  engine.forgeGit('show', `${(await engine.record.run(run.id)).branch!}:${path}`);
const statusOf = async (name: string) =>
  (
    await engine.record.inTx((tx) =>
      tx.selectFrom('agents').select('status').where('name', '=', name).executeTakeFirstOrThrow(),
    )
  ).status;
const escalationOf = (id: string) =>
  engine.record.inTx((tx) =>
    tx
      .selectFrom('escalations')
      .selectAll()
      .where('cause', '=', 'agent-blocked')
      .where('subject', '=', `question:${id}`)
      .executeTakeFirstOrThrow(),
  );
const attempts = async ({ id }: StartedRun) =>
  (await engine.record.attempts(id)).map(({ attempt, status }) => `${attempt} ${status}`);

describe('a question of an agent', () => {
  it('holds the step until it is answered; the answer and its reason go to the next attempt, with its tree and session', async () => {
    const run = await engine.startRun(asks());
    const question = await engine.question(run, 'work');
    expect(question).toMatchObject({
      text: 'Keep the old name?',
      recommended: 'Keep',
      free_text: false,
      asked_by: 'agent',
      attempt: 1,
      answerers: ['maya', 'senior-developer', 'team-lead', 'tech-lead'],
    });
    expect(await engine.record.step(run.id, 'work')).toMatchObject({ status: 'waiting' });
    expect(await engine.record.run(run.id)).toMatchObject({ status: 'waiting' });
    expect(await statusOf('devon')).toBe('waiting-for-input');

    await engine.answer(question.id, 'maya', { option: 'Keep', reason: 'It is in the docs.' });
    // A step that may be tried once only: to ask is not to fail.
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(JSON.parse(await shown(run, 'answer.json'))).toEqual({
      answers: [
        { question: 'Keep the old name?', option: 'Keep', text: null, reason: 'It is in the docs.', by: 'maya' },
      ],
      session: 's-1',
      failure: null,
    });
    expect(await shown(run, 'begun.txt')).toBe('kept');
    expect(await attempts(run)).toEqual(['1 asked', '2 succeeded']);
    expect(await statusOf('devon')).toBe('idle');
    expect(await engine.record.question(question.id)).toMatchObject({
      status: 'answered',
      answered_by: engine.person('maya').personId,
      answer: 'Keep',
      reason: 'It is in the docs.',
    });
    const events = (await engine.record.events(run.id)).map(({ type }) => type);
    expect(events.filter((type) => /question|blocked|waiting|resumed/.test(type))).toEqual([
      'question.asked',
      'agent.blocked',
      'workflow.waiting',
      'question.answered',
      'workflow.resumed',
    ]);
    const audited = await engine.record.inTx((tx) =>
      tx.selectFrom('audit').select(['actor', 'details']).where('action', '=', 'question.answer').execute(),
    );
    expect(audited).toMatchObject([
      { actor: { name: 'maya' }, details: { option: 'Keep', reason: 'It is in the docs.', step: 'work' } },
    ]);
  });

  it('is answered once, by those who are asked, with one of its options and a reason', async () => {
    const run = await engine.startRun(asks());
    const { id } = await engine.question(run, 'work');
    const answer = (handle: string, given: object) => refusal(engine.answer(id, handle, given));
    expect(await answer('tim', { option: 'Keep', reason: 'x' })).toBe('not-asked');
    expect(await answer('sam', { option: 'Burn', reason: 'x' })).toBe('unknown-option');
    expect(await answer('sam', { text: 'my own' })).toBe('option-needed');
    expect(await answer('sam', { option: 'Keep' })).toBe('reason-missing');
    const many = await Promise.all([
      ...Array.from({ length: 3 }, () => answer('sam', { option: 'Keep', reason: 'x' })),
      ...Array.from({ length: 3 }, () => answer('lee', { option: 'Rename', reason: 'y' })),
    ]);
    expect(many.filter((code) => code === null)).toHaveLength(1);
    expect(many.filter((code) => code === 'question-not-open')).toHaveLength(5);
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  });

  it('counts once, however often the same answer is sent', async () => {
    const run = await engine.startRun(asks());
    const { id } = await engine.question(run, 'work');
    const given = { option: 'Keep', reason: 'x' };
    await Promise.all([engine.answer(id, 'sam', given, 'same'), engine.answer(id, 'sam', given, 'same')]);
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
  });

  it('may come of an agent that only looks', async () => {
    const run = await engine.startRun(asks('', 'riva', 'review.code'));
    const { id } = await engine.question(run, 'work');
    await engine.answer(id, 'lee', { option: 'Keep', reason: 'x' });
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await attempts(run)).toEqual(['1 asked', '2 succeeded']);
  });

  it('is asked by the items of a mapped step at once, each with an answer of its own', async () => {
    const run = await engine.startRun(asks(', map: [a, b]', 'riva', 'review.code'));
    const [first, second] = [await engine.question(run, 'work', 0), await engine.question(run, 'work', 1)];
    expect(await eventually(async () => (await engine.record.run(run.id)).status === 'waiting')).toBe(true);
    await engine.answer(second.id, 'maya', { option: 'Rename', reason: 'x' });
    await eventually(async () => (await engine.record.step(run.id, 'work', 1)).status === 'succeeded');
    expect(await engine.record.step(run.id, 'work', 0)).toMatchObject({ status: 'waiting' });
    expect(await statusOf('riva')).toBe('waiting-for-input');
    await engine.answer(first.id, 'maya', { option: 'Keep', reason: 'x' });
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await statusOf('riva')).toBe('idle');
  });

  it('is closed with its run where that is cancelled', async () => {
    const run = await engine.startRun(asks());
    const { id } = await engine.question(run, 'work');
    await run.handle.cancel();
    expect(await engine.finished(run)).toMatchObject({ status: 'cancelled' });
    expect(await engine.record.question(id)).toMatchObject({ status: 'cancelled', answered_by: null });
    expect(await engine.record.step(run.id, 'work')).toMatchObject({ status: 'cancelled' });
    expect(await statusOf('devon')).toBe('idle');
  });

  it.each([
    ['skipped', { kind: 'skip', step: 'work' }, 'skipped'],
    ['given to another agent', { kind: 'reassign', step: 'work', agent: 'quick' }, 'succeeded'],
  ] as const)('is asked no more where its step is %s; the run goes on', async (_how, override, ends) => {
    let standing = '';
    engine.hooks.runAction = async (request, real) => {
      standing = (await engine.record.run(request.ref.run.runId)).status;
      return real(request);
    };
    const run = await engine.startRun(`${asks()}  - { name: After, action: flow.noop }\n`);
    const { id } = await engine.question(run, 'work');
    const key = randomUUID();
    const order: OverrideOrder<RunOverride> = {
      override,
      by: { id: engine.person('lee').personId, handle: 'lee' },
      reason: 'it must be',
      key,
      origin: null,
    };
    await run.handle.executeUpdate('override', { args: [order], updateId: key });
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.question(id)).toMatchObject({ status: 'cancelled' });
    expect(await engine.record.step(run.id, 'work')).toMatchObject({ status: ends });
    expect(standing).toBe('running');
    expect(await statusOf('devon')).toBe('idle');
    expect(await refusal(engine.answer(id, 'maya', { option: 'Keep', reason: 'x' }))).toBe('other');
  });

  it('ends with its attempt on record: an attempt begun again asks the same, and its agent is not started again', async () => {
    let times = 0;
    engine.hooks.runAttempt = async (request, real) => {
      const result = await real(request);
      times += 1;
      if (times === 1) throw ApplicationFailure.retryable('the worker died', 'lost');
      return result;
    };
    const run = await engine.startRun(asks());
    const { id } = await engine.question(run, 'work');
    expect(times).toBe(2);
    expect((await engine.record.log(run.id, 'work', 'agent.log')).match(/devon asks:/g)).toHaveLength(1);
    await engine.answer(id, 'maya', { option: 'Keep', reason: 'x' });
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await shown(run, 'begun.txt')).toBe('kept');
  });

  it('is no way to go on for ever', async () => {
    const question = { text: 'And now?', options: [{ name: 'Keep', says: 'x' }], recommended: null, freeText: false };
    engine.hooks.runAttempt = ({ repository }) =>
      Promise.resolve({ kind: 'asked', base: repository.id, commit: null, question });
    const run = await engine.startRun(asks());
    for (let asked = 1; asked <= 10; asked += 1) {
      const { id } = await eventually(async () => {
        const open = await engine.record.openQuestion(run.id, 'work');
        return open?.attempt === asked && open;
      });
      await engine.answer(id, 'maya', { option: 'Keep', reason: 'x' });
    }
    expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { code: 'too-many-questions' } });
  });
});

describe('an agent that nobody answers', () => {
  it('is told of level by level, until somebody does', async () => {
    const run = await engine.startRun(asks());
    const { id } = await engine.question(run, 'work');
    expect(await escalationOf(id)).toMatchObject({
      status: 'open',
      run_id: run.id,
      title: `devon (#${run.number} Work)`,
      facts: { reason: expect.stringMatching(/^Keep the old name\?\nAnswer: baton answer /) as string },
    });
    // As if it had asked twenty minutes ago: the first level is due.
    await engine.record.inTx((tx) =>
      tx
        .updateTable('escalations')
        .set({ since: new Date(Date.now() - 20 * 60_000) })
        .where('subject', '=', `question:${id}`)
        .execute(),
    );
    await engine.dispatchEscalations();
    await eventually(async () => (await escalationOf(id)).levels.length > 0);
    expect((await escalationOf(id)).levels).toMatchObject([{ level: 0, did: ['told #agent-ops'] }]);

    await engine.answer(id, 'maya', { option: 'Keep', reason: 'x' });
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await escalationOf(id)).toMatchObject({ status: 'cleared' });
    await engine.dispatchEscalations();
    const workflow = engine.temporal.workflow.getHandle(`escalation/${(await escalationOf(id)).id}`);
    expect(await workflow.result()).toBe('cleared');
  });

  it('is nobody’s trouble any more where the run is cancelled', async () => {
    const run = await engine.startRun(asks());
    const { id } = await engine.question(run, 'work');
    await run.handle.cancel();
    await engine.finished(run);
    expect(await escalationOf(id)).toMatchObject({ status: 'cleared', levels: [] });
  });
});
