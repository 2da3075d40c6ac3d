import { git } from '../../src/git/git.js';
import { eventually } from '../support/eventually.js';
import { seed } from '../support/seed.js';
import { runCli } from '../cli/run-cli.js';
import { Terminal } from '../cli/terminal.js';
import { startRealWorker } from './real-worker.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
let worker: { stop(): Promise<void> };

beforeAll(async () => {
  api = await serveApi();
  worker = await startRealWorker(api);
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

interface Trial {
  readonly id: string;
  readonly status: string;
  readonly passed: boolean;
  readonly logArtifact: string;
  readonly phases: readonly { readonly name: string; readonly status: string; readonly summary: string }[];
}
interface Proposed {
  readonly text: string;
  readonly existing: string | null;
  readonly doubts: readonly string[];
}

const NODE_TEST = `import { test } from 'node:test';\nimport { add } from '../add.js';\ntest('adds', () => void add(1, 2));\n`;
const PACKAGE = JSON.stringify({
  name: 'x',
  type: 'module',
  scripts: { test: 'node --test', lint: 'exit 3 # broken' },
});
const FILES = {
  'package.json': PACKAGE,
  'add.js': 'export const add = (a, b) => a + b;\n',
  'test/adds.test.js': NODE_TEST,
};

let repositories = 0;
async function add(files: Readonly<Record<string, string>>): Promise<string> {
  const name = `setup-${++repositories}`;
  const added = await api.post('/api/repositories', { name, source: await seed(files) });
  expect(added.status).toBe(201);
  return `/api/repositories/${name}`;
}
const proposalOf = async (at: string) => (await api.get(`${at}/proposal`)).body as unknown as Proposed;
async function tried(at: string, config?: string): Promise<Trial> {
  const started = await api.post(`${at}/trials`, config === undefined ? {} : { config });
  expect(started.status).toBe(201);
  return eventually(async () => {
    const { body } = await api.get(`${at}/trials/${started.body.id}`);
    return ['pending', 'running'].includes(String(body.status)) ? null : (body as unknown as Trial);
  }, 60_000);
}
const auditOf = async (action: string) =>
  (await api.get(`/api/audit?action=${action}`)).body.items.map(({ actor, outcome, details }) => ({
    actor: actor.name,
    outcome,
    details,
  }));

describe('the first meeting with a repository', () => {
  it('proposes a configuration, tries it in the sandbox, and commits it with an audit row', async () => {
    const at = await add(FILES);
    const { text, existing } = await proposalOf(at);
    expect(existing).toBeNull();
    expect(text).toContain('--test-reporter=junit');

    const trial = await tried(at, text);
    expect(trial).toMatchObject({ status: 'done', passed: false });
    expect(trial.phases).toMatchObject([
      { name: 'tests', status: 'pass', summary: 'the tests pass: 1 of 1' },
      { name: 'lint', status: 'fail' },
      { name: 'coverage', status: 'pass' },
    ]);
    const log = await api.get(`/api/artifacts/${trial.logArtifact}`);
    expect(log.text).toContain('gate tests: pass');
    expect(log.headers.get('baton-artifact-closed')).toBe('true');

    const accepted = await api.post(`${at}/configuration`, { config: text });
    expect(accepted).toMatchObject({ status: 201, body: { kind: 'committed', branch: 'main' } });
    expect((await proposalOf(at)).existing).toBe(text);
    const bare = (await api.get(at)).body as unknown as { remoteUrl: string };
    const shown = await git(['show', '--format=%an', '--stat', 'main'], { gitDir: bare.remoteUrl });
    expect(shown).toMatch(/^admin\n+ \.baton\/repository\.yaml/);
    expect(await auditOf('repository.configure')).toMatchObject([
      { actor: 'admin', outcome: 'success', details: { branch: 'main' } },
    ]);

    // The same again is no second commit; another file is refused unless it is asked for.
    expect((await api.post(`${at}/configuration`, { config: text })).body).toEqual(accepted.body);
    const other = 'test: { command: "true" }\n';
    expect(await api.post(`${at}/configuration`, { config: other })).toMatchObject({
      status: 409,
      body: { code: 'file-exists' },
    });
    expect((await api.post(`${at}/configuration`, { config: other, replace: true })).status).toBe(201);
    expect(await tried(at)).toMatchObject({ passed: true, phases: [{ name: 'tests', status: 'pass' }] });
  });

  it('says what a failed set-up said, and of no gate that it passed', async () => {
    const at = await add({ 'a.txt': 'x' });
    const trial = await tried(at, 'setup: { command: "echo half way; nonesuch" }\ntest: { command: "true" }\n');
    expect(trial).toMatchObject({
      status: 'done',
      passed: false,
      phases: [
        {
          name: 'setup',
          status: 'fail',
          tail: expect.stringContaining('nonesuch') as string,
          mend: expect.stringContaining("The worker's PATH has no `nonesuch`. Install it") as string,
        },
        { name: 'tests', status: 'inconclusive', summary: 'not run, as the set-up failed', tail: '', mend: null },
      ],
    });
  });

  it('refuses a configuration that is not valid with line and column, and one that nobody may give', async () => {
    const at = await add(FILES);
    for (const path of ['trials', 'configuration'])
      expect(await api.post(`${at}/${path}`, { config: 'test:\n  comand: x\n' })).toMatchObject({
        status: 422,
        body: { code: 'repository-config-invalid', detail: expect.stringContaining('2:3') as string },
      });
    expect((await api.post(`${at}/trials`, {}, { as: 'author' })).status).toBe(403);
    expect((await api.post(`${at}/configuration`, { config: 'test: { command: x }' }, { as: 'author' })).status).toBe(
      403,
    );
  });

  it('has one trial at a time, which can be cancelled, and keeps its repository from being removed', async () => {
    const at = await add(FILES);
    const started = await api.post(`${at}/trials`, { config: 'test: { command: "sleep 300", silence: never }\n' });
    await eventually(async () => {
      const { body } = await api.get(`${at}/trials/${started.body.id}`);
      return (body as unknown as Trial).phases.length > 0 ? body : null;
    });
    expect(await api.post(`${at}/trials`, {})).toMatchObject({ status: 409, body: { code: 'trial-open' } });
    expect(await api.send('DELETE', at)).toMatchObject({ status: 409, body: { code: 'trial-open' } });
    expect((await api.post(`${at}/trials/${started.body.id}/cancel`)).status).toBe(202);
    await eventually(async () => {
      const { body } = await api.get(`${at}/trials/${started.body.id}`);
      return body.status === 'cancelled' ? body : null;
    });
    expect((await api.post(`${at}/trials/${started.body.id}/cancel`)).status).toBe(409);

    expect((await api.send('DELETE', at)).status).toBe(200);
    expect((await api.get(at)).status).toBe(404);
    // The name is free again, and nothing of the old one is left.
    const again = await api.post('/api/repositories', {
      name: at.split('/').at(-1),
      source: await seed({ 'b.txt': 'x' }),
    });
    expect(again.status).toBe(201);
    expect((await proposalOf(at)).doubts).toEqual([expect.stringContaining('no build tool')]);
  });
});

describe('baton repo add', () => {
  const baton = (...args: readonly string[]) =>
    runCli(args, { BATON_URL: api.url, BATON_TOKEN: api.record.people.admin.key, EDITOR: "sed -i 's/exit 3/true/'" });
  interface Met {
    readonly name: string;
    readonly configuration: { readonly kind: string } | null;
    readonly leftOut: readonly string[];
    readonly trial: Trial | null;
    readonly next: readonly string[];
  }

  it('without a terminal proposes, and the same command with --yes goes on, accepts what passed and says what did not', async () => {
    const source = await seed(FILES);
    const first = await baton('repo', 'add', source, '--name', 'cli-demo');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/cli-demo is imported.*Package managers {2}npm.*repo add .* --yes\n/s);

    const { code, stdout } = await baton('repo', 'add', source, '--name', 'cli-demo', '--yes', '--json');
    const met = JSON.parse(stdout) as Met;
    expect({ code, met }).toMatchObject({
      code: 0,
      met: {
        name: 'cli-demo',
        configuration: { kind: 'committed' },
        leftOut: ['lint'],
        next: [expect.stringContaining('issue create')],
      },
    });
    const { existing } = await proposalOf('/api/repositories/cli-demo');
    expect(existing).toContain('test:');
    expect(existing).not.toContain('lint:');
    // Another source of that name is another repository.
    const other = await seed({ 'other.txt': 'x' });
    expect(await baton('repo', 'add', other, '--name', 'cli-demo')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('already') as string,
    });
  });

  it('with --dry-run shows live what a gate would say, and leaves nothing behind', async () => {
    const { code, stdout } = await baton('repo', 'add', await seed(FILES), '--name', 'cli-dry', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/gate tests on .*lint +fail .*\$ npm run --silent lint.*Nothing is left behind/s);
    expect((await api.get('/api/repositories')).text).not.toContain('cli-dry');
  });

  it('with --yes ends with 1 where the tests do not pass, and shows their last lines', async () => {
    const scripts = { test: 'echo the cause; exit 4 || true' };
    const source = await seed({ 'package.json': JSON.stringify({ name: 'x', scripts }) });
    const { code, stdout } = await baton('repo', 'add', source, '--name', 'cli-red', '--yes');
    expect(code).toBe(1);
    expect(stdout).toMatch(/tests +fail .*\n +the cause\n/s);
    expect(stdout).toContain('no part of it can be accepted. It did not pass: test.');
    expect((await proposalOf('/api/repositories/cli-red')).existing).toBeNull();
  });
});

