import { addToTask, openTask } from '../../src/db/tasks.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
const ids: string[] = [];

beforeAll(async () => {
  api = await serveApi();
  const { record } = api;
  const repositoryId = await record.addRepository('demo');
  for (const [number, labels] of [['bug', 'P0'], ['docs'], []].entries()) {
    await record.inTx(async (tx) => {
      const issue = await tx
        .insertInto('issues')
        .values({
          organisation_id: record.organisationId,
          repository_id: repositoryId,
          number: number + 1,
          title: `Issue ${number + 1}`,
          body: '',
          acceptance_criteria: '',
          author_id: record.people.author.id,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      ids.push(
        await openTask(tx, {
          organisationId: record.organisationId,
          projectId: record.projectId,
          repositoryId,
          issueId: issue.id,
          title: `Issue ${number + 1}`,
          labels,
          requestedBy: record.people.author.id,
        }),
      );
    });
  }
});
afterAll(() => api.close());

const titles = async (query: string) => (await api.get(`/api/tasks?${query}`)).body.items.map(({ title }) => title);

describe('tasks', () => {
  it('are listed newest first, in pages', async () => {
    const first = (await api.get('/api/tasks?limit=2')).body;
    expect(first.items.map(({ title }) => title)).toEqual(['Issue 3', 'Issue 2']);
    expect(await titles(`limit=2&cursor=${first.next}`)).toEqual(['Issue 1']);
  });

  it('are found by status, priority and repository', async () => {
    expect(await titles('priority=P0')).toEqual(['Issue 1']);
    expect(await titles('status=completed')).toEqual([]);
    expect(await titles('repository=demo')).toHaveLength(3);
    expect((await api.get('/api/tasks?repository=nope')).status).toBe(404);
    expect((await api.get('/api/tasks?status=done')).status).toBe(400);
  });

  it('have what was asked and what came of it; the same commit is noted once', async () => {
    for (const files of [['b.txt', 'a.txt'], ['b.txt']])
      await api.record.inTx((tx) => addToTask(tx, ids[0]!, 'c'.repeat(40), files));
    expect((await api.get(`/api/tasks/${ids[0]}`)).body).toMatchObject({
      type: 'bugfix',
      status: 'pending',
      issue: 1,
      requestedBy: 'author',
      commits: ['c'.repeat(40)],
      affectedFiles: ['a.txt', 'b.txt'],
      blockedBy: [],
      blocks: [],
      runs: [],
    });
    expect((await api.get(`/api/tasks/${crypto.randomUUID()}`)).status).toBe(404);
  });
});
