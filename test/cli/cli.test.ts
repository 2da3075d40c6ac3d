import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { startWorker, type TestWorker } from '../api/fake-activities.js';
import { approvalStep, noop, plan } from '../api/record.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { createBareRepository } from '../../src/git/bare-repository.js';
import { eventually } from '../support/eventually.js';
import { commitTo } from '../support/forge-commit.js';
import { runCli, type Ended } from './run-cli.js';

let api: ServedApi;
let worker: TestWorker;
let scratch: string;

beforeAll(async () => {
  api = await serveApi();
  scratch = await mkdtemp(join(tmpdir(), 'baton-cli-'));
  await api.record.addPipeline(
    plan('ship', [noop('first'), approvalStep('approval', ['team-lead'], ['first'])], 'feature'),
  );
  worker = await startWorker(api.record.db, api.taskQueue);
});
afterAll(async () => {
  await worker.stop();
  await api.close();
  await rm(scratch, { recursive: true, force: true });
});

const as = (who: 'admin' | 'author' | 'reviewer' | 'reader') => ({
  BATON_URL: api.url,
  BATON_TOKEN: api.record.people[who].key,
});
const baton = (args: string, env: Readonly<Record<string, string>> = as('admin')) =>
  runCli(
    args.match(/(?:[^\s"]+|"[^"]*")+/g)!.map((word) => word.replaceAll('"', '')),
    env,
  );
const jsonOf = ({ stdout }: Ended) => JSON.parse(stdout) as Record<string, unknown>;
/** No command ever shows a stack. */
const said = (ended: Ended) => {
  expect(ended.stderr + ended.stdout).not.toMatch(/\n\s+at |Error:/);
  return ended;
};

async function waitingRun(): Promise<number> {
  const started = jsonOf(await baton('run ship --json'));
  await eventually(
    async () => (await api.get(`/api/approvals?status=open&run=${started['number'] as number}`)).body.items[0],
  );
  return started['number'] as number;
}

/** A repository of a person, with one commit on `trunk`. */
async function repositoryAt(folder: string): Promise<{ folder: string; commit: string }> {
  await mkdir(folder);
  const git = (...args: string[]) =>
    promisify(execFile)('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder });
  await git('init', '-q', '-b', 'trunk');
  await writeFile(join(folder, 'a.txt'), folder);
  await git('add', '.');
  await git('commit', '-qm', 'first');
  return { folder, commit: (await git('rev-parse', 'HEAD')).stdout.trim() };
}

describe('baton', () => {
  it('starts a run, shows it, lists it, takes an approval, and says how it ended', async () => {
    const started = said(await baton('run ship -c size=3 -c name=x'));
    expect(started.stdout).toMatch(/^#(\d+) ship is started; follow it with: baton watch \1\n$/);
    const number = /#(\d+)/.exec(started.stdout)![1]!;
    await eventually(async () => (await api.get(`/api/approvals?status=open&run=${number}`)).body.items[0]);

    const shown = said(await baton(`show ${number}`));
    expect(shown.stdout).toMatch(/STEP +STATUS +AGENT/);
    expect(shown.stdout).toMatch(/approval .*waits for 1 of team-lead/);
    expect(shown.stdout).not.toContain('\u001b');
    expect(jsonOf(await baton(`--json show ${number}`))['context']).toEqual({ size: 3, name: 'x' });
    expect(said(await baton('runs --status waiting,running,pending')).stdout).toMatch(
      new RegExp(`RUN +PIPELINE[^\\n]*\\n#${number} +ship`),
    );

    const approved = said(await baton(`approve ${number} --note fine`, as('reviewer')));
    expect(approved).toMatchObject({
      code: 0,
      stdout: `The approval of #${number} is approved; follow the run with: baton watch ${number}\n`,
    });
    await eventually(async () => (await api.get(`/api/runs/${number}`)).body.status === 'succeeded');
    expect(said(await baton(`approve ${number}`, as('reviewer')))).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('waits for no approval') as string,
    });
  });

  it('ends with 1 where the run that it follows fails', async () => {
    const number = await waitingRun();
    const events = api.record.inTx((tx) =>
      tx.selectFrom('runs').select('id').where('number', '=', number).executeTakeFirstOrThrow(),
    );
    const watched = baton(`watch ${number}`);
    expect(said(await baton(`reject ${number} --note "not like this"`, as('reviewer')))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('is rejected') as string,
    });
    const { id } = await events;
    await api.record.inTx(async (tx) => {
      const { appendEvent, SYSTEM } = await import('../../src/db/events.js');
      await appendEvent(tx, {
        organisationId: api.record.organisationId,
        projectId: null,
        key: `${id}/ended`,
        type: 'workflow.failed',
        runId: id,
        actor: SYSTEM,
        briefing: 'ship failed: \u001b[31mrejected\u0007',
        payload: {},
      });
    });
    const { code, stdout } = await watched;
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}ship failed: rejected $/m);
  });

  it('decides by the id of an approval, and says what is missing', async () => {
    const number = await waitingRun();
    const { id } = (await api.get(`/api/approvals?run=${number}`)).body.items[0]!;
    expect(jsonOf(said(await baton(`approve ${id} --json`, as('reviewer'))))).toMatchObject({
      approval: id,
      state: 'approved',
    });
  });

  it('waits for a worker with the same decision, which counts once', async () => {
    const number = await waitingRun();
    await worker.stop();
    const deciding = baton(`approve ${number}`, as('reviewer'));
    await eventually(async () => (await api.get('/api/audit?outcome=unknown')).body.items[0]);
    worker = await startWorker(api.record.db, api.taskQueue);
    const decided = said(await deciding);
    expect(decided).toMatchObject({ code: 0, stderr: expect.stringContaining('trying again') as string });
    expect((await api.get(`/api/approvals?run=${number}`)).body.items[0]!.decisions).toHaveLength(1);
  });

  it('warns of Git LFS, submodules and many files, over REST and on the command line', async () => {
    const source = join(scratch, 'large.git');
    const git = (args: readonly string[], input = '') =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '--git-dir', source, ...args], {
        input,
        encoding: 'utf8',
      }).trim();
    git(['init', '-q', '--bare', '-b', 'main']);
    const blob = git(['hash-object', '-w', '--stdin'], '*.bin filter=lfs diff=lfs merge=lfs -text\n');
    const many = git(['mktree'], Array.from({ length: 100_000 }, (_, at) => `100644 blob ${blob}\t${at}\n`).join(''));
    const root = [
      `100644 blob ${blob}\t.gitattributes`,
      `040000 tree ${many}\tmany`,
      `160000 commit ${'1'.repeat(40)}\tvendor`,
    ];
    const tree = git(['mktree', '--missing'], `${root.join('\n')}\n`);
    git(['update-ref', 'refs/heads/main', git(['commit-tree', '-m', 'Begin', tree])]);

    const added = await api.post('/api/repositories', { name: 'large', source });
    expect(added).toMatchObject({
      status: 201,
      body: {
        name: 'large',
        warnings: [
          {
            kind: 'lfs',
            message: expect.stringMatching(/^Git LFS is not run: files of \*\.bin stay pointers/) as string,
          },
          { kind: 'submodules', message: expect.stringMatching(/not filled: vendor is an empty folder/) as string },
          { kind: 'many-files', message: expect.stringContaining('100,001 files, more than 100,000') as string },
        ],
      },
    });
    const { stdout, stderr } = said(await baton(`repo add ${source} --name large-too`));
    expect(stdout).toContain('large-too is imported');
    expect(stderr).toMatch(/^warning: Git LFS .*\nwarning: Submodules .*\nwarning: The default branch has 100,001 /);
  });

  it('asks for a default branch that is not clear, and leaves nothing behind of an import that is refused', async () => {
    const { folder: source } = await repositoryAt(join(scratch, 'detached'));
    execFileSync('git', ['checkout', '-q', '--detach'], { cwd: source });
    expect(said(await baton(`repo add ${source}`))).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^error HEAD of .* points to no branch.*: trunk\. Name it with --default-branch\.\n$/,
      ) as string,
    });
    const folder = join(api.dataDirectory, 'forge', api.record.projectId);
    expect((await readdir(folder)).filter((name) => name.startsWith('detached'))).toEqual([]);
    expect((await api.get('/api/repositories/detached')).status).toBe(404);

    // A process that ended before it had recorded its import left another repository there.
    await createBareRepository(join(folder, 'detached.git'), { defaultBranch: 'leftover' });
    expect(said(await baton(`repo add ${source} --default-branch trunk`)).stdout).toContain('default branch trunk');
    expect(said(await baton('repo remove detached')).stdout).toContain(
      'bring it back with: baton repo restore detached',
    );
    expect((await readdir(folder)).filter((name) => name.startsWith('detached'))).toEqual([]);
    const made = { name: 'made-empty', defaultBranch: 'develop' };
    expect(await api.post('/api/repositories', made)).toMatchObject({
      status: 201,
      body: { defaultBranch: 'develop', warnings: [] },
    });
  });

  it('adds a repository, opens an issue from standard input, and starts what its label starts', async () => {
    const { folder: source } = await repositoryAt(join(scratch, 'My Library'));

    expect(said(await baton(`repo add "${source}"`)).stdout).toMatch(/^my-library is imported, default branch trunk/);
    expect(said(await baton(`repo add "${source}"`)).stdout).toMatch(/^my-library is there already/);
    expect(said(await baton(`repo add "${api.dataDirectory}" --name my-library`))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error There is a repository my-library already\..* with --name\.\n$/) as string,
    });
    expect(said(await baton('repo list')).stdout).toMatch(/my-library +trunk/);

    const opened = said(
      await runCli(
        ['issue', 'create', '--repo', 'my-library', '--title', 'Sort it', '--body-file', '-', '--label', 'feature'],
        as('admin'),
        'the body',
      ),
    );
    expect(opened.stdout).toMatch(/^my-library#1 is open\nit started #\d+ ship; follow it with: baton watch \d+\n$/);
    expect((await api.get('/api/repositories/my-library/issues/1')).body).toMatchObject({
      body: 'the body',
      labels: ['feature'],
    });
    expect(said(await baton('repo remove my-library'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Runs of my-library have not ended') as string,
    });
  });

  it('opens an issue that waits for another, and lets it go by hand', async () => {
    const wait = 'issue create --repo my-library --title "Then" --blocked-by #1';
    const { number } = jsonOf(said(await baton(`${wait} --json`)));
    const name = `my-library#${number as number}`;
    expect(said(await baton('tasks')).stdout).toMatch(new RegExp(`${name} +blocked +P2 +my-library#1 +Then`));
    expect(said(await baton(`tasks block my-library#1 ${name}`))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is worked on by run') as string,
    });
    expect(said(await baton(`tasks unblock ${name}`)).stdout).toBe(`${name} is pending\n`);
    expect(said(await baton(`tasks block ${name} my-library#99`)).stderr).toContain('no issue #99');
  });

  it('opens a pull request for a branch that was pushed', async () => {
    const { items } = jsonOf(said(await baton('repo list --json'))) as {
      items: { name: string; remoteUrl: string }[];
    };
    const { remoteUrl } = items.find(({ name }) => name === 'my-library')!;
    execFileSync('git', ['branch', 'idea', 'trunk'], { cwd: remoteUrl });
    commitTo(remoteUrl, 'idea', { 'b.txt': 'x' });
    const opened = said(await baton('pr create --repo my-library --head idea --title "An idea" --label bug'));
    expect(opened.stdout).toMatch(/^my-library#\d+ is open\n$/);
    expect(said(await baton('pr create --repo my-library --head nowhere --title x')).stderr).toContain(
      'no branch nowhere',
    );
  });

  it('keeps a pipeline, and shows every fault of one that cannot be kept', async () => {
    const file = join(scratch, 'p.yaml');
    await writeFile(file, 'name: tidy\nsteps:\n  - name: nothing\n    action: flow.noop\n');
    expect(said(await baton(`pipelines add ${file} --activate`)).stdout).toMatch(/tidy version 1 is kept, active/);
    expect(said(await baton('pipelines state tidy archived')).stdout).toBe('tidy is archived\n');
    expect(said(await baton('pipelines')).stdout).toMatch(/tidy +archived/);
    expect(said(await baton('pipelines resume tidy')).stdout).toBe('tidy is active\n');
    expect(said(await baton('pipelines pause tidy')).stdout).toBe('tidy is draft\n');

    await writeFile(file, 'name: tidy\nsteps:\n  - name: one\n    action: flow.nop\n  - name: two\n    agent: any\n');
    const refused = said(await baton(`pipelines add ${file}`));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/4:13 .*flow\.noop/);
    expect(refused.stderr.split('\n').length).toBeGreaterThan(3);
    expect(said(await baton(`validate ${file}`, {})).code).toBe(1);
  });

  it('reruns and cancels', async () => {
    const number = await waitingRun();
    expect(said(await baton(`cancel ${number} --reason late`))).toMatchObject({ code: 0 });
    await eventually(async () => (await api.get(`/api/runs/${number}`)).body.status === 'cancelled');
    expect(said(await baton(`cancel ${number} --reason late`))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has ended') as string,
    });
    expect(said(await baton(`rerun ${number} --from approvl`))).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('did you mean approval?') as string,
    });
    expect(said(await baton(`rerun ${number} --from approval --input x=1`)).stdout).toMatch(
      new RegExp(`^#\\d+ repeats #?${number} from approval`),
    );
  });

  it('steps in: pauses, resumes, skips, gives up and begins again', async () => {
    const number = await waitingRun();
    expect(said(await baton(`pause ${number}`))).toMatchObject({ code: 2 });
    expect(said(await baton(`pause ${number} --reason wait`)).stdout).toMatch(`#${number} is paused`);
    expect(said(await baton(`resume ${number} --reason go`)).stdout).toBe(`#${number} goes on\n`);
    expect(said(await baton(`skip ${number} approval --reason away`)).stdout).toMatch(/is skipped\n$/);
    await eventually(async () => (await api.get(`/api/runs/${number}`)).body.status === 'succeeded');
    expect(said(await baton(`show ${number}`)).stdout).toMatch(/override +admin skipped .*: away/);
    expect(said(await baton(`complete ${number} approval --output {} --reason x`))).toMatchObject({ code: 1 });
    expect(said(await baton(`complete ${number} approval --output { --reason x`))).toMatchObject({ code: 2 });
    const again = await waitingRun();
    expect(said(await baton(`reassign ${again} approval --agent devon --reason x`))).toMatchObject({ code: 1 });
    expect(said(await baton(`reset ${again} approval --reason again`)).stdout).toMatch(
      /a new run begins at The approval as soon as this one has ended/,
    );
  });

  it('tells who asked for a commit, also by its name in a folder', async () => {
    const { id } = await api.record.createRun({ plan: plan('traced', [noop('one')]) });
    const commit = 'abcdef0123456789abcdef0123456789abcdef01';
    await api.record.inTx((tx) =>
      tx.updateTable('steps').set({ commit, kind: 'agent', status: 'succeeded' }).where('run_id', '=', id).execute(),
    );
    const traced = said(await baton('trace abcdef01'));
    expect(traced.stdout).toMatch(/^abcdef0123456789/);
    expect(traced.stdout).toMatch(/asked by +author \(The author\)/);
    expect(said(await baton('trace HEAD'))).toMatchObject({ code: 5 });
    expect(said(await baton('trace no-such-name'))).toMatchObject({ code: 2 });

    // And back.
    const run = (await api.get(`/api/runs/${id}`)).body;
    for (const reference of [`#${run.number}`, id, run.workflowId]) {
      const back = said(await baton(`trace ${reference}`));
      expect(back.stdout).toMatch(new RegExp(`^run #${run.number}\\n`));
      expect(back.stdout).toContain('abcdef0123  one');
    }
    expect(said(await baton('trace no/such/run'))).toMatchObject({ code: 5 });
  });

  it('tells it of a branch of a repository of Baton, and says what there is where that is none', async () => {
    const source = await repositoryAt(join(scratch, 'named'));
    await promisify(execFile)('git', ['branch', 'feature/one'], { cwd: source.folder });
    await baton(`repo add "${source.folder}" --name named`);
    const { id } = await api.record.createRun({ plan: plan('landed', [noop('one')]) });
    await api.record.inTx((tx) =>
      tx.updateTable('steps').set({ commit: source.commit, status: 'succeeded' }).where('run_id', '=', id).execute(),
    );
    for (const name of ['trunk', 'HEAD', 'feature/one', source.commit.slice(0, 9)]) {
      expect(said(await baton(`trace ${name} --repo named`)).stdout).toMatch(/asked by +author \(The author\)/);
    }
    expect(said(await baton('trace main --repo named'))).toMatchObject({
      code: 5,
      stderr: 'error named has no branch, tag or commit main; its default branch is trunk.\n',
    });
    expect(said(await baton('trace main --repo naemd')).stderr).toContain('did you mean named?');
    expect(said(await baton('trace named#7'))).toMatchObject({ code: 5 });
  });

  it('gives a link that signs a browser in, once', async () => {
    const { stdout } = said(await baton('sign-in --to /approvals', as('reviewer')));
    expect(stdout).toMatch(new RegExp(`^${api.url}/sign-in\\?token=\\S+\\n$`));
    const open = () => fetch(stdout.trim(), { redirect: 'manual' });
    const opened = await open();
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/approvals']);
    expect(opened.headers.get('set-cookie')).toContain('baton_session=');
    expect((await open()).status).toBe(401);
  });

  it('lists agents', async () => {
    expect(said(await baton('agents'))).toMatchObject({ code: 0, stdout: 'no agents\n' });
  });

  it('examines what it stands on', async () => {
    const found = await baton('doctor --json');
    const { checks } = jsonOf(found) as unknown as { checks: { name: string; state: string; detail: string }[] };
    const told = (name: string) => checks.find((check) => check.name === name)!.detail;
    expect(told('limits')).toMatch(/^memory .*disk is watched$/);
    expect(told('containers')).toMatch(/^left out: Docker, Dagger/);
    expect(
      checks
        .filter(({ name }) =>
          ['node', 'git', 'server', '  its database', '  its search-attributes', '  your key'].includes(name),
        )
        .map(({ state }) => state),
    ).toEqual(Array(6).fill('ok'));
  });

  it.each([
    ['nothing runs here', {}, 'warning', /^No Baton runs on \/nonexistent\/baton/],
    [
      'nobody listens',
      { BATON_URL: 'http://127.0.0.1:1', BATON_TOKEN: 'x' },
      'error',
      /^Nothing answers at .*:1\/readyz \(/,
    ],
    ['there is no key', { BATON_URL: 'http://127.0.0.1:9' }, 'error', /^Set BATON_TOKEN/],
  ])('says why a server cannot be asked: %s', async (_, env, state, says) => {
    const { checks } = jsonOf(await baton('doctor --json', env)) as unknown as {
      checks: { name: string; state: string; detail: string }[];
    };
    const found = checks.find(({ name }) => name === 'server')!;
    expect(found.state).toBe(state);
    expect(found.detail).toMatch(says);
  });
});

