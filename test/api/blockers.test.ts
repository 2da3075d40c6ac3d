import { randomUUID } from 'node:crypto';
import { dispatchRuns } from '../../src/api/dispatch.js';
import { transitionTask } from '../../src/db/tasks.js';
import { createLocalForge } from '../../src/forge/local.js';
import type { RunRef } from '../../src/domain/work.js';
import type { TaskStatus } from '../../src/domain/task.js';
import { noop, plan } from './record.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
let forge: ReturnType<typeof createLocalForge>;

beforeAll(async () => {
  api = await serveApi({ dispatcher: { wake: () => undefined } });
  forge = createLocalForge({ db: api.record.db, dataDirectory: api.dataDirectory });
  const { organisationId, projectId, people } = api.record;
  const principal = { organisationId, personId: people.author.id, handle: 'author' };
  for (const name of ['demo', 'other']) await forge.createRepository({ principal, projectId, name, source: null });
  await api.record.addPipeline(plan('build', [noop('one')], 'feature'));
});
afterAll(() => api.close());

const open = async (blockedBy: readonly string[] = [], labels: readonly string[] = ['feature'], name = 'demo') => {
  const { status, body } = await api.post(`/api/repositories/${name}/issues`, { title: 'A thing', labels, blockedBy });
  return { status, code: body.code, number: body.number, run: status === 201 ? body.runs[0]?.id : undefined };
};
const taskOf = async (issue: number, name = 'demo') => {
  const { items } = (await api.get(`/api/tasks?repository=${name}`)).body;
  return items.find((task) => (task as unknown as { issue: number }).issue === issue)! as unknown as {
    id: string;
    status: TaskStatus;
    blockedBy: string[];
    blocks: string[];
  };
};
const run = (id: string) =>
  api.record.inTx((tx) => tx.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
const dispatched = async (id: string) => {
  await dispatchRuns(api.deps);
  return (await run(id)).dispatched_at !== null;
};
async function move(taskId: string, ...statuses: TaskStatus[]): Promise<void> {
  const { organisationId, projectId } = api.record;
  const ref = { organisationId, projectId, runId: randomUUID(), repository: null, taskId } as unknown as RunRef;
  for (const to of statuses) await api.record.inTx((tx) => transitionTask(tx, ref, to, `test-${to}`));
}
const complete = (taskId: string) => move(taskId, 'in-progress', 'testing', 'ready-for-review', 'completed');

describe('a task that waits for others', () => {
  it('has its run made and held, and starts it when the last of them is completed', async () => {
    const [first, second] = [await open([], []), await open([], [], 'other')];
    const waiting = await open([`#${first.number}`, `other#${second.number}`]);
    const task = await taskOf(waiting.number);
    const blockers = [(await taskOf(first.number)).id, (await taskOf(second.number, 'other')).id];
    expect(task).toMatchObject({ status: 'blocked', blockedBy: expect.arrayContaining(blockers) as string[] });
    expect((await taskOf(first.number)).blocks).toEqual([task.id]);
    expect(await run(waiting.run!)).toMatchObject({ status: 'pending', held: true });
    expect(await dispatched(waiting.run!)).toBe(false);
    await complete(blockers[0]!);
    expect(await dispatched(waiting.run!)).toBe(false);
    await complete(blockers[1]!);
    expect((await taskOf(waiting.number)).status).toBe('pending');
    expect(await dispatched(waiting.run!)).toBe(true);
  });

  it('is let go though both that it waits for are completed at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [first, second] = [await open([], []), await open([], [])];
      const waiting = await open([`#${first.number}`, `#${second.number}`]);
      const blockers = await Promise.all([first, second].map(async ({ number }) => (await taskOf(number)).id));
      for (const blocker of blockers) await move(blocker, 'in-progress', 'testing', 'ready-for-review');
      await Promise.all(blockers.map((blocker) => move(blocker, 'completed')));
      expect(await run(waiting.run!)).toMatchObject({ held: false });
    }
  });

  it('goes on by hand, and not twice', async () => {
    const first = await open([], []);
    const waiting = await open([`#${first.number}`]);
    const [task, blocker] = [await taskOf(waiting.number), await taskOf(first.number)];
    const path = `/api/tasks/${task.id}/blockers/${blocker.id}`;
    expect((await api.send('DELETE', path, { as: 'reader' })).status).toBe(403);
    expect((await api.send('DELETE', path, { as: 'author' })).body).toMatchObject({ status: 'pending', blockedBy: [] });
    expect(await dispatched(waiting.run!)).toBe(true);
    expect((await api.send('DELETE', path, { as: 'author' })).body.code).toBe('blocker-not-found');
    const { items } = (await api.get('/api/audit?action=task.unblock')).body;
    expect(items).toMatchObject([{ outcome: 'failure' }, { outcome: 'success' }, { outcome: 'denied' }]);
  });

  it('waits for nothing that is done, nor for what is not there', async () => {
    const first = await open([], ['feature']);
    await complete((await taskOf(first.number)).id);
    const waiting = await open([`#${first.number}`]);
    expect(await run(waiting.run!)).toMatchObject({ held: false });
    expect(await open(['#9999'])).toMatchObject({ status: 404, code: 'issue-not-found' });
    expect(await open(['nowhere#1'])).toMatchObject({ status: 404, code: 'repository-not-found' });
    expect((await open(['12'])).status).toBe(400);
  });

  it('can be made to wait until its work has begun', async () => {
    const [first, begun] = [await open([], []), await open()];
    const later = await open([`#${first.number}`], []);
    const task = await taskOf(later.number);
    await api.send('DELETE', `/api/tasks/${task.id}/blockers/${task.blockedBy[0]!}`);
    const block = async (number: number) =>
      api.post(`/api/tasks/${(await taskOf(number)).id}/blockers`, { blockers: [`#${first.number}`] });
    expect((await block(later.number)).body).toMatchObject({ status: 'blocked' });
    const labelled = await api.post(`/api/repositories/demo/issues/${later.number}/labels`, { labels: ['feature'] });
    expect(await run(labelled.body.runs[0]!.id)).toMatchObject({ held: true });
    expect(await dispatched(begun.run!)).toBe(true);
    expect(await block(begun.number)).toMatchObject({ status: 409, body: { code: 'task-begun' } });
  });

  it('is not started once its run is cancelled', async () => {
    const first = await open([], []);
    const waiting = await open([`#${first.number}`]);
    expect((await api.post(`/api/runs/${waiting.run!}/cancel`, { reason: 'x' })).status).toBe(202);
    await complete((await taskOf(first.number)).id);
    expect(await dispatched(waiting.run!)).toBe(false);
    expect((await run(waiting.run!)).status).toBe('cancelled');
  });

  it('cannot wait for itself by any way round, which is named', async () => {
    const first = await open([], []);
    const second = await open([`#${first.number}`], []);
    const third = await open([`#${second.number}`], []);
    const { id } = await taskOf(first.number);
    const refused = await api.post(`/api/tasks/${id}/blockers`, { blockers: [(await taskOf(third.number)).id] });
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'blockers-cycle',
      detail: expect.stringContaining(
        `demo#${first.number} → demo#${third.number} → demo#${second.number} → demo#${first.number}`,
      ) as string,
    });
    expect((await taskOf(first.number)).status).toBe('pending');
    expect((await api.post(`/api/tasks/${id}/blockers`, { blockers: [id] })).body.code).toBe('blockers-cycle');
    expect((await api.post(`/api/tasks/${id}/blockers`, { blockers: [randomUUID()] })).body.code).toBe(
      'task-not-found',
    );
  });

  it('that is moved as the lifecycle does not know stays, and the refusal is an event', async () => {
    const first = await open([], []);
    const waiting = await open([`#${first.number}`], []);
    const { id } = await taskOf(waiting.number);
    await move(id, 'in-progress');
    expect((await taskOf(waiting.number)).status).toBe('blocked');
    const refused = await api.record.inTx((tx) =>
      tx.selectFrom('events').select('payload').where('type', '=', 'task.refused').execute(),
    );
    expect(refused.map(({ payload }) => payload)).toEqual([{ task: id, from: 'blocked', to: 'in-progress' }]);
  });
});
