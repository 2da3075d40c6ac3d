import { askForApproval } from '../api/asked-approval.js';
import { startWorker, type TestWorker } from '../api/fake-activities.js';
import { approvalStep, noop, plan } from '../api/record.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { eventually } from '../support/eventually.js';
import { runCli } from './run-cli.js';

let api: ServedApi;
let worker: TestWorker;
beforeAll(async () => {
  api = await serveApi();
  await api.record.addPipeline(plan('ship', [approvalStep('ok', ['team-lead', 'admin']), noop('release', ['ok'])]));
  worker = await startWorker(api.record.db, api.taskQueue);
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

const as = (role: 'admin' | 'reviewer', ...args: string[]) =>
  runCli(args, { BATON_URL: api.url, BATON_TOKEN: api.record.people[role].key });

describe('baton approvals', () => {
  it('lists what waits, the riskiest first; nothing for those who cannot decide', async () => {
    expect((await as('reviewer', 'approvals')).stdout).toBe('no approvals\n');
    await askForApproval(api.record, { days: 3, approvers: ['reviewer'], risk: 'low' });
    await askForApproval(api.record, { days: 2, approvers: ['reviewer'], risk: 'high' });
    const { stdout } = await as('reviewer', 'approvals', '--mine');
    expect(stdout).toMatch(/#2 +high +open +2 d ago +yes .*\n#1 +low +open +3 d ago +yes /);
    expect(stdout).toContain('look at one: baton approvals 2');
    expect((await as('admin', 'approvals', '--mine')).stdout).toBe('no approvals\n');
  });

  it('shows of one what happens with a yes, who can say it, and what was said and decided', async () => {
    const run = String((await api.post('/api/runs', { pipeline: 'ship' })).body.number);
    await eventually(async () => (await api.get(`/api/approvals?status=open&run=${run}`)).body.items[0]);
    await as('reviewer', 'discuss', run, 'is it reversible?');
    const { stdout } = await as('reviewer', 'approvals', run);
    expect(stdout).toMatch(/if you say yes +the run goes on with release\n/);
    expect(stdout).toMatch(/in time +.* left; then the run fails without a decision/);
    expect(stdout).toMatch(/team-lead or admin \(.*\); can say yes: (admin, reviewer|reviewer, admin)/);
    expect(stdout).toMatch(/reviewer, \d+ s ago: is it reversible\?/);
    const [, id] = /baton approve (\S+)/.exec(stdout)!;
    await as('admin', 'pause', run, '--reason', 'not today');
    expect((await as('admin', 'approvals', id!)).stdout).toContain('release, once somebody resumes the run');
    await as('admin', 'approve', id!, '--note', 'looks good');
    expect((await as('admin', 'approvals', id!)).stdout).toMatch(/admin approved \d+ s ago: looks good/);
    expect((await as('admin', 'show', run)).stdout).toContain('approved by admin: looks good');
    expect((await as('admin', 'approvals', '--all')).stdout).toMatch(new RegExp(`#${run} .*approved`));
    expect(await as('admin', 'approvals', '999')).toMatchObject({ code: 5, stderr: 'error There is no run 999.\n' });
  });
});