describe('baton repo add at a terminal', () => {
  /** Its trial is over at once: the tests pass, lint does not. */
  const QUICK = { Makefile: 'test:\n\t@echo tested\nlint:\n\t@echo the cause; false\n' };
  const at = (name: string, source: string, ...args: readonly string[]) =>
    new Terminal(['repo', 'add', source, '--name', name, ...args], {
      BATON_URL: api.url,
      BATON_TOKEN: api.record.people.admin.key,
      EDITOR: "sed -i 's/make lint/echo corrected/'",
    });
  const isThere = async (name: string) => (await api.get(`/api/repositories/${name}`)).status === 200;
  const trialsOf = async (name: string) =>
    (await api.get(`/api/repositories/${name}/trials`)).body.items as unknown as readonly Trial[];
  const PROMPT = '[a]ccept';

  it('asks again after a wrong key, tries an edited text and the same one again, and accepts it', async () => {
    const person = at('tty-edit', await seed(QUICK));
    await person.answer(PROMPT, 'x');
    await person.see('Type one of a, p, e, t, w, u.');
    await person.answer(PROMPT, 'e');
    await person.answer(PROMPT, 't');
    await person.answer(PROMPT, 'a');
    expect(await person.end()).toBe(0);
    expect(person.text).toContain('.baton/repository.yaml is committed to main');
    expect((await proposalOf('/api/repositories/tty-edit')).existing).toContain('echo corrected');
    expect(await trialsOf('tty-edit')).toMatchObject([{ passed: true }, { passed: true }, { passed: false }]);
  });

  it('takes only what passed, and says what is left out', async () => {
    const person = at('tty-passed', await seed(QUICK));
    await person.answer('accept only what [p]assed', 'p');
    expect(await person.end()).toBe(0);
    expect(person.text).toContain('Left out, as it did not pass: lint.');
    const { existing } = await proposalOf('/api/repositories/tty-passed');
    expect(existing).toContain('test:');
    expect(existing).not.toContain('lint:');
  });

  it('undoes the import, and keeps the repository without the file at the end of the input', async () => {
    const undone = at('tty-undo', await seed(QUICK));
    await undone.answer(PROMPT, 'u');
    expect(await undone.end()).toBe(0);
    expect(await isThere('tty-undo')).toBe(false);

    const ended = at('tty-ended', await seed(QUICK));
    await ended.see(PROMPT);
    ended.type('\u0004');
    expect(await ended.end()).toBe(0);
    expect(await isThere('tty-ended')).toBe(true);
    expect((await proposalOf('/api/repositories/tty-ended')).existing).toBeNull();
  });

  it('leaves nothing behind after a Ctrl-C at the prompt or in the trial, which is stopped', async () => {
    const asked = at('tty-asked', await seed(QUICK));
    await asked.see(PROMPT);
    asked.type('\u0003');
    expect(await asked.end()).toBe(130);
    expect(asked.text).toContain('Interrupted; tty-asked is removed again, and nothing is left behind.');
    expect(await isThere('tty-asked')).toBe(false);

    const slow = await seed({ Makefile: 'test:\n\t@echo half way; sleep 300\n' });
    const tried = at('tty-tried', slow);
    await tried.see('half way');
    tried.type('\u0003');
    expect(await tried.end()).toBe(130);
    expect(await isThere('tty-tried')).toBe(false);

    // One that was there before stays as it was, and its trial is stopped.
    await api.post('/api/repositories', { name: 'tty-again', source: slow });
    const again = at('tty-again', slow);
    await again.see(/\n +half way/);
    again.type('\u0003');
    expect(await again.end()).toBe(130);
    expect(again.text).toContain('Interrupted; tty-again is as it was.');
    expect(await trialsOf('tty-again')).toMatchObject([{ status: 'cancelled' }]);
  });
});
