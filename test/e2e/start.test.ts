import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { RunningPlatform } from './running-platform.js';
import { MINUTES } from './survives-kills.js';

const run = promisify(execFile);
const OWNER_ONLY = 0o700;

/** As root's own home: nobody else may even pass through it. */
const home = mkdtempSync(join(tmpdir(), 'baton-home-'));
const dataDirectory = join(home, 'baton');
let platform: RunningPlatform;

afterAll(async () => {
  await RunningPlatform.removeAll();
  rmSync(home, { recursive: true, force: true });
}, MINUTES);

const baton = (...args: string[]) => platform.baton(...args);

/** But for the shell by which a platform of the tests ends with us. */
const serving = () => platform.processes().filter(({ argv }) => !/^(sh -c|cat$)/.test(argv));

describe('a start', () => {
  it(
    'on nothing reaches the approval by itself',
    async () => {
      expect(statSync(home).mode & 0o777).toBe(OWNER_ONLY);
      platform = await RunningPlatform.start({ dataDirectory });
      await platform.until('the approval', () => platform.log.includes('bin/baton approve 1'), 2 * MINUTES);
      const [, link] = /your turn +approve it at (\S+)/.exec(platform.log)!;
      const signedIn = await fetch(link!, { redirect: 'manual' });
      expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, '/approvals']);
      for (const file of ['baton.json', 'key.json']) {
        expect(statSync(join(dataDirectory, file)).mode & 0o777).toBe(0o600);
      }
      expect((await baton('runs')).stdout).toMatch(/^#1 +feature-development +waiting +textkit/m);
    },
    3 * MINUTES,
  );

  it('on the same data directory says so and ends, with an exit code of its own', async () => {
    const second = await baton('up');
    expect(second.code).toBe(6);
    expect(second.stderr).toMatch(/^error Baton already runs on this data directory, as process \d+\./m);
    const inJson = await baton('up', '--json');
    expect(inJson.code).toBe(6);
    expect(JSON.parse(inJson.stdout.trim().split('\n').at(-1)!)).toMatchObject({ error: { code: 'already-running' } });
    expect((await baton('runs')).code).toBe(0);
  });

  it(
    'is stopped by Ctrl-C with every process, and the next one goes on where it was',
    async () => {
      expect(platform.processes().length).toBeGreaterThan(4);
      expect(await platform.interrupt()).toBe(0);
      expect(serving()).toEqual([]);
      expect((await baton('runs')).code).toBe(3);

      platform = await RunningPlatform.start({ dataDirectory, args: ['--no-demo', '--json'] });
      expect((await baton('runs')).stdout).toMatch(/^#1 +feature-development +waiting +textkit/m);
      const said = platform.log
        .slice(platform.log.indexOf('{"type"'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string; url?: string });
      expect(said.find(({ type }) => type === 'ready')).toMatchObject({ url: platform.connection.url });
    },
    2 * MINUTES,
  );

  it(
    'ends in one commit on the default branch that is traced to the issue and to maya',
    async () => {
      expect((await baton('approve', '1', '--note', 'looks good')).code).toBe(0);
      const watched = await baton('watch', '1');
      expect(watched.code).toBe(0);
      expect(await platform.git('textkit', 'log', '--format=%s', 'main')).toBe(
        'feat: Add truncate() for text that does not fit (#2)\ntextkit 1.2.0',
      );
      const trailers = await platform.git('textkit', 'log', '-1', '--format=%(trailers:only)', 'main');
      expect(trailers).toMatch(/^Baton-Run: /m);
      expect(trailers).toMatch(/^Baton-Step: merge$/m);

      const clone = join(home, 'clone');
      const { items } = await platform.read<{ items: { remoteUrl: string }[] }>('/repositories');
      await run('git', ['-c', 'safe.directory=*', 'clone', '-q', items[0]!.remoteUrl, clone]);
      const tests = await run(process.execPath, ['--test'], { cwd: clone, env: { PATH: process.env['PATH'] } });
      expect(tests.stdout).toMatch(/^(ℹ|#) fail 0$/m);
      expect(tests.stdout).toContain('cuts at a word boundary');

      const traced = await baton('trace', 'main', '--repo', 'textkit');
      expect(traced.stdout).toMatch(/issue +#1 Add truncate\(\) for text that does not fit, by maya \(Maya\)/);
      expect(traced.stdout).toMatch(/asked by +maya \(Maya\)/);
    },
    2 * MINUTES,
  );

  it('shows the run in Temporal under its readable id', async () => {
    const { workflowId } = await platform.read<{ workflowId: string }>('/runs/1');
    expect(workflowId).toMatch(/^feature-development\/textkit\/1\//);
    const connection = await Connection.connect({ address: platform.connection.temporalAddress });
    const { status } = await new Client({ connection }).workflow.getHandle(workflowId).describe();
    await connection.close();
    expect(status.name).toBe('COMPLETED');
  });

  it(
    'whose demo fails says so and goes on',
    async () => {
      // The issue is there, and nothing that it could have started.
      await platform.interrupt();
      rmSync(dataDirectory, { recursive: true, force: true });
      platform = await RunningPlatform.start({ dataDirectory, demo: false });
      expect((await baton('repo', 'list')).stdout).toBe('no repositories; add one with: baton repo add PATH\n');
      expect((await baton('pipelines', 'state', 'feature-development', 'archived')).code).toBe(0);
      await platform.interrupt();

      platform = await RunningPlatform.start({ dataDirectory });
      await platform.until('the demo to be given up', () => platform.log.includes("The demo's issue has no run"));
      expect((await baton('repo', 'list')).stdout).toMatch(/^textkit/m);
    },
    3 * MINUTES,
  );

  it(
    "takes one's own agent, pipeline and repository, as the README has it, to the merge",
    async () => {
      const library = join(home, 'my-library');
      const git = (...args: string[]) =>
        run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: library });
      await mkdir(library);
      await git('init', '-q', '-b', 'main');
      await writeFile(join(library, 'README.md'), '# My library\n');
      await git('add', '.');
      await git('commit', '-qm', 'first');

      const done = async (...args: string[]) => {
        const { code, stdout, stderr } = await baton(...args);
        expect([stderr, code]).toEqual(['', 0]);
        return stdout;
      };
      await done('repo', 'add', library);
      await done('agents', 'add', 'examples/changelog/agent.yaml');
      await done('pipelines', 'add', 'examples/changelog/pipeline.yaml', '--activate');
      const issue = ['--label', 'changelog', '--title', 'Add a --version flag'];
      const opened = await done('issue', 'create', '--repo', 'my-library', ...issue);
      const [, number] = /it started #(\d+) changelog/.exec(opened)!;
      await platform.until('the approval', async () =>
        (await baton('show', number!)).stdout.includes('waits for 1 of'),
      );
      await done('approve', number!);
      await done('watch', number!);
      expect(await platform.git('my-library', 'show', 'main:CHANGELOG.md')).toContain('- Add a --version flag (#1)');

      expect(await platform.interrupt()).toBe(0);
      expect(serving()).toEqual([]);
    },
    2 * MINUTES,
  );
});