describe('exit codes', () => {
  it.each([
    ['an unknown command', 'rnus', 2, /did you mean runs/i],
    ['a command without its argument', 'show', 2, /missing required argument/],
    ['an option that is not known', 'runs --colour', 2, /unknown option/],
    ['a number that is none', 'runs --issue one', 2, /whole number/],
    ['a pair that is none', 'run ship -c size', 2, /key=value/],
    ['a rejection without its reason', 'reject 1', 2, /--note/],
    ['a folder that is not there', 'repo add ./nowhere', 2, /no folder/],
    ['a run that is not there', 'show 9999', 5, /no run 9999/],
    ['a pipeline that is not there', 'run shpi', 5, /did you mean ship\?/],
  ])('%s: %s', async (_, args, code, says) => {
    const ended = said(await baton(args));
    expect(ended.stderr).toMatch(says);
    expect(ended.code).toBe(code);
  });

  it('a role that is too low is 4, as is a key that is not known', async () => {
    expect(said(await baton('run ship', as('reader'))).code).toBe(4);
    expect(said(await baton('runs', { BATON_URL: api.url, BATON_TOKEN: 'wrong' }))).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('unknown or has expired') as string,
    });
  });

  it('nobody who answers is 3, with the sentence that mends it', async () => {
    expect(said(await baton('runs', {}))).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('npm start') as string,
    });
    expect(said(await baton('runs', { BATON_URL: 'http://127.0.0.1:1', BATON_TOKEN: 'x' }))).toMatchObject({ code: 3 });
    expect(said(await baton('watch 1', { BATON_URL: 'http://127.0.0.1:1', BATON_TOKEN: 'x' }))).toMatchObject({
      code: 3,
    });
  });

  it('an address without a key is 4, one that is none is 2', async () => {
    expect(said(await baton('runs', { BATON_URL: api.url }))).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('BATON_TOKEN') as string,
    });
    expect(said(await baton('runs', { BATON_URL: 'localhost' }))).toMatchObject({ code: 2 });
  });

  it('with --json an error is JSON too', async () => {
    const ended = said(await baton('show 9999 --json'));
    expect(jsonOf(ended)).toMatchObject({ error: { code: 'run-not-found' } });
    expect(ended.stderr).toBe('');
    for (const wrong of ['rnus --json', 'show --json', 'runs --json --colour', '--json']) {
      const usage = said(await baton(wrong));
      expect(usage).toMatchObject({ code: 2, stderr: '' });
      expect(jsonOf(usage)).toMatchObject({
        error: { code: 'usage', message: expect.stringMatching(/^[^(]/) as string },
      });
    }
  });

  it('every command tells of --json in its help', async () => {
    for (const command of ['runs', 'pipelines add', 'up']) {
      expect(said(await baton(`${command} --help`)).stdout).toMatch(/^ {2}--json +JSON instead of text$/m);
    }
  });

  it('help is 0, and tells the exit codes', async () => {
    const help = said(await baton('--help'));
    expect(help.code).toBe(0);
    expect(help.stdout).toMatch(/Exit codes:\n {2}0 {2}done/);
    for (const command of [
      'up',
      'worker',
      'doctor',
      'run',
      'runs',
      'show',
      'watch',
      'approve',
      'reject',
      'rerun',
      'cancel',
      'pause',
      'resume',
      'skip',
      'complete',
      'reassign',
      'reset',
      'sign-in',
      'issue',
      'pr',
      'tasks',
      'repo',
      'agents',
      'pipelines',
      'validate',
      'trace',
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    }
  });
});

