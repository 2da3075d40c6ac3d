import { needsBuild } from './node-build.js';
import { coverageOf, runScript, testOf } from './node-tests.js';
import {
  chooseManager,
  isPlaceholder,
  packageAt,
  workspacePackages,
  type ChosenManager,
  type NodeManager,
  type NodePackage,
} from './node-packages.js';
import type { Part, ProposedCommand, ProposedSetUp, ProposedTest } from './part.js';
import { firstOf, has, jsonOf, tableAt, textOf, type RepositoryFiles } from './repository-files.js';

const MAX_CACHED_FOLDERS = 100;

/** npm, pnpm, Yarn and Bun, also as workspaces. */
export function detectNode(files: RepositoryFiles): Part | null {
  if (!has(files, 'package.json')) return null;
  const manifest = jsonOf(files, 'package.json');
  if (manifest === null)
    return {
      packageManager: 'npm',
      because: 'package.json',
      doubts: ['package.json cannot be read as JSON: nothing is taken from it'],
    };
  const chosen = chooseManager(files, manifest);
  const root = packageAt(files, '');
  const members = workspacePackages(files, manifest, chosen.manager);
  const setup = setUpOf(files, chosen, root, members);
  const test = chooseTest(root, members, chosen.manager);
  const built = needsBuild(files, root, members) ? builtFirst(chosen.manager) : <T>(command: T): T => command;
  const coverage = coverageOf(withoutPlaceholders(root), chosen.manager);
  return {
    packageManager: chosen.manager === 'yarn-berry' ? 'yarn' : chosen.manager,
    because: members.length === 0 ? chosen.because : `${chosen.because}, a workspace of ${members.length} packages`,
    setup: setup.proposed,
    test: test.proposed && built(test.proposed),
    lint: lintOf(files, root, chosen.manager),
    typecheck: typecheckOf(files, root, chosen.manager),
    coverage: coverage ? built(coverage) : undefined,
    doubts: [...chosen.doubts, ...setup.doubts, ...test.doubts],
  };
}

const builtFirst =
  (manager: NodeManager) =>
  <T extends ProposedCommand>(check: T): T => ({
    ...check,
    command: `${runScript(manager, 'build')} && ${check.command}`,
    why: `${check.why}; packages of the workspace import what a build makes, so it comes first`,
  });

interface Chosen<T> {
  readonly proposed?: T | undefined;
  readonly doubts: readonly string[];
}

