import { runDetail, runPage } from '../../src/schema/api/run.js';
import { createListedRun } from '../api/listed-run.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { runCli } from './run-cli.js';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const baton = async (...args: string[]) =>
  (await runCli(args, { BATON_URL: api.url, BATON_TOKEN: api.record.people.author.key })).stdout;

const read = async (run: number) => runDetail.parse((await api.get(`/api/runs/${run}`)).body);

describe('the progress of a run', () => {
  it('is at the run, in the list of runs and at the step, with who marked what and when', async () => {
    const run = await createListedRun(api.record, 'told');
    await run.list('required', 'Write docs');
    await run.list('agent', 'Find it', 'Mend it');
    await run.mark('Find it', 'done', 'in cut()');
    const progress = { steps: { done: 0, of: 2 }, checklist: { done: 1, of: 3, next: 'Write docs' } };
    const { progress: told, steps } = await read(run.number);
    expect(told).toEqual(progress);
    expect(runPage.parse((await api.get('/api/runs')).body).items[0]?.progress).toEqual(progress);
    const open = { status: 'open', note: null, by: null, attempt: 1, at: null };
    expect(steps[0]).toMatchObject({
      usualSeconds: null,
      checklist: [
        { text: 'Write docs', source: 'required', ...open },
        {
          ...{ text: 'Find it', source: 'agent', status: 'done', note: 'in cut()', attempt: 1 },
          ...{ by: { name: run.agent }, at: expect.stringMatching(/^\d{4}-/) as string },
        },
        { text: 'Mend it', source: 'agent', ...open },
      ],
    });
    await run.setStatus('running', 'succeeded');
    const ended = await read(run.number);
    expect(ended.progress).toEqual({ steps: { done: 1, of: 2 }, checklist: null });
    expect(ended.steps[0]!.checklist).toHaveLength(3);
  });

  it('says how long the step usually takes, where it was done often enough', async () => {
    const run = await createListedRun(api.record, 'timed');
    const usual = async () => (await read(run.number)).steps[0]!.usualSeconds;
    await run.before(10, 1_000);
    expect(await usual()).toBeNull();
    await run.before(40);
    expect(await usual()).toBe(40);
  });

  it('is what baton show tells of a step at work, or of one that failed', async () => {
    const run = await createListedRun(api.record, 'shown');
    await run.list('required', 'Write docs');
    await run.list('agent', 'Find it', 'Mend it');
    await run.mark('Find it', 'done');
    await run.mark('Write docs', 'failed', 'there is no place for them');
    const shown = await baton('show', String(run.number));
    expect(shown).toMatch(/progress +steps 0\/2 · checklist 1\/3, next: Write docs/);
    expect(shown).toMatch(/build +running +- +1\/3/);
    expect(shown).toContain('build 1/3\n');
    expect(shown).toMatch(/Write docs +failed +devon-shown +\d+ s ago +there is no place for them/);
    expect(shown).toMatch(/Mend it +open/);
    await run.setStatus('failed', 'failed');
    expect(await baton('show', String(run.number))).toMatch(/progress +steps 0\/2 · checklist 1\/3, next: Write docs/);
  });

  it('is in the list of tasks', async () => {
    const run = await createListedRun(api.record, 'tasked');
    await run.list('agent', 'Find it', 'Mend it');
    await run.mark('Find it', 'done');
    const repositoryId = await api.record.addRepository('tasked');
    await api.record.inTx(async (tx) => {
      const { organisationId, projectId, people } = api.record;
      const task = { type: 'feature', priority: 'P2', status: 'in-progress', title: 'Cut it' } as const;
      const { id } = await tx
        .insertInto('tasks')
        .values({
          ...task,
          organisation_id: organisationId,
          project_id: projectId,
          repository_id: repositoryId,
          requested_by: people.author.id,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await tx.updateTable('runs').set({ task_id: id }).where('id', '=', run.id).execute();
    });
    expect(await baton('tasks')).toMatch(/STEPS +DONE\n[^\n]*Cut it +0\/2 +1\/2\n/);
  });
});
