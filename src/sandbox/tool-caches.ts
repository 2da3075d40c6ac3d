import { join } from 'node:path';
import type { Isolation } from './execute.js';
import { AGENT_HOME } from './policy.js';

/** Where the caches of tools lie below a home: a private copy of what a set-up on a protected branch left. */
export const CACHES_BELOW_HOME = '.cache/tools';

interface ToolCache {
  readonly folder: string;
  /** Variables that lead the tool there; `{}` stands for the folder. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether only set-ups need it: what it holds is installed in the worktree, and kept with that. */
  readonly isForSetUp?: true;
}

/**
 * The caches of package managers and build tools, each by its documented variables. pnpm takes its store's place from
 * `npm_config_store_dir` up to version 10 and from `pnpm_config_store_dir` from then on.
 */
const TOOL_CACHES: readonly ToolCache[] = [
  { folder: 'go-build', environment: { GOCACHE: '{}' } },
  { folder: 'go-mod', environment: { GOMODCACHE: '{}' } },
  { folder: 'cargo', environment: { CARGO_HOME: '{}' } },
  { folder: 'pip', environment: { PIP_CACHE_DIR: '{}' } },
  { folder: 'uv', environment: { UV_CACHE_DIR: '{}' } },
  { folder: 'poetry', environment: { POETRY_CACHE_DIR: '{}' } },
  { folder: 'corepack', environment: { COREPACK_HOME: '{}' } },
  { folder: 'npm', environment: { npm_config_cache: '{}' }, isForSetUp: true },
  { folder: 'pnpm', environment: { pnpm_config_store_dir: '{}' }, isForSetUp: true },
  { folder: 'yarn', environment: { YARN_CACHE_FOLDER: '{}' }, isForSetUp: true },
  { folder: 'yarn-berry', environment: { YARN_GLOBAL_FOLDER: '{}' } },
  { folder: 'bun', environment: { BUN_INSTALL_CACHE_DIR: '{}' }, isForSetUp: true },
  { folder: 'gradle', environment: { GRADLE_USER_HOME: '{}' } },
  { folder: 'maven', environment: { MAVEN_OPTS: '-Dmaven.repo.local={}' } },
];

/** Folders of caches that gates and agents need as well. */
export const SHARED_CACHES: readonly string[] = TOOL_CACHES.filter(({ isForSetUp }) => !isForSetUp).map(
  ({ folder }) => folder,
);

/** The environment that leads every tool to its cache, as a command inside sees it. */
export function cacheEnvironment(home: string): Readonly<Record<string, string>> {
  const environments = TOOL_CACHES.map(({ folder, environment }) =>
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replace('{}', join(home, CACHES_BELOW_HOME, folder)),
    ]),
  );
  return Object.fromEntries(environments.flat()) as Record<string, string>;
}

/** A home of the host, as a command sees it. */
export const homeInside = (isolation: Isolation, home: string): string => (isolation === 'off' ? home : AGENT_HOME);
