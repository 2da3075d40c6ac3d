import { startWorker, type TestWorker } from '../api/fake-activities.js';
import { approvalStep, plan } from '../api/record.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { eventually } from '../support/eventually.js';
import { runCli } from './run-cli.js';

let api: ServedApi;
let worker: TestWorker;
let number: number;
beforeAll(async () => {
  api = await serveApi();
  await api.record.addPipeline(plan('ship', [approvalStep('ask', ['team-lead', 'admin'])]));
  worker = await startWorker(api.record.db, api.taskQueue);
  ({ number } = (await api.post('/api/runs', { pipeline: 'ship' })).body);
  await eventually(async () => (await api.get(`/api/approvals?status=open&run=${number}`)).body.items[0]);
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

const baton = (...args: string[]) => runCli(args, { BATON_URL: api.url, BATON_TOKEN: api.record.people.admin.key });

describe('baton bulk', () => {
  it('shows what it would touch, and touches it when it is told to', async () => {
    const shown = await baton('bulk', 'pause', '-p', 'ship');
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.stdout).toMatch(new RegExp(`#${number} +ship +\\w+ .*pause`));
    expect(shown.stdout).toMatch(/nothing was done; --yes --reason … does it to 1 of 1/);
    const done = await baton('bulk', 'pause', '-p', 'ship', '--reason', 'the release is off', '--yes');
    expect(done).toMatchObject({ code: 0, stdout: `#${number}: done\n` });
    const again = await baton('bulk', 'pause', '--reason', 'again', '--yes');
    expect(again.stdout).toMatch(/left as it is: The run is paused already/);
    expect(await baton('bulk', 'rerun', '--reason', 'x')).toMatchObject({ code: 0, stdout: 'no runs\n' });
  });

  it('takes no act that there is not, and none without a reason', async () => {
    expect(await baton('bulk', 'explode', '--reason', 'x')).toMatchObject({ code: 2 });
    expect(await baton('bulk', 'pause', '--yes')).toMatchObject({ code: 2 });
  });
});

describe('baton risk', () => {
  it('says what a run counts as from now on', async () => {
    expect(await baton('risk', String(number), 'high', '--reason', 'it touches money')).toMatchObject({
      code: 0,
      stdout: `#${number} counts as high risk from now on\n`,
    });
    expect((await baton('show', String(number))).stdout).toMatch(
      /admin set the risk of the run to high: it touches money/,
    );
    expect(await baton('risk', String(number), 'none', '--reason', 'x')).toMatchObject({ code: 2 });
  });
});
