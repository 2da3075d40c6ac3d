import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What the worker's environment says of the place of tools, beside its PATH. */
export type ToolEnvironment = Readonly<Record<string, string | undefined>>;

/** A tool chain of the host, found by a folder of programs. */
export interface Layout {
  /** As people call it. */
  readonly name: string;
  /** Folders and files that its programs need, absolute; those that do not exist are left out by the caller. */
  readonly paths: readonly string[];
  /** Variables without which its programs would look in the home of whoever runs them. */
  readonly environment: Readonly<Record<string, string>>;
}

type Recognise = (bin: string, env: ToolEnvironment, home: string) => Layout | null;

const below = (root: string, ...names: readonly string[]): string[] => names.map((name) => join(root, name));

/** https://rust-lang.github.io/rustup/concepts/proxies.html: the programs are proxies for those of a toolchain. */
const rustup: Recognise = (bin, env, home) => {
  if (!existsSync(join(bin, 'rustup'))) return null;
  const root = env['RUSTUP_HOME'] ?? join(home, '.rustup');
  return {
    name: 'rustup',
    paths: [bin, ...below(root, 'toolchains', 'settings.toml')],
    // A toolchain that is missing cannot be installed here: rustup then says so at once.
    environment: { RUSTUP_HOME: root, RUSTUP_AUTO_INSTALL: '0' },
  };
};

/** https://github.com/pyenv/pyenv#how-it-works: shims that run `pyenv exec`, also those of its plugins. */
const pyenv: Recognise = (bin, env) => {
  const root = [env['PYENV_ROOT'], dirname(bin), dirname(dirname(dirname(bin)))].find(
    (folder) => folder !== undefined && existsSync(join(folder, 'libexec', 'pyenv')) && bin.startsWith(`${folder}/`),
  );
  if (root === undefined) return null;
  const parts = ['bin', 'libexec', 'shims', 'versions', 'plugins', 'pyenv.d', 'version'];
  return { name: 'pyenv', paths: below(root, ...parts), environment: { PYENV_ROOT: root } };
};

/** https://github.com/nvm-sh/nvm, and fnm, which lays Node out the same way below `node-versions`. */
const nodeVersions: Recognise = (bin) => {
  const [, nvm] = /^(.*\/versions\/node)\/[^/]+\/bin$/.exec(bin) ?? [];
  const [, fnm] = /^(.*\/node-versions)\/[^/]+\/installation\/bin$/.exec(bin) ?? [];
  const versions = nvm ?? fnm;
  if (versions === undefined) return null;
  return { name: nvm === undefined ? 'fnm' : 'nvm', paths: [versions], environment: {} };
};

/** https://docs.volta.sh/advanced/workspaces: `bin` holds links to its shim. */
const volta: Recognise = (bin, env, home) => {
  const root = env['VOLTA_HOME'] ?? join(home, '.volta');
  if (bin !== join(root, 'bin')) return null;
  return { name: 'Volta', paths: [bin, join(root, 'tools')], environment: { VOLTA_HOME: root } };
};

/** https://asdf-vm.com/manage/configuration.html#asdf-data-dir */
const asdf: Recognise = (bin, env, home) => {
  const root = env['ASDF_DATA_DIR'] ?? join(home, '.asdf');
  if (bin !== join(root, 'shims') && bin !== join(root, 'bin')) return null;
  return {
    name: 'asdf',
    paths: [...below(root, 'shims', 'installs', 'plugins', 'bin', 'lib', 'libexec', 'asdf.sh'), ...linked(bin)],
    environment: { ASDF_DATA_DIR: root, ...(existsSync(join(root, 'lib')) && { ASDF_DIR: root }) },
  };
};

/** https://mise.jdx.dev/configuration.html#mise-data-dir: shims are links to the program itself. */
const mise: Recognise = (bin, env, home) => {
  const root = env['MISE_DATA_DIR'] ?? join(env['XDG_DATA_HOME'] ?? join(home, '.local/share'), 'mise');
  if (bin !== join(root, 'shims') && !bin.startsWith(`${join(root, 'installs')}/`)) return null;
  return {
    name: 'mise',
    paths: [...below(root, 'shims', 'installs', 'plugins'), ...linked(join(root, 'shims'))],
    environment: { MISE_DATA_DIR: root, MISE_YES: '1', MISE_TRUSTED_CONFIG_PATHS: '/workspace' },
  };
};

