import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentPrograms } from '../../scripts/setup/agent-programs.mjs';
import { workerReport } from '../../src/activities/worker-report.js';
import { saveWorkerReport } from '../../src/db/worker-reports.js';
import { PACKAGE_ROOT } from '../../src/local/package-root.js';
import { TEAM } from '../../src/local/team.js';
import { compilePipeline } from '../../src/schema/pipeline/compile-pipeline.js';
import { startRealWorker } from '../api/real-worker.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { seed } from '../support/seed.js';
import { runCli } from './run-cli.js';
import { Terminal } from './terminal.js';

const FILES = {
  'package.json': JSON.stringify({ name: 'x', type: 'module', scripts: { test: 'node --test' } }),
  'add.js': 'export const add = (a, b) => a + b;\n',
  'test/adds.test.js': `import { test } from 'node:test';
import { add } from '../add.js';
test('adds', () => void add(1, 2));
`,
};
/** Where the real programs are. */
const PROGRAMS = join(agentPrograms, 'node_modules', '.bin');
const MINUTE = 60_000;

interface Listed {
  readonly items: readonly { readonly name: string }[];
}

let api: ServedApi;
let worker: { stop(): Promise<void> };
let folder: string;
beforeAll(async () => {
  api = await serveApi();
  worker = await startRealWorker(api);
  folder = await mkdtemp(join(tmpdir(), 'baton-init-'));
  const file = 'feature-development.yaml';
  const compiled = compilePipeline(await readFile(join(PACKAGE_ROOT, 'templates', file), 'utf8'), { file });
  if (compiled.kind === 'refused') throw new Error(JSON.stringify(compiled.diagnostics));
  await api.record.addPipeline(compiled.plan);
}, MINUTE);
afterAll(async () => {
  await worker.stop();
  await api.close();
  await rm(folder, { recursive: true });
}, MINUTE);

const environment = () => ({ BATON_URL: api.url, BATON_TOKEN: api.record.people.admin.key, NO_COLOR: '1' });
const init = (...args: readonly string[]) => runCli(['init', ...args], environment());
const report = (variables: Readonly<Record<string, string>>) =>
  saveWorkerReport(api.record.db, 'one', workerReport(variables));
const made = async () => ({
  repositories: (JSON.parse((await api.get('/api/repositories')).text) as Listed).items.map(({ name }) => name),
  agents: (await api.get('/api/agents')).body.items.length,
  issues: await api.record.inTx((tx) => tx.selectFrom('issues').select(['number', 'title']).execute()),
  runs: (await api.get('/api/runs')).body.items.length,
});
/** A working copy, as people have one. */
async function workingCopy(name: string): Promise<string> {
  const path = join(folder, name);
  execFileSync('git', ['clone', '--quiet', await seed(FILES), path]);
  return path;
}

it(
  'says each thing that is missing with the command that fixes it, and makes nothing',
  async () => {
    const source = await seed(FILES);
    const alone = await runCli(['init', source, '--yes'], { PATH: '/usr/bin:/bin', NO_COLOR: '1' });
    expect(alone.code).toBe(3);
    expect(alone.stderr).toMatch(
      /nothing was made.*server: No Baton runs on .* `npm start`.*\n.*program: No coding program is installed.*`npm install -g /s,
    );

    expect((await init(source, '--yes')).stderr).toContain('worker: No worker runs. Start one: baton worker');
    await report({ PATH: '/usr/bin' });
    expect((await init(source, '--yes')).stderr).toContain('program: No coding program is installed');
    await report({ PATH: PROGRAMS });
    const unsigned = await init('--yes', '--json', '--agent', 'claude');
    expect(unsigned.code).toBe(1);
    expect(JSON.parse(unsigned.stdout)).toMatchObject({
      error: {
        code: 'not-ready',
        errors: [
          {
            pointer: 'program',
            message: expect.stringContaining('Set ANTHROPIC_API_KEY in the environment') as string,
          },
          { pointer: 'repository', message: expect.stringContaining('baton init PATH') as string },
        ],
      },
    });
    expect(await init(source)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as string });
    expect(await made()).toEqual({ repositories: [], agents: 0, issues: [], runs: 0 });
  },
  2 * MINUTE,
);

it(
  'makes a repository, a team of a real program and an issue whose run lacks nothing, and uses them the next time',
  async () => {
    await report({ PATH: PROGRAMS, ANTHROPIC_API_KEY: 'x' });
    const source = await workingCopy('library');
    const dry = await init(source, '--dry-run', '--title', 'Add a flag');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(
      /tests +pass.*library would be added.*claude-developer.* would be registered.*Add a flag: would be opened/s,
    );
    expect(await made()).toEqual({ repositories: [], agents: 0, issues: [], runs: 0 });

    const asked = [source, '--yes', '--json', '--title', 'Add a flag'];
    const first = await init(...asked);
    expect([first.code, JSON.parse(first.stdout)]).toMatchObject([
      0,
      {
        repository: { name: 'library', again: false, configuration: { branch: 'main' }, leftOut: [] },
        program: 'claude',
        issue: { number: 1, title: 'Add a flag', again: false },
        missing: [],
        ready: true,
        next: ['baton run feature-development --repo library --issue 1 --watch', 'baton approvals', 'baton sign-in'],
      },
    ]);
    const all = await made();
    expect(all).toEqual({
      repositories: ['library'],
      agents: TEAM.length,
      issues: [{ number: 1, title: 'Add a flag' }],
      runs: 0,
    });

    const again = JSON.parse((await init(...asked)).stdout) as {
      readonly agents: readonly { readonly again: boolean }[];
    };
    expect(again).toMatchObject({
      repository: { again: true, trial: null },
      issue: { number: 1, again: true },
      ready: true,
    });
    expect(again.agents.filter((agent) => agent.again)).toHaveLength(TEAM.length);
    expect(await made()).toEqual(all);
  },
  3 * MINUTE,
);

it(
  'asks at a terminal with the defaults, and makes nothing after a Ctrl-C',
  async () => {
    await report({ PATH: PROGRAMS, ANTHROPIC_API_KEY: 'x' });
    const before = await made();
    const source = await workingCopy('spare');
    const stopped = new Terminal(['init'], environment(), source);
    await stopped.answer(`Repository, as a path or URL [${source}]`, '');
    await stopped.see(/claude +Claude Code +ready, by its key/);
    await stopped.answer('Which one do the agents use? [claude]', 'nonesuch');
    await stopped.see('Baton knows no program nonesuch.');
    await stopped.answer('Which one do the agents use? [claude]', '');
    await stopped.see('Title of a first issue');
    stopped.type('\u0003');
    expect(await stopped.end()).toBe(130);
    expect(await made()).toEqual(before);

    const person = new Terminal(['init'], environment(), source);
    await person.answer('Repository, as a path or URL', '');
    await person.answer('Which one do the agents use?', '');
    await person.answer('Title of a first issue', 'Multiply');
    await person.answer('[a]ccept', 'a');
    await person.see(/spare#1 Multiply: is open; nothing has started/);
    await person.see('baton run feature-development --repo spare --issue 1 --watch');
    expect(await person.end()).toBe(0);
    expect(await made()).toMatchObject({ repositories: ['library', 'spare'], agents: before.agents, runs: 0 });
  },
  3 * MINUTE,
);
