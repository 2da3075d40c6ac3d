import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorker, type TestWorker } from '../api/fake-activities.js';
import { approvalStep, plan } from '../api/record.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { eventually } from '../support/eventually.js';
import { runCli } from './run-cli.js';

let api: ServedApi;
let worker: TestWorker;
let scratch: string;
beforeAll(async () => {
  api = await serveApi();
  await api.record.addRepository('lib');
  await api.record.addPipeline(plan('asks', [approvalStep('ok', ['team-lead', 'admin'])]));
  worker = await startWorker(api.record.db, api.taskQueue);
  scratch = await mkdtemp(join(tmpdir(), 'baton-cli-policies-'));
});
afterAll(async () => {
  await worker.stop();
  await api.close();
  await rm(scratch, { recursive: true, force: true });
});

const as = (role: 'admin' | 'reviewer', ...args: string[]) =>
  runCli(args, { BATON_URL: api.url, BATON_TOKEN: api.record.people[role].key });
const baton = (...args: string[]) => as('admin', ...args);

describe('baton policies', () => {
  it('shows what holds, proposes a change of it, and lets it hold when it is approved', async () => {
    expect((await baton('policies')).stdout).toMatch(/the policies that come with Baton hold/);
    expect((await baton('policies', '--source')).stdout).toMatch(/^ {2}security-critical:$/m);
    const file = join(scratch, 'policies.yaml');
    await writeFile(file, 'landsAlone: low-risk\n');
    const proposed = await baton('policies', 'propose', file, '--repository', 'lib', '--reason', 'texts land alone');
    expect(proposed).toMatchObject({ code: 0 });
    const [, id] = /baton policies approve (\S+)/.exec(proposed.stdout)!;
    expect((await baton('policies', '-r', 'lib')).stdout).toMatch(/1 +proposed +admin, .* texts land alone/);
    expect(await baton('policies', 'approve', '7', '-r', 'lib')).toMatchObject({ code: 5 });
    expect(await baton('policies', 'approve', '1', '-r', 'lib')).toMatchObject({ code: 0 });
    expect((await baton('policies', '-r', 'lib')).stdout).toMatch(/1 +active \(sole member\)/);
    expect(await baton('policies', 'reject', id!)).toMatchObject({ code: 1 });
  });

  it('says where a file is wrong, and that it is not there', async () => {
    const file = join(scratch, 'broken.yaml');
    await writeFile(file, 'landsAlone: everything\n');
    const broken = await baton('policies', 'propose', file, '-r', 'lib', '-m', 'why');
    expect(broken).toMatchObject({ code: 1, stderr: expect.stringMatching(/1:13 \/landsAlone/) as string });
    await writeFile(file, 'risk:\n  - name: a\n  bad\n');
    const unread = await baton('policies', 'propose', file, '-m', 'why');
    expect(unread.stderr).toMatch(/3:1 All mapping items must start at the same column(;|$)/m);
    await writeFile(file, 'risk: []\npolicies: {}\nasks: { medium: x, high: x }\n');
    const unnamed = await baton('policies', 'propose', file, '-m', 'why');
    expect(unnamed.stderr).toContain('there is no policy x; there is none');
    expect(await baton('policies', 'propose', join(scratch, 'none'), '-m', 'why')).toMatchObject({ code: 2 });
  });
});

describe('baton away', () => {
  it('hands decisions on for a time, and back takes them again', async () => {
    expect(await as('reviewer', 'away')).toMatchObject({ code: 0, stdout: 'you are not away\n' });
    expect(await as('reviewer', 'away', '--delegate', 'author')).toMatchObject({ code: 2 });
    expect(await as('reviewer', 'away', '--until', 'soon')).toMatchObject({ code: 2 });
    const until = new Date(Date.now() + 48 * 3600_000).toISOString();
    const said = await as('reviewer', 'away', '--until', until, '--delegate', 'author', '-m', 'holiday');
    expect(said).toMatchObject({ code: 0, stdout: `away until ${until}; author decides meanwhile\n` });
    expect((await as('reviewer', 'away')).stdout).toMatch(/author +holiday/);
    expect(await as('reviewer', 'back')).toMatchObject({ code: 0, stdout: 'you are back\n' });
    expect(await as('reviewer', 'back')).toMatchObject({ code: 0, stdout: 'you were not away\n' });
  });
});

describe('baton discuss', () => {
  it('says something about an approval, which waits on and shows it', async () => {
    const { body: run } = await api.post('/api/runs', { pipeline: 'asks' });
    const open = () => api.get(`/api/approvals?run=${run.number}&status=open`);
    const [approval] = await eventually(async () => {
      const { items } = (await open()).body;
      return items.length > 0 ? items : null;
    });
    expect(await as('reviewer', 'discuss', String(run.number), 'is it tested?')).toMatchObject({
      code: 0,
      stdout: `said about The ok of #${run.number}; it still waits\n`,
    });
    expect((await api.get(`/api/approvals/${approval!.id}`)).body).toMatchObject({
      status: 'open',
      comments: [{ by: 'reviewer', body: 'is it tested?' }],
    });
    expect(await as('reviewer', 'approve', String(run.number))).toMatchObject({ code: 0 });
    expect(await as('reviewer', 'discuss', approval!.id, 'too late')).toMatchObject({ code: 1 });
  });
});
