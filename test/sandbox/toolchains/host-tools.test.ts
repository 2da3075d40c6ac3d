import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findProgram } from '../../../src/sandbox/find-program.js';
import { execute } from '../../../src/sandbox/execute.js';
import { findHostTools } from '../../../src/sandbox/toolchains/host-tools.js';
import { makeRoom, shell } from '../sandbox-fixture.js';

let root: string;
let home: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'baton-tools-')));
  home = join(root, 'home/ada');
  mkdirSync(home, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

/** Makes empty programs, and folders where the name ends with a slash. */
function laidOut(...files: readonly string[]): void {
  for (const file of files) {
    const path = join(home, file);
    mkdirSync(file.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!file.endsWith('/')) writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 });
  }
}

const found = (folders: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const tools = findHostTools({ PATH: folders.map((folder) => join(home, folder)).join(':'), ...env }, home);
  const relative = (paths: readonly string[]): string[] => paths.map((path) => path.replace(`${home}/`, ''));
  return {
    ...tools,
    shown: relative(tools.binds.map(({ source }) => source)).sort(),
    path: relative(tools.path),
    names: tools.toolchains.map(({ name }) => name),
  };
};

describe('the tool chains that a PATH leads to', () => {
  it.each<[string, readonly string[], string, readonly string[], object]>([
    [
      'rustup',
      [
        '.cargo/bin/rustup',
        '.cargo/bin/cargo',
        '.cargo/credentials.toml',
        '.rustup/toolchains/',
        '.rustup/settings.toml',
      ],
      '.cargo/bin',
      ['.cargo/bin', '.rustup/settings.toml', '.rustup/toolchains'],
      { RUSTUP_AUTO_INSTALL: '0' },
    ],
    [
      'pyenv',
      ['.pyenv/libexec/pyenv', '.pyenv/shims/python3', '.pyenv/versions/3.12.1/bin/python3', '.pyenv/.git/'],
      '.pyenv/shims',
      ['.pyenv/libexec', '.pyenv/shims', '.pyenv/versions'],
      {},
    ],
    [
      'nvm',
      ['.nvm/versions/node/v20.1.0/bin/node', '.nvm/nvm.sh'],
      '.nvm/versions/node/v20.1.0/bin',
      ['.nvm/versions/node'],
      {},
    ],
    [
      'fnm',
      ['.local/share/fnm/node-versions/v20.1.0/installation/bin/node'],
      '.local/share/fnm/node-versions/v20.1.0/installation/bin',
      ['.local/share/fnm/node-versions'],
      {},
    ],
    [
      'Volta',
      ['.volta/bin/node', '.volta/tools/image/', '.volta/hooks.json'],
      '.volta/bin',
      ['.volta/bin', '.volta/tools'],
      {},
    ],
    [
      'asdf',
      ['.asdf/shims/node', '.asdf/installs/nodejs/20/bin/node', '.asdf/plugins/', '.asdf/downloads/'],
      '.asdf/shims',
      ['.asdf/installs', '.asdf/plugins', '.asdf/shims'],
      {},
    ],
    [
      'SDKMAN',
      ['.sdkman/candidates/java/21/bin/java', '.sdkman/etc/config'],
      '.sdkman/candidates/java/21/bin',
      ['.sdkman/candidates'],
      {},
    ],
    [
      'Homebrew',
      ['.linuxbrew/bin/gcc', '.linuxbrew/Cellar/gcc/', '.linuxbrew/var/'],
      '.linuxbrew/bin',
      ['.linuxbrew/Cellar', '.linuxbrew/bin'],
      {},
    ],
    ['conda', ['miniconda3/conda-meta/', 'miniconda3/bin/python'], 'miniconda3/bin', ['miniconda3'], {}],
    ['Go', ['sdk/go1.26/bin/go', 'sdk/go1.26/pkg/tool/'], 'sdk/go1.26/bin', ['sdk/go1.26'], {}],
    ['JDK', ['jdks/21/bin/java', 'jdks/21/release'], 'jdks/21/bin', ['jdks/21'], {}],
    [
      'programs of the user',
      ['.local/bin/uv', '.local/share/uv/python/', '.local/share/keyrings/'],
      '.local/bin',
      ['.local/bin', '.local/share/uv/python'],
      {},
    ],
    [
      'global npm packages',
      ['.npm-global/bin/pnpm', '.npm-global/lib/node_modules/pnpm/', '.npm-global/etc/npmrc'],
      '.npm-global/bin',
      ['.npm-global/bin', '.npm-global/lib/node_modules'],
      {},
    ],
    ['programs', ['go/bin/gotestsum', 'go/pkg/'], 'go/bin', ['go/bin'], {}],
  ])('are shown of %s by the folders that they need, and no others', (name, files, bin, shown, environment) => {
    laidOut(...files);
    const tools = found([bin]);
    expect(tools).toMatchObject({ names: [name], shown, path: [bin], environment, refused: [] });
  });

  it('show the program that the shims of mise lead to', () => {
    laidOut('tools/mise', '.local/share/mise/installs/node/20/bin/node', '.local/share/mise/shims/');
    symlinkSync(join(home, 'tools/mise'), join(home, '.local/share/mise/shims/node'));
    const { shown, environment } = found(['.local/share/mise/shims']);
    expect(shown).toEqual(['.local/share/mise/installs', '.local/share/mise/shims', 'tools/mise']);
    expect(environment).toMatchObject({ MISE_DATA_DIR: join(home, '.local/share/mise') });
  });

  it('are found in the order of the PATH, each once, where links lead', () => {
    laidOut('.nvm/versions/node/v20.1.0/bin/node', 'go/bin/x');
    symlinkSync(join(home, '.nvm/versions/node/v20.1.0'), join(home, 'current'));
    const { path } = found(['go/bin', 'current/bin', '.nvm/versions/node/v20.1.0/bin', 'nowhere/bin']);
    expect(path).toEqual(['go/bin', '.nvm/versions/node/v20.1.0/bin']);
  });

  it('pass on what the owner of the worker chose', () => {
    laidOut('.sdkman/candidates/java/21/bin/java');
    const bin = '.sdkman/candidates/java/21/bin';
    const env = { PYENV_VERSION: '3.12', JAVA_HOME: join(home, '.sdkman/candidates/java/21'), GOTOOLCHAIN: '' };
    expect(found([bin], env).environment).toEqual({ PYENV_VERSION: '3.12', JAVA_HOME: env.JAVA_HOME });
    expect(found([bin], { JAVA_HOME: join(home, 'elsewhere') }).environment).toEqual({});
  });

  it("are the worker's setting where it has one", () => {
    laidOut('go/bin/x', 'other/bin/y');
    expect(found(['go/bin'], { BATON_TOOLCHAINS: join(home, 'other/bin') }).path).toEqual(['other/bin']);
    expect(found(['go/bin'], { BATON_TOOLCHAINS: 'none' })).toMatchObject({ path: [], binds: [] });
  });
});

