import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { knownPrograms } from '../../src/local/coding-programs.js';
import { runCli } from './run-cli.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'baton-doctor-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const ALL = knownPrograms();
const named = (name: string) => ALL.find((program) => program.name === name)!;
const install = (command: string, script: string): void => {
  writeFileSync(join(folder, command), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, command), 0o755);
};

/** What doctor says of each program, on a machine that has only these. */
async function said(keys: Readonly<Record<string, string>> = {}) {
  const ended = await runCli(['doctor', '--json'], { PATH: folder, ...keys });
  const { checks } = JSON.parse(ended.stdout) as { checks: { name: string; state: string; detail: string }[] };
  const of = (name: string) => checks.find((check) => check.name === named(name).title)!;
  return { of, all: ALL.map(({ name }) => of(name)), text: ended.stdout };
}

it('notes how each program is installed where none is: a machine needs none', async () => {
  const { all } = await said();
  expect(all).toEqual(
    ALL.map(({ title, command, install }) => ({
      name: title,
      state: 'note',
      detail: `${command} is not on the PATH: \`${install}\` brings it.`,
    })),
  );
});

it('says of each program its version, and by name whether its key is there', async () => {
  for (const { command, testedVersion } of ALL) install(command, `echo "${command} ${testedVersion}"`);
  const claude = named('claude').testedVersion;
  const codex = named('codex').testedVersion;
  const { of, text } = await said({ ANTHROPIC_API_KEY: 'sk-ant-never-shown' });
  expect(of('claude')).toMatchObject({ state: 'ok', detail: `${claude}; its key ANTHROPIC_API_KEY is set` });
  expect(of('codex')).toMatchObject({
    state: 'warning',
    detail: expect.stringContaining(
      `${codex}; its key is missing: set OPENAI_API_KEY in the environment of the worker. For a login in place of it: run \`codex login\``,
    ) as string,
  });
  expect(text).not.toContain('sk-ant-never-shown');
});

it('says where a login is there in place of a key, and does not show it', async () => {
  for (const name of ['claude', 'codex']) install(named(name).command, `echo "${named(name).testedVersion}"`);
  const tokens = { access_token: 'access-never-shown', account_id: 'account-1' };
  writeFileSync(join(folder, 'auth.json'), JSON.stringify({ tokens }));
  const { of, text } = await said({ CLAUDE_CODE_OAUTH_TOKEN: 'token-never-shown', CODEX_HOME: folder });
  for (const name of ['claude', 'codex'])
    expect(of(name)).toMatchObject({
      state: 'ok',
      detail: `${named(name).testedVersion}; its login is there, for agents with \`signIn: login\``,
    });
  expect(text).not.toContain('never-shown');
});

it('says what mends one that is old or broken, and nothing against one that is newer', async () => {
  const keys = { ANTHROPIC_API_KEY: 'x', OPENAI_API_KEY: 'x' };
  install('claude', 'echo 0.999.9');
  install('codex', 'echo 99.0');
  const first = await said(keys);
  expect(first.of('claude')).toMatchObject({
    state: 'warning',
    detail: expect.stringMatching(
      /^0\.999\.9, older than .*: `npm install -g @anthropic-ai\/claude-code` brings/,
    ) as string,
  });
  expect(first.of('codex')).toMatchObject({
    state: 'ok',
    detail: expect.stringMatching(/^99\.0, newer than \S+, which Baton is tested with; its key OPENAI_/) as string,
  });

  install('codex', 'echo no library >&2; exit 127');
  const { of } = await said(keys);
  expect(of('codex')).toMatchObject({
    state: 'warning',
    detail: `${join(folder, 'codex')} does not tell its version, it ended with 127 and said no library: \`npm install -g @openai/codex\` may mend it.`,
  });
});

it('says of a key whose program is missing that it is there', async () => {
  const { of } = await said({ OPENAI_API_KEY: 'x', PATH: [folder, ''].join(delimiter) });
  expect(of('codex').detail).toMatch(/^OPENAI_API_KEY is set; codex is not on the PATH: /);
});

it('names osv-scanner and its databases where they are missing', async () => {
  const cache = join(folder, 'cache');
  const osv = async () => {
    const ended = await runCli(['doctor', '--json'], { PATH: folder, BATON_CACHE_DIR: cache });
    const { checks } = JSON.parse(ended.stdout) as { checks: { name: string }[] };
    return checks.find(({ name }) => name === 'osv-scanner');
  };
  expect(await osv()).toMatchObject({
    state: 'warning',
    detail: expect.stringContaining('go install github.com/google/osv-scanner/v2/cmd/osv-scanner@') as string,
  });
  install('osv-scanner', '');
  const database = join(cache, 'osv', 'osv-scanner', 'Go');
  mkdirSync(database, { recursive: true });
  writeFileSync(join(database, 'all.zip'), '');
  const old = new Date(Date.now() - 8 * 24 * 3600_000);
  utimesSync(join(database, 'all.zip'), old, old);
  expect(await osv()).toMatchObject({
    state: 'warning',
    detail: expect.stringContaining('osv-scanner has no database younger than 7 days') as string,
  });
  writeFileSync(join(database, 'all.zip'), '');
  utimesSync(join(database, 'all.zip'), new Date(), new Date());
  expect(await osv()).toMatchObject({ state: 'ok', detail: 'databases of Go are younger than 7 days' });
});

it('lists the tool chains that sandboxes see, and the folders of the PATH that they do not', async () => {
  chmodSync(folder, 0o777);
  const ended = await runCli(['doctor', '--json'], { PATH: `${folder}${delimiter}/usr/bin` });
  const { checks } = JSON.parse(ended.stdout) as { checks: { name: string; state: string; detail: string }[] };
  expect(checks.find(({ name }) => name === 'tool chains')).toMatchObject({ state: 'ok', detail: 'those of /usr' });
  expect(checks.find(({ name }) => name === '  not in a sandbox')).toMatchObject({
    state: 'warning',
    detail: expect.stringContaining(`${folder} of the PATH: everybody may write to it.`) as string,
  });
});

it('says how much is kept of set-ups', async () => {
  mkdirSync(join(folder, 'workers/one/setups/repository/key'), { recursive: true });
  writeFileSync(join(folder, 'workers/one/setups/repository/key/file'), 'x'.repeat(3 * 1024 * 1024));
  const ended = await runCli(['doctor', '--json'], { PATH: '/usr/bin', BATON_DATA_DIR: folder });
  const { checks } = JSON.parse(ended.stdout) as { checks: { name: string; state: string; detail: string }[] };
  expect(checks.find(({ name }) => name === 'set-ups')).toMatchObject({
    state: 'ok',
    detail: expect.stringMatching(/^3 MiB of 1 repository, at most 8 GiB each, in /) as string,
  });
});
