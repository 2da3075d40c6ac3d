import picomatch from 'picomatch';
import { parse as parseYamlText } from 'yaml';
import { has, jsonOf, stringsOf, tableAt, textOf, type RepositoryFiles, type Table } from './repository-files.js';

export type NodeManager = 'npm' | 'pnpm' | 'yarn' | 'yarn-berry' | 'bun';

export interface NodePackage {
  /** Folder, empty for the root. */
  readonly folder: string;
  readonly scripts: Readonly<Record<string, string>>;
  /** Names of everything that it depends on, also for development. */
  readonly dependencies: ReadonlySet<string>;
}

const LOCK_FILES: readonly (readonly [NodeManager, string])[] = [
  ['pnpm', 'pnpm-lock.yaml'],
  ['yarn', 'yarn.lock'],
  ['bun', 'bun.lock'],
  ['bun', 'bun.lockb'],
  ['npm', 'package-lock.json'],
  ['npm', 'npm-shrinkwrap.json'],
];

export interface ChosenManager {
  readonly manager: NodeManager;
  readonly lockFile: string | null;
  readonly because: string;
  readonly doubts: readonly string[];
}

/** The package manager that `packageManager` names, else the one whose lock file is there, else npm. */
export function chooseManager(files: RepositoryFiles, manifest: Table): ChosenManager {
  const locks = LOCK_FILES.filter(([, file]) => has(files, file));
  const { packageManager } = manifest;
  const asked = typeof packageManager === 'string' ? packageManager : '';
  const [, named, version = ''] = /^(npm|pnpm|yarn|bun)@(\d*)/.exec(asked) ?? [];
  const family = (named ?? locks[0]?.[0] ?? 'npm') as 'npm' | 'pnpm' | 'yarn' | 'bun';
  const lockFile = locks.find(([manager]) => manager === family)?.[1] ?? null;
  const others = locks.filter(([, file]) => file !== lockFile).map(([, file]) => file);
  const isBerry =
    family === 'yarn' &&
    (Number(version) >= 2 || has(files, '.yarnrc.yml') || textOf(files, 'yarn.lock').includes('\n__metadata:'));
  return {
    manager: isBerry ? 'yarn-berry' : family,
    lockFile,
    because: named ? `packageManager of package.json` : (lockFile ?? 'package.json'),
    doubts: others.length === 0 ? [] : [`${others.join(', ')} is there as well, and not used: remove what is stale`],
  };
}

export function packageAt(files: RepositoryFiles, folder: string): NodePackage {
  const manifest = jsonOf(files, folder === '' ? 'package.json' : `${folder}/package.json`) ?? {};
  const scripts = Object.entries(tableAt(manifest, 'scripts')).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const dependencies = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
    Object.keys(tableAt(manifest, kind)),
  );
  return { folder, scripts: Object.fromEntries(scripts), dependencies: new Set(dependencies) };
}

/** The packages of a workspace, the root left out. */
export function workspacePackages(files: RepositoryFiles, manifest: Table, manager: NodeManager): NodePackage[] {
  const { workspaces } = manifest;
  const declared =
    manager === 'pnpm'
      ? pnpmWorkspaces(files)
      : [...stringsOf(workspaces), ...stringsOf(tableAt(manifest, 'workspaces')['packages'])];
  if (declared.length === 0) return [];
  const [included, excluded] = [declared.filter((glob) => !glob.startsWith('!')), declared.filter(isExclusion)];
  const isMember = picomatch(included.map(trimmed), { ignore: excluded.map((glob) => trimmed(glob.slice(1))) });
  return [...files.contents.keys()]
    .filter((path) => path.endsWith('/package.json'))
    .map((path) => path.slice(0, -'/package.json'.length))
    .filter((folder) => isMember(folder))
    .sort()
    .map((folder) => packageAt(files, folder));
}

const isExclusion = (glob: string): boolean => glob.startsWith('!');
const trimmed = (glob: string): string => glob.replace(/^\.\//, '').replace(/\/$/, '');

function pnpmWorkspaces(files: RepositoryFiles): string[] {
  try {
    const value: unknown = parseYamlText(textOf(files, 'pnpm-workspace.yaml'), { maxAliasCount: 20 });
    return typeof value === 'object' && value !== null ? stringsOf((value as Table)['packages']) : [];
  } catch {
    return [];
  }
}

/** A script that can only fail: npm's default, and what says the same in other words. */
export const isPlaceholder = (script: string): boolean =>
  /^\s*(echo\b[^&|;]*(&&|;)\s*)?exit\s+[1-9]\d*\s*$/.test(script) ||
  /^\s*echo\b.*no test specified/i.test(script) ||
  script.trim() === '';