describe('a folder of the PATH', () => {
  const refusedOf = (folder: string) => findHostTools({ PATH: folder }, home).refused;

  it('is refused where it is relative', () => {
    expect(refusedOf('node_modules/.bin')).toEqual([
      { folder: 'node_modules/.bin', why: expect.any(String) as string },
    ]);
    expect(refusedOf('.')).toHaveLength(1);
  });

  it('is refused where others may write to it, or to a folder above it', () => {
    laidOut('open/bin/x');
    chmodSync(join(home, 'open/bin'), 0o777);
    expect(refusedOf(join(home, 'open/bin'))[0]?.why).toBe('everybody may write to it');
    chmodSync(join(home, 'open/bin'), 0o755);
    chmodSync(join(home, 'open'), 0o777);
    expect(refusedOf(join(home, 'open/bin'))[0]?.why).toBe(`everybody may write to ${join(home, 'open')}`);
  });

  it('is refused where it is a home or lies above one', () => {
    for (const folder of [home, dirname(home), '/']) expect(refusedOf(folder)[0]?.why).toContain('home folder');
  });

  (process.getuid?.() === 0 ? it : it.skip)('is refused where it belongs to another user', () => {
    laidOut('foreign/bin/x');
    chownSync(join(home, 'foreign/bin'), 1234, 1234);
    expect(refusedOf(join(home, 'foreign/bin'))[0]?.why).toBe('it belongs to another user');
  });

  it('of npm is left out without a word', () => {
    laidOut('app/node_modules/.bin/tsc');
    expect(findHostTools({ PATH: join(home, 'app/node_modules/.bin') }, home)).toMatchObject({ path: [], refused: [] });
  });
});

describe('in the sandbox', () => {
  const room = makeRoom();
  afterAll(() => room.remove());

  it.each([
    ['go', 'go version', /^go version go1/],
    ['rustup', 'rustc --version && cargo --version', /^rustc 1.*\ncargo 1/],
    ['pyenv', 'python3 -c "import sys, ssl; print(sys.version)"', /^3\./],
    ['mvn', 'mvn --version', /Apache Maven 3/],
  ])('the host’s %s works', async (program, command, says) => {
    // A host without it has nothing to show.
    if (findProgram(program) === null) return;
    const result = await execute(shell(command), room.policy);
    expect(result.tail).toMatch(says);
    expect(result.exitCode).toBe(0);
  });

  it('nothing else of the home is there', async () => {
    const result = await execute(shell('ls -a /root /root/.cargo /root/.rustup 2>/dev/null | cat'), room.policy);
    expect(result.stdout).not.toMatch(/ssh|credentials|npmrc|gitconfig|\.baton/);
  });
});