describe('baton.json', () => {
  it('is how it finds the Baton of a data directory; its key goes nowhere else', async () => {
    const file = {
      url: api.url,
      token: api.record.people.admin.key,
      temporalAddress: 'x:1',
      databaseUrl: 'postgres://x',
      pid: process.pid,
    };
    await writeFile(join(scratch, 'baton.json'), JSON.stringify(file));
    expect(said(await baton('repo list', { BATON_DATA_DIR: scratch })).code).toBe(0);
    expect(said(await baton('repo list', { BATON_DATA_DIR: scratch, BATON_URL: `${api.url}/` })).code).toBe(0);
    expect(said(await baton('repo list', { BATON_DATA_DIR: scratch, BATON_URL: 'http://127.0.0.1:1' })).code).toBe(4);

    const publicUrl = 'https://baton.example';
    await writeFile(join(scratch, 'baton.json'), JSON.stringify({ ...file, publicUrl }));
    for (const own of [{}, { BATON_URL: publicUrl }]) {
      const signIn = said(await baton('sign-in', { BATON_DATA_DIR: scratch, ...own }));
      expect(signIn.stdout).toMatch(/^https:\/\/baton\.example\/sign-in/);
    }
  });
});

describe('baton findings', () => {
  it('shows what a run found, and writes it as SARIF', async () => {
    const { id, number } = await api.record.createRun();
    expect(said(await baton(`findings ${number}`)).stdout).toBe('no findings\n');
    await api.record.inTx((tx) =>
      tx
        .insertInto('findings')
        .values({
          organisation_id: api.record.organisationId,
          run_id: id,
          step: 'work',
          item: null,
          attempt: 2,
          gate: 'lint',
          commit: 'c0ffee',
          position: 0,
          rule: 'semi',
          severity: 'medium',
          message: 'One is missing.\nSecond line.',
          file: 'src/a.ts',
          line: 3,
          fix: null,
        })
        .execute(),
    );
    expect(said(await baton(`findings ${number}`)).stdout).toMatch(
      /SEVERITY +BY +STEP +WHERE +RULE +WHAT\nmedium +lint +work, attempt 2 +src\/a\.ts:3 +semi +One is missing\.\n$/,
    );
    expect(jsonOf(await baton(`findings ${number} --json`))).toMatchObject({ items: [{ rule: 'semi', attempt: 2 }] });
    const file = join(scratch, 'found.sarif');
    expect((await baton(`findings ${number} --sarif ${file}`)).stderr).toBe(`written to ${file}\n`);
    const written = JSON.parse(await readFile(file, 'utf8')) as unknown;
    expect(written).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'semi' }] }] });
    expect(jsonOf(await baton(`findings ${number} --sarif -`))).toEqual(written);
    const refused = said(await baton(`findings ${number} --sarif ${join(scratch, 'no/such/folder')}`));
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be written') as string });
    expect(said(await baton('findings 9999999 --sarif -')).code).toBe(5);
  });
});
