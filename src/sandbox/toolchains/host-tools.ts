import { existsSync, realpathSync, statSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute } from 'node:path';
import type { ReadOnlyBind } from '../policy.js';
import { layoutOf, type ToolEnvironment } from './layouts.js';

/** The tools of the host that a sandbox sees, beside those of `/usr`. */
export interface HostTools {
  /** Each at its own place, since programs name each other by it. */
  readonly binds: readonly ReadOnlyBind[];
  /** Folders for the PATH inside, in the worker's order. */
  readonly path: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly toolchains: readonly { readonly name: string; readonly paths: readonly string[] }[];
  /** Folders of the PATH that no sandbox sees. */
  readonly refused: readonly { readonly folder: string; readonly why: string }[];
}

/** Takes the place of the worker's PATH: folders of programs in its syntax, or `none`. */
export const TOOLCHAINS_VARIABLE = 'BATON_TOOLCHAINS';

const SYSTEM = /^\/(usr|bin|sbin|lib)(\/|$)/;
/** What npm puts in front of the PATH of its scripts is Baton's own. */
const OF_NPM = /\/node_modules\/(\.bin|npm\/node_modules\/@npmcli\/run-script\/lib\/node-gyp-bin)$|\/node-gyp-bin$/;
/** A choice of the worker's owner that the tools heed. */
const PASSED_ON = ['RUSTUP_TOOLCHAIN', 'PYENV_VERSION', 'GOTOOLCHAIN', 'JAVA_HOME'];

/**
 * Finds the tool chains that the worker's PATH leads to, and what of the host their programs need: listed folders only,
 * never a home folder. A folder of the PATH is refused where anybody else could have put a program.
 */
export function findHostTools(env: ToolEnvironment, home = homedir()): HostTools {
  const setting = env[TOOLCHAINS_VARIABLE] ?? env['PATH'] ?? '';
  const folders = setting === 'none' ? [] : [...new Set(setting.split(delimiter).filter((entry) => entry !== ''))];
  const path: string[] = [];
  const refused: { folder: string; why: string }[] = [];
  const toolchains = new Map<string, Set<string>>();
  let environment: Record<string, string> = {};
  for (const folder of folders) {
    if (OF_NPM.test(folder) || (isAbsolute(folder) && !existsSync(folder))) continue;
    const why = whyRefused(folder, home);
    if (why !== null) {
      refused.push({ folder, why });
      continue;
    }
    const bin = realpathSync(folder);
    if (!path.includes(bin)) path.push(bin);
    if (SYSTEM.test(bin)) continue;
    const layout = layoutOf(bin, env, home);
    const paths = layout.paths.filter((needed) => existsSync(needed) && !isTooMuch(needed, home));
    toolchains.set(layout.name, new Set([...(toolchains.get(layout.name) ?? []), ...paths]));
    environment = { ...layout.environment, ...environment };
  }
  const all = [...toolchains.values()].flatMap((paths) => [...paths]);
  return {
    binds: [...new Set(all)].map((source) => ({ source, target: source })),
    path,
    environment: { ...environment, ...passedOn(env, all) },
    toolchains: [...toolchains].map(([name, paths]) => ({ name, paths: [...paths] })),
    refused,
  };
}

/** A Java home counts only where a sandbox sees it. */
function passedOn(env: ToolEnvironment, shown: readonly string[]): Record<string, string> {
  const isShown = (value: string): boolean =>
    !isAbsolute(value) || SYSTEM.test(value) || shown.some((path) => value === path || value.startsWith(`${path}/`));
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = env[name];
      return value !== undefined && value !== '' && isShown(value) ? [[name, value]] : [];
    }),
  );
}

function whyRefused(folder: string, home: string): string | null {
  if (!isAbsolute(folder)) return 'it is relative, and means another folder in every worktree';
  const real = realpathSync(folder);
  const stats = statSync(real);
  if (!stats.isDirectory()) return 'it is no folder';
  if (isTooMuch(real, home)) return 'it is a home folder or one above it';
  if (isForeign(stats)) return 'it belongs to another user';
  if (isOpen(stats)) return 'everybody may write to it';
  const open = ancestors(real).find((above) => isReplaceable(statSync(above)));
  return open === undefined ? null : `everybody may write to ${open}`;
}

const isForeign = ({ uid }: Stats): boolean => uid !== 0 && uid !== process.getuid?.();
const isOpen = ({ mode }: Stats): boolean => (mode & 0o002) !== 0;
/** In a folder with the sticky bit, such as /tmp, others can replace nothing. */
const isReplaceable = (stats: Stats): boolean => isOpen(stats) && (stats.mode & 0o1000) === 0;

const ancestors = (path: string): string[] => (path === '/' ? [] : [dirname(path), ...ancestors(dirname(path))]);

const HOMES = /^\/(home|Users)(\/[^/]+)?$|^\/root$/;

/** A home holds keys, and so does what lies above one. */
const isTooMuch = (path: string, home: string): boolean =>
  path === '/' || path === home || home.startsWith(`${path}/`) || HOMES.test(path);