/** https://sdkman.io/usage: every candidate has a link `current`. */
const sdkman: Recognise = (bin) => {
  const [, candidates] = /^(.*\/candidates)\/[^/]+\/[^/]+\/bin$/.exec(bin) ?? [];
  if (candidates === undefined) return null;
  const java = join(candidates, 'java', 'current');
  return { name: 'SDKMAN', paths: [candidates], environment: existsSync(java) ? { JAVA_HOME: java } : {} };
};

/** https://docs.brew.sh/Homebrew-on-Linux: programs are links to `Cellar`, which look for their libraries below `opt` and `lib`. */
const homebrew: Recognise = (bin) => {
  const prefix = dirname(bin);
  if (!existsSync(join(prefix, 'Cellar'))) return null;
  const parts = ['bin', 'sbin', 'Cellar', 'opt', 'lib', 'libexec', 'share', 'etc/openssl@3', 'etc/ca-certificates'];
  return { name: 'Homebrew', paths: below(prefix, ...parts), environment: {} };
};

/** https://docs.conda.io: an environment is a prefix of its own, with the interpreter and its libraries. */
const conda: Recognise = (bin) =>
  existsSync(join(dirname(bin), 'conda-meta')) ? { name: 'conda', paths: [dirname(bin)], environment: {} } : null;

/** A Go or a JDK of its own: all of its folder belongs to it. */
const ownPrefix: Recognise = (bin) => {
  const root = dirname(bin);
  if (basename(bin) !== 'bin') return null;
  if (existsSync(join(bin, 'go')) && existsSync(join(root, 'pkg', 'tool')))
    return { name: 'Go', paths: [root], environment: {} };
  if (existsSync(join(bin, 'java')) && existsSync(join(root, 'release')))
    return { name: 'JDK', paths: [root], environment: {} };
  return null;
};

/** `~/.local/bin`: where pipx and `uv tool` put links to environments of their own, and uv its Pythons. */
const localBin: Recognise = (bin, env, home) => {
  if (bin !== join(home, '.local/bin')) return null;
  const share = env['XDG_DATA_HOME'] ?? join(home, '.local/share');
  const pythons = env['UV_PYTHON_INSTALL_DIR'] ?? join(share, 'uv/python');
  return {
    name: 'programs of the user',
    paths: [bin, pythons, ...below(share, 'uv/tools', 'pipx/venvs'), join(home, '.local/pipx/venvs')],
    environment: existsSync(pythons) ? { UV_PYTHON_INSTALL_DIR: pythons } : {},
  };
};

/** https://docs.npmjs.com/cli/configuring-npm/folders: a prefix of global packages, whose programs are links to `lib`. */
const npmPrefix: Recognise = (bin) => {
  const packages = join(dirname(bin), 'lib', 'node_modules');
  return basename(bin) === 'bin' && existsSync(packages)
    ? { name: 'global npm packages', paths: [bin, packages], environment: {} }
    : null;
};

/** Any other folder of programs: of a home only the folder itself, elsewhere the prefix that it lies in. */
const anyOther: Recognise = (bin, _env, home) => {
  const prefix = dirname(bin);
  const isPrefix = /^s?bin$/.test(basename(bin)) && prefix.split('/').length > 2;
  const isInHome = bin.startsWith(`${home}/`) || /^\/(home\/[^/]+|root)(\/|$)/.test(bin);
  return { name: 'programs', paths: [isPrefix && !isInHome ? prefix : bin], environment: {} };
};

const RECOGNISED: readonly Recognise[] = [
  ...[
    rustup,
    pyenv,
    nodeVersions,
    volta,
    asdf,
    mise,
    sdkman,
    homebrew,
    conda,
    ownPrefix,
    localBin,
    npmPrefix,
    anyOther,
  ],
];

/** What the programs of a folder of the worker's PATH need of the host. */
export const layoutOf = (bin: string, env: ToolEnvironment, home: string): Layout =>
  RECOGNISED.map((recognise) => recognise(bin, env, home)).find((layout) => layout !== null)!;

/** The program that the links of a folder of shims lead to, where it lies outside of that folder. */
function linked(shims: string): string[] {
  const [first] = existsSync(shims) ? readdirSync(shims) : [];
  if (first === undefined) return [];
  try {
    const program = realpathSync(join(shims, first));
    return program.startsWith(`${shims}/`) || program.startsWith('/usr/') ? [] : [program];
  } catch {
    // A link that leads nowhere needs nothing.
    return [];
  }
}
