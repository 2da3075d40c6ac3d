import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { agentPrograms } from '../../scripts/setup/agent-programs.mjs';
import { askVersion } from '../../src/local/ask-version.js';
import { knownPrograms, programsHere } from '../../src/local/coding-programs.js';
import { groupLives } from '../../src/local/process-group.js';

const LONG_MS = 60_000;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'baton-programs-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, ...lines: string[]): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(file, 0o755);
  return file;
}
const ask = (file: string, timeoutMs = LONG_MS) => askVersion(file, '/usr/bin:/bin', timeoutMs);

describe('the version of a program', () => {
  it.each([
    ['2.1.330 (Claude Code)', '2.1.330'],
    ['codex-cli 0.169.0', '0.169.0'],
    ['GitHub Copilot CLI 1.0.102.\nRun copilot update to check for 9.9', '1.0.102'],
    ['tool v3.0.0-beta.4', '3.0.0-beta.4'],
  ])('is read out of what it says: %j', async (text, version) => {
    expect(await ask(program('told', `printf '%s' '${text}'`))).toEqual({ kind: 'said', version });
  });

  it.each([
    ['that ends badly', ['echo 1.2.3', 'echo its library is missing >&2', 'exit 3'], 'it ended with 3 and said its li'],
    ['that says something else', ['echo hello'], 'it ended with 0 and said hello'],
    ['that says nothing', ['exit 0'], 'it ended with 0 and said nothing'],
    ['that dies', ['kill -9 $$'], 'it ended with SIGKILL'],
  ])('is unknown of one %s', async (_, lines, why) => {
    expect(await ask(program('silent', ...lines))).toEqual({
      kind: 'unsaid',
      why: expect.stringContaining(why) as string,
    });
  });

  it('is unknown of one that cannot be started', async () => {
    const file = program('broken');
    writeFileSync(file, '#!/nonexistent/interpreter\n');
    expect(await ask(file)).toMatchObject({ kind: 'unsaid', why: expect.stringContaining('ENOENT') as string });
  });

  it('is not waited for longer than it may take, and nothing is left of who does not end', async () => {
    const pid = join(folder, 'pid');
    const file = program('hangs', `trap '' TERM`, `echo $$ > ${pid}.new && mv ${pid}.new ${pid}`, 'sleep 600 & wait');
    const asked = ask(file, 3_000);
    expect(await asked).toEqual({ kind: 'unsaid', why: 'it gives no answer in 3 s' });
    expect(existsSync(pid)).toBe(true);
    expect(groupLives(Number(readFileSync(pid, 'utf8')))).toBe(false);
  });
});

describe('the programs on a machine', () => {
  it('are none where none is', async () => {
    const here = await programsHere({ PATH: folder });
    expect(here.map(({ name }) => name)).toEqual(knownPrograms().map(({ name }) => name));
    expect(here.every(({ found }) => found === null)).toBe(true);
  });

  it('are found on the PATH that is given, with the keys that they have; a key is shown to none', async () => {
    const seen = join(folder, 'seen');
    const all = knownPrograms();
    for (const { command } of all)
      program(`bin/${command}`, `env >> ${seen}`, 'touch "$HOME/made"', 'pwd >> ' + seen, `echo 1.2.3`);
    const [first, ...others] = all.filter(({ keys }) => keys.length > 0);
    const variables = Object.fromEntries(first!.keys.map((name) => [name, 'sk-never-shown']));
    const here = await programsHere({ PATH: [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter), ...variables });
    for (const { found, command } of here)
      expect(found).toEqual({ path: join(folder, 'bin', command), version: { kind: 'said', version: '1.2.3' } });
    expect(here.find(({ name }) => name === first!.name)).toMatchObject({ has: first!.keys, lacks: [] });
    for (const { name, keys } of others)
      expect(here.find((one) => one.name === name)).toMatchObject({ has: [], lacks: keys });
    const told = readFileSync(seen, 'utf8');
    expect(told).toContain('HOME=');
    expect(told).not.toContain('sk-never-shown');
    const homes = [...told.matchAll(/^HOME=(.*)$/gm)].map(([, home]) => home!);
    expect(homes.some((home) => existsSync(home))).toBe(false);
  });

  it(
    'are the real ones, in the versions that the contract is proved with',
    async () => {
      const PATH = [join(agentPrograms, 'node_modules', '.bin'), dirname(process.execPath), '/usr/bin', '/bin'];
      const here = await programsHere({ PATH: PATH.join(delimiter) });
      const installed = here.filter(({ found }) => found !== null);
      expect(installed.map(({ name }) => name)).toEqual(expect.arrayContaining(['claude', 'codex']));
      for (const { found, testedVersion } of installed)
        expect(found!.version).toEqual({ kind: 'said', version: testedVersion });
    },
    LONG_MS,
  );
});
