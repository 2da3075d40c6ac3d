import type { Activities } from '../../src/domain/work.js';
import { eventually } from '../support/eventually.js';
import { preparePipelineThatAsks } from './asking.js';
import { startWorker, type TestWorker } from './fake-activities.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
let worker: TestWorker | null = null;
let activities: Partial<Activities>;

beforeAll(async () => {
  api = await serveApi();
  activities = await preparePipelineThatAsks(api);
  worker = await startWorker(api.record.db, api.taskQueue, activities);
});
afterAll(async () => {
  await worker?.stop();
  await api.close();
});

/** The open question of a run that the author asked for. */
async function openQuestion() {
  const { body: run } = await api.post('/api/runs', { pipeline: 'asks', repository: 'demo' }, { as: 'author' });
  const question = await eventually(
    async () => (await api.get(`/api/questions?status=open&run=${run.number}`)).body.items[0],
  );
  return { run, question };
}
const answer = (
  id: string,
  body: Readonly<Record<string, unknown>>,
  as: 'admin' | 'author' | 'reviewer' | 'reader' = 'reviewer',
  key?: string,
) => api.post(`/api/questions/${id}/answer`, body, { as, ...(key && { headers: { 'idempotency-key': key } }) });

describe('a question', () => {
  it('is found by the agent that cannot go on', async () => {
    const { question } = await openQuestion();
    const idsOf = async (agent: string) =>
      (await api.get(`/api/questions?status=open&agent=${agent}`)).body.items.map(({ id }) => id);
    const { id: agent } = (await api.get('/api/agents/devon')).body;
    expect(await idsOf(agent)).toContain(question.id);
    expect(await idsOf(crypto.randomUUID())).toEqual([]);
  });

  it('says what is asked, who can answer, and whether that is you', async () => {
    const { question, run } = await openQuestion();
    expect(question).toMatchObject({
      status: 'open',
      run: { number: run.number, pipeline: 'asks', repository: 'demo', requestedBy: 'author' },
      step: { id: 'work', name: 'Work', item: null },
      askedBy: 'agent',
      agent: 'devon',
      text: 'Keep the old name?',
      options: [
        { name: 'Keep', says: 'Callers go on.' },
        { name: 'Rename', says: 'Callers change.' },
      ],
      recommended: 'Rename',
      freeText: true,
      answerers: ['author', 'senior-developer', 'team-lead', 'tech-lead'],
      refusal: { code: 'not-asked' },
      answer: null,
    });
    const seen = async (as: 'author' | 'reviewer' | 'reader') =>
      (await api.get(`/api/questions/${question.id}`, { as })).body;
    expect(await seen('author')).toMatchObject({ refusal: null, canAnswer: ['author', 'reviewer'] });
    expect(await seen('reader')).toMatchObject({ refusal: { code: 'role-too-low' } });
    const lists = async (waiting: string, as: 'admin' | 'author') =>
      (await api.get(`/api/questions?waiting=${waiting}`, { as })).body.items.map(({ id }) => id);
    expect(await lists('me', 'author')).toContain(question.id);
    expect(await lists('others', 'author')).toEqual([]);
    expect(await lists('me', 'admin')).toEqual([]);
    expect((await api.get('/api/questions/count', { as: 'admin' })).body).toEqual({
      open: (await lists('others', 'admin')).length,
      mine: 0,
    });
    await answer(question.id, { option: 'Keep', reason: 'x' });
  });

  it('is answered by a person with a reason, and the run goes on', async () => {
    const { question, run } = await openQuestion();
    expect((await answer(question.id, { option: 'Keep', reason: ' it is known ' })).body).toEqual({
      question: question.id,
      option: 'Keep',
    });
    await eventually(async () => (await api.get(`/api/runs/${run.number}`)).body.status === 'succeeded');
    expect((await api.get(`/api/questions/${question.id}`)).body).toMatchObject({
      status: 'answered',
      answer: { by: 'reviewer', option: 'Keep', text: null, reason: 'it is known' },
    });
    expect((await answer(question.id, { option: 'Rename', reason: 'y' }, 'author')).body).toMatchObject({
      status: 409,
      code: 'question-not-open',
    });
  });

  it('is not answered by those who are not asked, nor with what it does not take; attempts are in the audit trail', async () => {
    const { question } = await openQuestion();
    expect((await answer(question.id, { option: 'Keep', reason: 'x' }, 'admin')).body).toMatchObject({
      status: 403,
      code: 'not-asked',
    });
    expect((await answer(question.id, { option: 'Keep', reason: 'x' }, 'reader')).body.status).toBe(403);
    expect((await answer(question.id, { option: 'Burn', reason: 'x' })).body).toMatchObject({
      status: 422,
      code: 'unknown-option',
      detail: 'Burn is no option of this question; choose Keep, Rename.',
    });
    expect((await answer(question.id, { option: 'Keep', reason: ' ' })).body.code).toBe('reason-missing');
    expect((await answer(question.id, {})).body.code).toBe('answer-missing');
    expect((await answer('00000000-0000-4000-8000-000000000000', {})).body.code).toBe('question-not-found');
    const { items } = (await api.get(`/api/audit?resource=question:${question.id}`)).body;
    expect(items.map(({ action, outcome }) => `${action} ${outcome}`)).toContain('question.answer denied');
    expect((await answer(question.id, { text: 'Keep both.' })).status).toBe(200);
  });
});

describe('while no worker runs', () => {
  it('an answer is unknown, the same key repeats safely, and it counts once', async () => {
    const { question, run } = await openQuestion();
    await worker!.stop();
    worker = null;
    const given = { option: 'Keep', reason: 'x' };
    expect((await answer(question.id, given, 'reviewer', 'away')).body).toMatchObject({
      status: 503,
      code: 'decision-unknown',
    });
    worker = await startWorker(api.record.db, api.taskQueue, activities);
    const again = await eventually(async () => {
      const sent = await answer(question.id, given, 'reviewer', 'away');
      return sent.status === 200 && sent;
    }, 40_000);
    expect(again.body).toEqual({ question: question.id, option: 'Keep' });
    await eventually(async () => (await api.get(`/api/runs/${run.number}`)).body.status === 'succeeded');
    expect((await answer(question.id, given, 'reviewer', 'away')).body).toEqual(again.body);
  });

  it('an answer whose reply was lost with the API is told again, also when the step has ended', async () => {
    const { question, run } = await openQuestion();
    const given = { option: 'Keep', reason: 'x' };
    const first = await answer(question.id, given, 'reviewer', 'lost');
    await eventually(async () => (await api.get(`/api/runs/${run.number}`)).body.status === 'succeeded');
    await api.record.inTx((tx) =>
      tx
        .updateTable('idempotency_keys')
        .set({ status: null, body: null, claimed_until: null })
        .where('key', '=', 'lost')
        .execute(),
    );
    expect((await answer(question.id, given, 'reviewer', 'lost')).body).toEqual(first.body);
  });
});
