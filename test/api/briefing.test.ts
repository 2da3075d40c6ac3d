import { randomUUID } from 'node:crypto';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { openArtifact, replaceArtifact } from '../../src/artifacts/artifacts.js';
import { writeListed } from '../../src/db/checklist-marks.js';
import { insertQuestion } from '../../src/db/questions.js';
import { stepEvent } from '../../src/db/step-events.js';
import type { PlanStep } from '../../src/domain/plan.js';
import { noop, plan } from './record.js';
import { serveApi, type ServedApi } from './served-api.js';
import { beginStep } from './step-at-work.js';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const FILE = { path: 'src/total.ts', why: ['it says total'], snippets: [{ from: 7, text: 'export const total = 1;' }] };
const agentStep = {
  ...noop('work'),
  ...{ name: 'Work', kind: 'agent', action: 'code.implement', gates: [] },
  agent: { kind: 'role', role: 'developer' },
} as unknown as PlanStep;

/** A task whose step is at work, with something of everything that a briefing tells. */
async function taskAtWork() {
  const { record } = api;
  const { organisationId, projectId } = record;
  const repositoryId = await record.addRepository(`repo-${Math.random().toString(36).slice(2, 8)}`);
  const run = await record.createRun({ plan: plan(`p-${repositoryId.slice(0, 8)}`, [agentStep]), repositoryId });
  const { work, token } = await beginStep(api, { run });
  const { ref, agent } = work;
  const taskId = await record.inTx(async (tx) => {
    const owned = { organisation_id: organisationId };
    const issue = await tx
      .insertInto('issues')
      .values({
        ...{ ...owned, repository_id: repositoryId, number: 4, title: 'Round totals', body: 'To cents.' },
        author_id: record.people.author.id,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const task = await tx
      .insertInto('tasks')
      .values({
        ...{ ...owned, project_id: projectId, repository_id: repositoryId, issue_id: issue.id },
        ...{ type: 'feature' as const, priority: 'P2' as const, title: 'Round totals' },
        requested_by: record.people.author.id,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx.updateTable('runs').set({ task_id: task.id, issue_id: issue.id }).where('id', '=', run.id).execute();
    await tx.updateTable('attempts').set({ summary: 'Looked around.' }).where('run_id', '=', run.id).execute();
    await writeListed(tx, work, [{ text: 'Write the docs', source: 'required' }]);
    for (let n = 1; n <= 12; n += 1)
      await stepEvent(tx, ref, { key: `e${n}`, type: 'step.progressed', briefing: `event ${n}` });
    await insertQuestion(tx, {
      ...{ id: randomUUID(), organisationId, runId: run.id, step: 'work', item: null, attempt: 1, agentId: agent.id },
      ...{ askedBy: 'agent', workflowId: 'w', answerers: ['author'], expiresAt: new Date(Date.now() + 60_000) },
      ...{ text: 'Which way?', recommended: null, freeText: true },
      options: [
        { name: 'Up', says: 'To the next cent.' },
        { name: 'Down', says: 'To the last cent.' },
      ],
    });
    const key = { organisationId, runId: run.id, step: 'work', item: null, attempt: 1, kind: 'context' } as const;
    const { id } = await openArtifact(tx, { ...key, name: 'context.json', mediaType: 'application/json' });
    await replaceArtifact(tx, id, Buffer.from(JSON.stringify({ commit: 'a'.repeat(40), files: [FILE] })));
    return task.id;
  });
  return { taskId, run, token };
}

describe('the briefing of a task', () => {
  it('tells in one call all that an agent has to know', async () => {
    const { taskId, run } = await taskAtWork();
    const { status, text } = await api.get(`/api/agent/briefing/${taskId}`, { as: 'reader' });
    expect(status).toBe(200);
    const told = JSON.parse(text) as { events: { briefing: string }[] };
    expect(told).toMatchObject({
      task: { id: taskId, title: 'Round totals' },
      run: { id: run.id, number: run.number },
      issue: { number: 4, body: 'To cents.' },
      log: [{ step: 'work', attempt: 1, status: 'running', summary: 'Looked around.' }],
      requirements: [
        { role: 'developer', steps: [{ step: 'work', action: 'code.implement', requires: ['Write the docs'] }] },
      ],
      commit: 'a'.repeat(40),
      files: [FILE],
      questions: [{ text: 'Which way?', options: [{ name: 'Up' }, { name: 'Down' }] }],
    });
    expect(told.events).toHaveLength(10);
    expect(told.events[0]!.briefing).toContain('event 12');
  });

  it('is the same for the agent at its step, which can search it too', async () => {
    const { taskId, token } = await taskAtWork();
    const client = new Client({ name: 'test', version: '1' });
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${api.url}/api/mcp`), { requestInit }));
    const textOf = async (name: string, args: Record<string, unknown> = {}): Promise<string> => {
      const { content } = await client.callTool({ name, arguments: args });
      return content[0]?.type === 'text' ? content[0].text : '';
    };
    const { text } = await api.get(`/api/agent/briefing/${taskId}`);
    expect(JSON.parse(await textOf('get_briefing'))).toEqual(JSON.parse(text));
    expect(await textOf('search_context', { query: 'total rounding' })).toContain(
      '## src/total.ts, from line 7\nexport const total = 1;',
    );
    expect(await textOf('search_context', { query: 'zebra' })).toBe(
      'Nothing of the briefing holds any of these words.',
    );
    // What ends the attempt does not end reading.
    await textOf('submit', { summary: 'Done.' });
    expect(await textOf('search_context', { query: 'cents' })).toContain('To cents.');
    await client.close();
  });

  it('is there before a run is, and not of a task that is not', async () => {
    const { taskId, run } = await taskAtWork();
    await api.record.inTx((tx) => tx.updateTable('runs').set({ task_id: null }).where('id', '=', run.id).execute());
    const { text } = await api.get(`/api/agent/briefing/${taskId}`);
    expect(JSON.parse(text)).toMatchObject({ task: { id: taskId }, run: null, files: [], events: [] });
    const missing = await api.get('/api/agent/briefing/00000000-0000-4000-8000-000000000000');
    expect(missing.body.code).toBe('task-not-found');
  });
});
