import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { knownPrograms } from '../../src/local/coding-programs.js';
import { PACKAGE_ROOT } from '../../src/local/package-root.js';
import { compilePipeline } from '../../src/schema/pipeline/compile-pipeline.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { runCli, type Ended } from './run-cli.js';

const TEMPLATES = join(PACKAGE_ROOT, 'templates');

let api: ServedApi;
let folder: string;
beforeAll(async () => {
  api = await serveApi();
  folder = mkdtempSync(join(tmpdir(), 'baton-agents-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await api.close();
});

const batonAs = (who: 'admin' | 'author', ...args: string[]) =>
  runCli(['agents', ...args], { BATON_URL: api.url, BATON_TOKEN: api.record.people[who].key });
const baton = (...args: string[]) => batonAs('admin', ...args);
const rows = () =>
  api.record.inTx((tx) =>
    tx
      .selectFrom('agents')
      .select(['id', 'name', 'type', 'kind', 'adapter', 'roles', 'risk_level', 'entry', 'permissions'])
      .orderBy('created_at')
      .execute(),
  );
const rowOf = async (name: string) => (await rows()).find((row) => row.name === name)!;
/** What was shown of the agent, before the empty line. */
const shown = ({ stdout }: Ended) => parse(stdout.split('\n\n')[0]!) as unknown;

/** The roles that the shipped pipelines ask for. */
async function shippedRoles(): Promise<string[]> {
  const files = (await readdir(TEMPLATES)).filter((file) => file.endsWith('.yaml'));
  const plans = await Promise.all(
    files.map(async (file) => {
      const compiled = compilePipeline(await readFile(join(TEMPLATES, file), 'utf8'), { file });
      return compiled.kind === 'compiled' ? compiled.plan.steps : [];
    }),
  );
  return plans
    .flat()
    .flatMap((step) =>
      step.kind === 'handoff' ? [step.tester, step.developer] : step.kind === 'agent' ? [step.agent] : [],
    )
    .flatMap((ref) => (ref.kind === 'role' ? [ref.role] : []));
}

describe('baton agents add, of a program', () => {
  it.each(knownPrograms().map(({ name }) => name))('registers %s by its name alone, once', async (name) => {
    const { keys, command } = knownPrograms().find((program) => program.name === name)!;
    const first = await baton('add', name);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(`\n${name} is registered\nthe worker needs ${command} on its PATH`);
    for (const key of keys) expect(first.stdout.split('\n').at(-2)).toContain(key);
    const row = await rowOf(name);
    expect(row).toMatchObject({ kind: 'LLM', adapter: name, roles: ['developer'], risk_level: 'AUTO', entry: {} });
    expect(shown(first)).toMatchObject({ name, adapter: name, roles: ['developer'], capabilities: [], entry: {} });

    const again = await baton('add', name);
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`\n${name} is brought up to date\n`) as string,
    });
    expect(await rowOf(name)).toEqual(row);
  });

  it('registers one that signs in with a login, and says how that is made', async () => {
    const added = await baton('add', 'claude', '--name', 'signed-in', '--login');
    expect(shown(added)).toMatchObject({ entry: { signIn: 'login' } });
    expect(added.stdout).toContain('and a login: run `claude setup-token`, and set CLAUDE_CODE_OAUTH_TOKEN');
    const refused = await baton('add', 'opencode', '--name', 'signed-in-too', '--login');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('is not for OpenCode, which Baton signs in with a key only');
  });

  it('takes all that is said of it, and shows what it registers', async () => {
    const said = ['-r', 'tester,reviewer', '-m', 'large', '--base-url', 'http://models.example.com/v1', '-k', 'MY_KEY'];
    const where = [
      '--host',
      'registry.example.com:443',
      '--host',
      '*.example.com:8443',
      '--program',
      '/opt/claude',
      '--ask-for',
      'command',
    ];
    const entry = {
      program: '/opt/claude',
      model: 'large',
      baseUrl: 'http://models.example.com/v1',
      keys: ['MY_KEY'],
      hosts: ['registry.example.com:443', '*.example.com:8443'],
      askFor: ['command'],
    };
    const dry = await baton('add', 'claude', '-n', 'tara', ...said, ...where, '-p', 'demo', '--dry-run');
    expect(shown(dry)).toMatchObject({ name: 'tara', type: 'claude', roles: ['tester', 'reviewer'], entry });
    expect(dry.stdout).toContain('tara is not registered: this was a dry run\n');
    expect(await rowOf('tara')).toBeUndefined();

    const added = await baton('add', 'claude', '-n', 'tara', ...said, ...where, '-p', 'demo');
    expect(shown(added)).toEqual(shown(dry));
    expect(added.stdout).toContain('the worker needs /opt/claude, and MY_KEY in its environment');
    expect(await rowOf('tara')).toMatchObject({ adapter: 'claude', roles: ['tester', 'reviewer'], entry });
    const json = JSON.parse(
      (await baton('add', 'claude', '-n', 'tara', ...said, ...where, '--json')).stdout,
    ) as unknown;
    expect(json).toMatchObject({ items: [{ name: 'tara', id: (await rowOf('tara')).id }], agents: [{ entry }] });
  });

  it('leaves what is known of the agent and not said anew, but how it is started', async () => {
    const file = join(folder, 'careful.yaml');
    writeFileSync(
      file,
      `name: careful
type: codex
kind: LLM
adapter: codex
roles: [reviewer]
description: Looks twice.
riskLevel: APPROVAL_REQUIRED
capabilities: [{ name: review.code, description: Reviews. }]
entry: { model: small }
permissions: { may: { createBranch: false }, files: { never: ['web/**'] }, limits: { tokensPerTask: 10 } }
`,
    );
    expect(await baton('add', file)).toMatchObject({ code: 0, stdout: 'careful is registered\n' });
    const before = await rowOf('careful');
    expect(await baton('add', 'codex', '-n', 'careful', '-m', 'large')).toMatchObject({ code: 0 });
    expect(await rowOf('careful')).toEqual({ ...before, entry: { model: 'large' } });
    expect((await baton('show', 'careful')).stdout).toContain('can: review.code\n');
  });

  it('takes the name of no other agent', async () => {
    const file = join(folder, 'scribe.yaml');
    writeFileSync(
      file,
      'name: scribe\ntype: custom\nkind: SCRIPT\nadapter: command\nroles: []\nriskLevel: AUTO\ncapabilities: []\nentry: { argv: ["true"] }\n',
    );
    await baton('add', file);
    expect(await baton('add', 'claude', '--name', 'scribe')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is an agent scribe already, with the adapter command') as string,
    });
    expect(await rowOf('scribe')).toMatchObject({ adapter: 'command' });
  });

  it.each([
    [['cursr'], 2, 'Baton knows no program cursr; it knows claude, codex'],
    [[], 2, 'Name a program, a file, or an agent with --built-in.'],
    [['./nowhere.yaml'], 2, './nowhere.yaml cannot be read'],
    [['./nowhere.yaml', '--base-url', 'http://x'], 2, '--base-url is said of a program'],
    [['--built-in', 'patcher', '--role', 'tester'], 2, '--role is said of a program'],
    [['claude', '--team', '--name', 'ada'], 2, '--name belongs to one agent'],
    [['claude', '--team', '--role', 'tester'], 2, '--role belongs to one agent'],
    [['--built-in', 'patcher', '--team'], 2, '--team is said of a program'],
    [['claude', '-n', 'No Name'], 1, '/name: is lower case letters'],
    [['claude', '-n', 'new', '--host', 'everywhere'], 1, '/entry/hosts/0'],
    [['claude', '-n', 'new', '--base-url', 'nowhere'], 1, '/entry/baseUrl: is such as https://'],
    [['claude', '-n', 'new', '-k', 'sk-ant-0123'], 1, '/entry/keys/0: is a variable ending in _TOKEN, _KEY or _SECRET'],
    [['claude', '-n', 'new', '-p', 'other'], 5, 'other'],
  ])('refuses with a sentence: %j', async (args, code, sentence) => {
    const before = await rows();
    expect(await baton('add', ...args)).toMatchObject({ code, stderr: expect.stringContaining(sentence) as string });
    expect(await rows()).toEqual(before);
  });

  it('registers a team with --team, one agent for each role of the shipped pipelines, again and again', async () => {
    const dry = await baton('add', 'opencode', '--team', '-m', 'large', '--dry-run');
    expect(dry.stdout).toContain('opencode-developer is not registered: this was a dry run\n');
    expect(await rowOf('opencode-developer')).toBeUndefined();

    const first = await baton('add', 'opencode', '--team', '-m', 'large');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const team = async () => (await rows()).filter(({ name }) => name.startsWith('opencode-'));
    const registered = await team();
    const roles = registered.flatMap((row) => row.roles);
    expect(new Set(roles)).toEqual(new Set(await shippedRoles()));
    expect(registered.map(({ name }) => name)).toEqual(roles.map((role) => `opencode-${role}`));
    expect(registered.map(({ entry }) => entry)).toEqual(roles.map(() => ({ model: 'large' })));
    expect(registered.find(({ name }) => name === 'opencode-developer')).toMatchObject({ permissions: {} });
    expect(registered.find(({ name }) => name === 'opencode-code-reviewer')).toMatchObject({
      permissions: { may: { createBranch: false }, files: { never: ['**'] } },
    });

    const again = await baton('add', 'opencode', '--team', '-m', 'large');
    expect(again.stdout).toContain('opencode-tester is brought up to date\n');
    expect(await team()).toEqual(registered);
    expect(await baton('add', 'opencode', '--team', '--json', '-m', 'small')).toMatchObject({ code: 0 });
    expect((await team()).map(({ entry }) => entry)).toEqual(roles.map(() => ({ model: 'small' })));
  });

  it('registers no part of a team where a name is taken', async () => {
    const file = join(folder, 'taken.yaml');
    writeFileSync(
      file,
      'name: gemini-style-reviewer\ntype: custom\nkind: SCRIPT\nadapter: command\nroles: []\nriskLevel: AUTO\ncapabilities: []\nentry: { argv: ["true"] }\n',
    );
    await baton('add', file);
    expect(await baton('add', 'gemini', '--team')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is an agent gemini-style-reviewer already') as string,
    });
    expect(await rowOf('gemini-developer')).toBeUndefined();
  });

  it('takes the key of an admin', async () => {
    expect(await batonAs('author', 'add', 'claude', '-n', 'mine')).toMatchObject({ code: 4 });
    expect(await rowOf('mine')).toBeUndefined();
  });
});