function setUpOf(
  files: RepositoryFiles,
  { manager, lockFile }: ChosenManager,
  root: NodePackage,
  members: readonly NodePackage[],
): Chosen<ProposedSetUp> {
  if (!needsInstall(files, lockFile, [root, ...members])) return { doubts: [] };
  const isPlugAndPlay =
    manager === 'yarn-berry' && !/^nodeLinker:\s*["']?(node-modules|pnpm)/m.test(textOf(files, '.yarnrc.yml'));
  const folders = ['node_modules', ...members.map(({ folder }) => `${folder}/node_modules`)];
  const cut = folders.length - MAX_CACHED_FOLDERS;
  return {
    proposed: {
      command: (lockFile === null ? INSTALL : INSTALL_LOCKED)[manager],
      network: true,
      lockFiles: [lockFile ?? 'package.json'],
      cache: isPlugAndPlay
        ? ['.pnp.cjs', '.pnp.loader.mjs', '.yarn/cache', '.yarn/unplugged', '.yarn/install-state.gz']
        : folders.slice(0, MAX_CACHED_FOLDERS),
      why: lockFile === null ? 'package.json names dependencies' : `${lockFile} names dependencies`,
    },
    doubts: [
      ...(lockFile === null ? ['there is no lock file: the versions of dependencies can change between runs'] : []),
      ...(cut > 0 ? [`the node_modules of ${cut} more packages are not kept: add them to setup.cache`] : []),
    ],
  };
}

const INSTALL_LOCKED: Readonly<Record<NodeManager, string>> = {
  npm: 'npm ci --no-audit --no-fund',
  pnpm: 'pnpm install --frozen-lockfile',
  yarn: 'yarn install --frozen-lockfile --non-interactive',
  'yarn-berry': 'yarn install --immutable',
  bun: 'bun install --frozen-lockfile',
};
const INSTALL: Readonly<Record<NodeManager, string>> = {
  npm: 'npm install --no-package-lock --no-audit --no-fund',
  pnpm: 'pnpm install --no-lockfile',
  yarn: 'yarn install --no-lockfile --non-interactive',
  'yarn-berry': 'yarn install --no-immutable',
  bun: 'bun install --no-save',
};

/** A lock file of npm that holds nothing but the package itself needs no set-up. */
function needsInstall(files: RepositoryFiles, lockFile: string | null, packages: readonly NodePackage[]): boolean {
  if (packages.length > 1) return true;
  if (lockFile === 'package-lock.json' || lockFile === 'npm-shrinkwrap.json') {
    const lock = jsonOf(files, lockFile) ?? {};
    const locked = [...Object.keys(tableAt(lock, 'packages')), ...Object.keys(tableAt(lock, 'dependencies'))];
    if (locked.length > 0) return locked.some((name) => name !== '');
  }
  return packages.some(({ dependencies }) => dependencies.size > 0);
}

function withoutPlaceholders(of: NodePackage): NodePackage {
  const scripts = Object.entries(of.scripts).filter(([, script]) => !isPlaceholder(script));
  return { ...of, scripts: Object.fromEntries(scripts) };
}

function chooseTest(root: NodePackage, members: readonly NodePackage[], manager: NodeManager): Chosen<ProposedTest> {
  const script = root.scripts['test'];
  if (script !== undefined && !isPlaceholder(script)) return { proposed: testOf(root, manager), doubts: [] };
  const tested = members.filter(({ scripts }) => scripts['test'] !== undefined && !isPlaceholder(scripts['test']));
  if (tested.length > 0) {
    const why = `${tested.length} of ${members.length} packages of the workspace have a test script; their exit codes decide`;
    return { proposed: { command: testMembers(manager, tested), why }, doubts: [] };
  }
  return {
    doubts: [
      script === undefined
        ? 'no test command: package.json has no test script'
        : `no test command: the package's test script is a placeholder that can only fail (\`${script}\`)`,
    ],
  };
}

function testMembers(manager: NodeManager, tested: readonly NodePackage[]): string {
  switch (manager) {
    case 'npm':
      return `npm test ${tested.map(({ folder }) => `--workspace ${folder}`).join(' ')}`;
    case 'pnpm':
      return `pnpm ${tested.map(({ folder }) => `--filter ./${folder}`).join(' ')} run test`;
    case 'bun':
      return tested.map(({ folder }) => `bun run --cwd ${folder} test`).join(' && ');
    case 'yarn':
    case 'yarn-berry':
      return tested.map(({ folder }) => `yarn --cwd ${folder} run test`).join(' && ');
  }
}

const ESLINT_CONFIGS = ['js', 'mjs', 'cjs', 'ts', 'mts'].map((end) => `eslint.config.${end}`);
const OLD_ESLINT_CONFIGS = ['', '.js', '.cjs', '.json', '.yml', '.yaml'].map((end) => `.eslintrc${end}`);

function lintOf(files: RepositoryFiles, root: NodePackage, manager: NodeManager): ProposedCommand | undefined {
  const { scripts, dependencies } = withoutPlaceholders(root);
  const name = ['lint:check', 'lint'].find((script) => script in scripts);
  if (name !== undefined) return { command: runScript(manager, name), why: `the package has a script ${name}` };
  const configured = firstOf(files, [...ESLINT_CONFIGS, ...OLD_ESLINT_CONFIGS]);
  if (configured && dependencies.has('eslint'))
    return { command: 'node_modules/.bin/eslint .', why: `eslint is a dependency, and there is ${configured}` };
  const biome = firstOf(files, ['biome.json', 'biome.jsonc']);
  if (biome && dependencies.has('@biomejs/biome'))
    return { command: 'node_modules/.bin/biome lint .', why: `Biome is a dependency, and there is ${biome}` };
  return undefined;
}

const TYPE_SCRIPTS = ['typecheck', 'type-check', 'check-types', 'check:types', 'types:check'];

function typecheckOf(files: RepositoryFiles, root: NodePackage, manager: NodeManager): ProposedCommand | undefined {
  const { scripts, dependencies } = withoutPlaceholders(root);
  const name = TYPE_SCRIPTS.find((script) => script in scripts);
  if (name !== undefined) return { command: runScript(manager, name), why: `the package has a script ${name}` };
  const locked = tableAt(jsonOf(files, 'package-lock.json') ?? {}, 'packages');
  if (has(files, 'tsconfig.json') && (dependencies.has('typescript') || 'node_modules/typescript' in locked))
    return {
      command: 'node_modules/.bin/tsc --noEmit',
      why: 'there is a tsconfig.json, and typescript is a dependency',
    };
  return undefined;
}
