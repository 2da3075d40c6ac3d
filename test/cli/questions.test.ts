import { openEscalation } from '../../src/db/escalations.js';
import { OPTIONS, preparePipelineThatAsks } from '../api/asking.js';
import { startWorker, type TestWorker } from '../api/fake-activities.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { eventually } from '../support/eventually.js';
import { runCli } from './run-cli.js';

let api: ServedApi;
let worker: TestWorker;
const options = [...OPTIONS];
beforeAll(async () => {
  api = await serveApi();
  worker = await startWorker(api.record.db, api.taskQueue, await preparePipelineThatAsks(api, options));
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

const batonAs = (as: 'author' | 'admin', ...args: string[]) =>
  runCli(args, { BATON_URL: api.url, BATON_TOKEN: api.record.people[as].key });
const baton = (...args: string[]) => batonAs('author', ...args);
const ask = async () => {
  const { body: run } = await api.post('/api/runs', { pipeline: 'asks', repository: 'demo' }, { as: 'author' });
  const question = await eventually(
    async () => (await api.get(`/api/questions?status=open&run=${run.number}`)).body.items[0],
  );
  return { number: String(run.number), id: question.id };
};

describe('baton questions', () => {
  it('lists what is asked, and shows one with its options', async () => {
    const { number, id } = await ask();
    expect((await baton('questions', '--mine')).stdout).toMatch(
      new RegExp(`${id} +#${number} +Work +open +\\d+ s ago +Keep \\| Rename +Keep the old name\\?`),
    );
    expect(await batonAs('admin', 'questions', '--mine')).toMatchObject({ stdout: 'no questions\n' });
    const { stdout } = await baton('questions', number);
    expect(stdout).toContain('Rename (recommended): Callers change.');
    expect(stdout).toContain('or in your own words: --text');
    expect(stdout).toContain(`answer     baton answer ${id} <option> --reason <why>`);
    expect((await batonAs('admin', 'questions', id)).stdout).toContain('you cannot answer: admin is not among those');
    expect((await baton('show', number)).stdout).toContain(`asks: Keep the old name? (baton questions ${id})`);
    await baton('answer', id, 'Keep', '--reason', 'x');
  });
});

describe('baton answer', () => {
  it('answers by the run, and says what is missing', async () => {
    const { number, id } = await ask();
    expect(await baton('answer', number, 'keep')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Say why') as string,
    });
    expect(await batonAs('admin', 'answer', id, 'Keep', '--reason', 'x')).toMatchObject({ code: 4 });
    expect(await baton('answer', number, 'keep', '--reason', 'It is known.')).toMatchObject({
      code: 0,
      stdout: `Work of #${number} goes on with Keep; follow the run with: baton watch ${number}\n`,
    });
    expect((await baton('questions', id)).stdout).toContain('answered   by author: Keep, because It is known.');
    expect(await baton('answer', number, 'Keep', '--reason', 'x')).toMatchObject({ code: 5 });
    expect((await baton('questions', '--all', '--run', number)).stdout).toMatch(/answered/);
  });

  it('takes own words where the question does', async () => {
    const { number } = await ask();
    expect(await baton('answer', number, '--text', 'Keep both.')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('goes on with your words') as string,
    });
  });
});

describe('baton escalations', () => {
  it('shows what lasts and what was done about it', async () => {
    const { number } = await ask();
    await api.record.inTx((tx) =>
      openEscalation(tx, {
        organisationId: api.record.organisationId,
        projectId: null,
        cause: 'pr-stale',
        subject: 'pull-request:1',
        title: 'Pull request #1',
        since: new Date(Date.now() - 3 * 3600_000),
        runId: null,
        facts: {},
      }),
    );
    const { stdout } = await baton('escalations', '--open');
    expect(stdout).toMatch(/pr-stale +- +open +3 h ago +Pull request #1 +nothing yet/);
    expect(stdout).toMatch(new RegExp(`agent-blocked +#${number} +open +\\d+ s ago +devon \\(#${number} Work\\)`));
    expect((await baton('escalations', '--run', number)).stdout).not.toContain('pr-stale');
    await baton('answer', number, 'Keep', '--reason', 'x');
    expect((await baton('escalations', '--run', number)).stdout).toMatch(/cleared/);
  });
});

describe('baton regate and baton resolve', () => {
  afterEach(() => void options.splice(OPTIONS.length));

  it('answer the question of a step that is blocked, by those who are asked', async () => {
    const plain = await ask();
    expect(await baton('regate', plain.number, 'work')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('does not wait for the gates or the set-up of work') as string,
    });
    await baton('answer', plain.id, 'Keep', '--reason', 'x');
    options.push({ name: 'Run the gates again', says: 'x' }, { name: 'Take a branch', says: 'y' });
    const gated = await ask();
    expect(await batonAs('admin', 'regate', gated.number, 'work')).toMatchObject({ code: 4 });
    expect(await baton('regate', gated.number, 'Work')).toMatchObject({ code: 0 });
    expect((await baton('questions', gated.id)).stdout).toContain('answered   by author: Run the gates again');
    const conflicting = await ask();
    expect(await baton('resolve', conflicting.number, '--branch', 'mine')).toMatchObject({ code: 0 });
    expect((await baton('questions', conflicting.id)).stdout).toContain('answered   by author: Take a branch, mine');
  });
});
