import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { noop, plan } from '../api/record.js';
import { createRunAtSetUp } from '../api/run-at-set-up.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { faultyProxy } from '../local/faulty-proxy.js';
import { eventually } from '../support/eventually.js';
import { cliCommand, runCli } from './run-cli.js';

let api: ServedApi;
let scratch: string;
beforeAll(async () => {
  api = await serveApi();
  scratch = await mkdtemp(join(tmpdir(), 'baton-logs-'));
});
afterAll(async () => {
  await api.close();
  await rm(scratch, { recursive: true, force: true });
});

const signedIn = (url = api.url) => ({ BATON_URL: url, BATON_TOKEN: api.record.people.author.key });
const baton = (...args: string[]) => runCli(args, signedIn());

/** A command that goes on until it ends by itself, and what it has printed so far. */
function start(args: readonly string[], env: Readonly<Record<string, string>>) {
  const { program, argv, options } = cliCommand(args, env);
  const child = spawn(program, argv, options);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { said, ended };
}

/** The same command on a terminal of its own. */
async function onTerminal(...args: string[]): Promise<string> {
  const { program, argv, options } = cliCommand(args, { ...signedIn(), NO_COLOR: '1' });
  const line = [program, ...argv].map((word) => `'${word}'`).join(' ');
  const { stdout } = await promisify(execFile)('script', ['-qec', line, '/dev/null'], options);
  return stdout.replaceAll('\r\n', '\n');
}

const HOSTILE = 'before \u001b]0;title\u0007\u001b[2J\u001b[31mred\u001b[0m\u0007 \u202eafter\n';

describe('baton logs', () => {
  it('prints what each step printed, under its name, or one step only', async () => {
    const run = await createRunAtSetUp(api.record, 'printed');
    await run.print(run.log, 'added 3 packages\n');
    const agent = await run.openLog('agent.log');
    await run.print(agent, 'thinking\nno line end');
    const all =
      '==> build, attempt 1: set-up.log <==\nadded 3 packages\n\n==> build, attempt 1: agent.log <==\nthinking\nno line end\n';
    expect(await baton('logs', `${run.number}`)).toMatchObject({ code: 0, stdout: all });
    expect(await baton('logs', `${run.number}`, 'build')).toMatchObject({ code: 0, stdout: all });
    expect(await baton('logs', `${run.number}`, 'after')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('The step after of') as string,
    });
    const lines = (await baton('logs', `${run.number}`, '--json')).stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { step: 'build', item: null, attempt: 1, name: 'set-up.log', artifact: run.log, line: 'added 3 packages' },
      { name: 'agent.log', line: 'thinking' },
      { name: 'agent.log', line: 'no line end' },
    ]);
  });

  it('lets what an agent printed do nothing to a terminal, unless it is asked for raw or goes elsewhere', async () => {
    const run = await createRunAtSetUp(api.record, 'hostile');
    await run.print(run.log, HOSTILE);
    await run.close(run.log);
    const { number, log } = run;
    expect(await onTerminal('logs', `${number}`)).toContain('<==\nbefore red after\n');
    expect(await onTerminal('logs', `${number}`, '--raw')).toContain(HOSTILE);
    expect((await baton('logs', `${number}`)).stdout).toContain(HOSTILE);
    expect(await onTerminal('artifact', 'get', log)).toBe('before red after\n');
    expect(await onTerminal('artifact', 'get', log, '--raw')).toBe(HOSTILE);
  });

  it('goes on live to the end of the run, also while the server is away, and ends as the run does', async () => {
    const run = await createRunAtSetUp(api.record, 'followed');
    await run.print(run.log, 'one\ntw');
    let isAway = false;
    const proxy = await faultyProxy(api.url, () => (isAway ? 'drop' : undefined));
    const { said, ended } = start(['logs', `${run.number}`, '--follow'], signedIn(proxy.url));
    await eventually(() => Promise.resolve(said.stdout.includes('one\n')));
    expect(said.stdout).not.toContain('tw');

    isAway = true;
    await run.print(run.log, 'o\nthree\n');
    const agent = await run.openLog('agent.log');
    await run.print(agent, 'working\n');
    await eventually(() => Promise.resolve(said.stderr.includes('does not answer')));
    isAway = false;
    await eventually(() => Promise.resolve(said.stdout.includes('working\n')));
    await run.print(run.log, 'four');
    await run.close(run.log);
    await run.close(agent);
    await run.endRun('failed');
    expect(await ended).toBe(1);
    await proxy.close();
    expect(said.stdout).toBe(
      `==> build, attempt 1: set-up.log <==\none\ntwo\nthree\n\n==> build, attempt 1: agent.log <==\nworking\n\n==> build, attempt 1: set-up.log <==\nfour\n`,
    );
    expect(said.stderr.match(/does not answer/g)).toHaveLength(1);
  });
});

describe('a set-up', () => {
  it('is a phase of its own in `show` and `watch`, with its time and its output live', async () => {
    const run = await createRunAtSetUp(api.record, 'prepared');
    await run.begin();
    await run.cache();
    await run.print(run.log, `resolving\n${HOSTILE}`);
    const { stdout: shown } = await baton('show', `${run.number}`);
    expect(shown).toMatch(
      /set-up\nOF +FOR +STATUS +TOOK +NETWORK +COMMAND\nbuild, attempt 1 +agent +running +\d+ s +host +npm ci\n/,
    );
    expect(shown).toContain(
      '1 set-up taken over from the cache\nbuild is being set up; its last lines:\n  resolving\n',
    );
    expect(shown).toContain('  before red after');

    const { said, ended } = start(['watch', `${run.number}`], signedIn());
    await eventually(() => Promise.resolve(said.stdout.includes('          before red after\n')));
    await run.print(run.log, 'added 3 packages\n');
    await eventually(() => Promise.resolve(said.stdout.includes('          added 3 packages\n')));
    await run.end('failed', 'The set-up command `npm ci` failed');
    await run.endRun('failed');
    expect(await ended).toBe(1);
    expect(said.stdout).toMatch(/build: set-up begins\n/);
    expect(said.stdout).toMatch(/build: set-up failed\n/);
    expect((await baton('show', `${run.number}`)).stdout).toMatch(
      /build, attempt 1 +agent +failed +\d+ s +host +npm ci/,
    );
    // Of a set-up that has ended only the events are shown.
    expect((await baton('watch', `${run.number}`)).stdout).not.toContain('added 3 packages');
  });
});

describe('baton artifact', () => {
  it('lists what a run kept, and gets one by id or by run and name', async () => {
    const run = await createRunAtSetUp(api.record, 'kept');
    const bytes = Buffer.concat([Buffer.from([0, 255, 254]), Buffer.from(HOSTILE)]);
    await run.print(run.log, bytes);
    const number = `${run.number}`;
    expect((await baton('artifact', 'list', number)).stdout).toMatch(
      new RegExp(
        `ID +STEP +KIND +NAME +BYTES +STATE +MADE\\n${run.log} +build, attempt 1 +log +set-up\\.log +${bytes.length} +growing`,
      ),
    );
    expect((await baton('artifact', 'list', number, '--step', 'after')).stdout).toBe('no artifacts\n');

    const file = join(scratch, 'kept.log');
    await writeFile(file, 'before');
    expect(await baton('artifact', 'get', number, 'set-up.log', '-o', file)).toMatchObject({ code: 0, stdout: '' });
    expect(await readFile(file)).toEqual(bytes);
    expect(await readdir(scratch)).toEqual(['kept.log']);
    expect((await baton('artifact', 'get', run.log)).code).toBe(0);

    const missing = await baton('artifact', 'get', number, 'agent.log');
    expect(missing).toMatchObject({ code: 5, stderr: expect.stringContaining('It has set-up.log.') as string });
    expect(await baton('artifact', 'get', number)).toMatchObject({ code: 2 });
    expect(await baton('artifact', 'get', run.log, '-o', join(scratch, 'none/x'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be written') as string,
    });
  });

  it('leaves no file where the connection was lost in the middle', async () => {
    const server = createServer((_request, answer) => {
      answer.writeHead(200, { 'content-length': '100' });
      answer.write('half', () => setImmediate(() => answer.destroy()));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ended = await runCli(['artifact', 'get', randomUUID(), '-o', join(scratch, 'cut')], signedIn(url));
    await new Promise((resolve) => server.close(resolve));
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining('connection was lost') as string });
    expect(await readdir(scratch)).not.toContain('cut');
  });
});

describe('what scans could not look at', () => {
  it('is counted in the line of the run, and named with its fix by `show` and over REST', async () => {
    const { record } = api;
    const run = await record.createRun({ plan: plan('audit', [noop('build')]) });
    const repository = await record.addRepository('blind');
    await record.inTx(async (tx) => {
      await tx
        .updateTable('runs')
        .set({ status: 'succeeded', briefing: 'audit succeeded' })
        .where('id', '=', run.id)
        .execute();
      const of = { organisation_id: record.organisationId, run_id: run.id, step: 'build', scan: 'sast' };
      const gap = { why: 'ast-grep has no rules for Go', fix: 'Lint it.' };
      await tx
        .insertInto('scan_coverage')
        .values({ ...of, ...gap, item: null, repository_id: repository })
        .execute();
    });
    const line = '1 of 1 repository could not be looked at: blind (static analysis: ast-grep has no rules for Go)';
    expect((await baton('runs')).stdout).toContain('audit succeeded; 1 of 1 repository could not be looked at');
    const { stdout } = await baton('show', `${run.number}`);
    expect(stdout).toContain(`where      audit succeeded; ${line}\n`);
    expect(stdout).toContain('blind: the scan sast could not look at it: ast-grep has no rules for Go. Lint it.');
    expect(JSON.parse((await baton('show', `${run.number}`, '--json')).stdout)).toMatchObject({
      briefing: `audit succeeded; ${line}`,
      coverage: { repositories: 1, gaps: [{ repository: 'blind', scan: 'sast', fix: 'Lint it.' }] },
    });
  });
});
