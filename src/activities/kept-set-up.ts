import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { lstat, mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BatonError } from '../domain/errors.js';
import { readFileAt } from '../git/read-file-at.js';
import { removeTree } from '../sandbox/remove-tree.js';
import { CACHES_BELOW_HOME, SHARED_CACHES } from '../sandbox/tool-caches.js';
import type { RepositoryConfig } from '../schema/repository-config.js';
import type { ActivityDeps } from './deps.js';
import type { Checkout } from './workspace.js';

const MAX_LOCK_BYTES = 32 * 1024 * 1024;
const COPY_MS = 10 * 60_000;
/** Of one repository on one host, all kept set-ups together. */
const MAX_KEPT_BYTES = 8 * 1024 ** 3;

export type SetUp = NonNullable<RepositoryConfig['setup']>;

/** Where a set-up works; its home holds the caches of its tools. */
export interface SetUpPlace {
  readonly worktree: string;
  readonly home: string;
}

interface Made {
  /** Patterns of the folders that it made. */
  readonly made?: readonly string[];
}

/**
 * What stands for the result of a set-up: the same lock files and the same command give the same.
 *
 * @param changed lock files that are to be others than the commit has, by path.
 */
export async function setUpKey(
  { clone }: Checkout,
  commit: string,
  setup: SetUp,
  changed: Readonly<Record<string, string>> = {},
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([setup.command, setup.cache, process.version]));
  for (const path of setup.lockFiles)
    hash.update(`\0${path}\0${changed[path] ?? (await readFileAt(clone, commit, path, MAX_LOCK_BYTES)) ?? ''}`);
  return hash.digest('hex');
}

/** Whether this host has kept the result of a set-up. */
export const isKept = (deps: ActivityDeps, checkout: Checkout, key: string): boolean =>
  existsSync(join(keptIn(deps, checkout), key, TREE));

/** Kept set-ups that are copied at this moment: they are not removed. */
const inUse = new Map<string, number>();

/**
 * Puts what was kept into a worktree, and a copy of the caches of its tools into the home.
 *
 * @returns patterns of the folders that the set-up made in its own worktree.
 * @throws BatonError `set-up-gone`, retryable: it was removed meanwhile, and is made again.
 */
export async function takeOverSetUp(
  deps: ActivityDeps,
  checkout: Checkout,
  key: string,
  setup: SetUp,
  { worktree, home }: SetUpPlace,
): Promise<readonly string[]> {
  return using(join(keptIn(deps, checkout), key), async (kept) => {
    if (!existsSync(join(kept, TREE)))
      throw new BatonError('set-up-gone', 'The kept set-up was removed to make room before it was used.', {
        retryable: true,
      });
    for (const path of setup.cache) await copy(deps, join(kept, TREE), worktree, path);
    for (const folder of SHARED_CACHES) await copy(deps, join(kept, HOME), home, join(CACHES_BELOW_HOME, folder));
    const now = new Date();
    await utimes(kept, now, now);
    return JSON.parse(await readFile(join(kept, MADE), 'utf8')) as readonly string[];
  });
}

/**
 * Gives a set-up that is about to run the caches of the newest one that was kept. Only set-ups of what has landed are kept,
 * so nothing that a change brings along ever gets there.
 */
export async function takeOverCaches(deps: ActivityDeps, checkout: Checkout, { home }: SetUpPlace): Promise<void> {
  const newest = keptSetUps(keptIn(deps, checkout)).findLast((kept) => existsSync(join(kept, HOME)));
  if (newest !== undefined) await using(newest, (kept) => copy(deps, join(kept, HOME), home, CACHES_BELOW_HOME));
}

/**
 * Keeps what a set-up made in a worktree, and the caches that it filled. Written aside and renamed into place: a crash
 * leaves no half of it. The set-ups that were not used for longest make room for it.
 */
export async function keepSetUp(
  deps: ActivityDeps,
  checkout: Checkout,
  key: string,
  setup: SetUp,
  { worktree, home, made = [] }: Pick<SetUpPlace, 'worktree'> & Partial<SetUpPlace> & Made,
): Promise<void> {
  const folder = keptIn(deps, checkout);
  const kept = join(folder, key);
  const aside = join(folder, `${ASIDE}${randomUUID()}`);
  await mkdir(join(aside, TREE), { recursive: true });
  for (const path of setup.cache) await copy(deps, worktree, join(aside, TREE), path);
  if (home !== undefined) await copy(deps, home, join(aside, HOME), CACHES_BELOW_HOME);
  await writeFile(join(aside, MADE), JSON.stringify(made));
  await rename(aside, kept).catch(() => removeTree(aside));
  await makeRoom(deps, folder, kept);
}

const TREE = 'tree';
const HOME = 'home';
const MADE = 'made.json';
const ASIDE = 'being-made-';

const keptIn = (deps: ActivityDeps, { repository }: Checkout): string =>
  join(deps.hostDirectory, 'setups', repository.id);

/**
 * Removes what killed set-ups left unfinished. For the start of a worker, which has its folder to itself and has not begun
 * any set-up.
 */
export async function removeUnfinishedSetUps(hostDirectory: string): Promise<void> {
  const root = join(hostDirectory, 'setups');
  for (const repository of namesIn(root))
    for (const name of namesIn(join(root, repository)))
      if (name.startsWith(ASIDE)) await removeTree(join(root, repository, name));
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** The kept set-ups below a folder, the one that was used last at the end. */
function keptSetUps(folder: string): string[] {
  const names = namesIn(folder).filter((name) => !name.startsWith(ASIDE));
  // One may have been removed meanwhile, to make room.
  const usedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return names.map((name) => join(folder, name)).sort((a, b) => usedAt(a) - usedAt(b));
}

async function using<T>(kept: string, use: (kept: string) => Promise<T>): Promise<T> {
  inUse.set(kept, (inUse.get(kept) ?? 0) + 1);
  try {
    return await use(kept);
  } finally {
    const left = inUse.get(kept)! - 1;
    if (left > 0) inUse.set(kept, left);
    else inUse.delete(kept);
  }
}

/** Removes the set-ups that were not used for longest where all together take too much. */
async function makeRoom(deps: ActivityDeps, folder: string, fresh: string): Promise<void> {
  const kept = keptSetUps(folder);
  const sizes = await Promise.all(kept.map((path) => sizeOf(deps, path)));
  let total = sizes.reduce((sum, size) => sum + size, 0);
  for (const [index, path] of kept.entries()) {
    if (total <= MAX_KEPT_BYTES) return;
    if (path === fresh || inUse.has(path)) continue;
    // In one step: nobody begins to copy what is only partly there.
    const aside = join(folder, `${ASIDE}${randomUUID()}`);
    renameSync(path, aside);
    await removeTree(aside);
    total -= sizes[index]!;
    deps.log.info({ path, bytes: sizes[index] }, 'a kept set-up was removed to make room');
  }
}

async function sizeOf(deps: ActivityDeps, path: string): Promise<number> {
  const { stdout } = await deps.execute(
    { argv: ['du', '-sk', '--', path], timeoutMs: COPY_MS },
    { kind: 'host', reason: 'measures kept set-ups, which are Baton’s own files' },
  );
  return 1024 * Number.parseInt(stdout, 10);
}

/** Copies `path` from below one folder to below another; nothing where it is not there. Neither way through a link. */
async function copy(deps: ActivityDeps, fromRoot: string, toRoot: string, path: string): Promise<void> {
  const from = join(fromRoot, path);
  const to = join(toRoot, path);
  await refuseLinks(fromRoot, path);
  if (!existsSync(from)) return;
  await refuseLinks(toRoot, path);
  await mkdir(dirname(to), { recursive: true });
  const result = await deps.execute(
    { argv: ['cp', '-a', '--reflink=auto', '--remove-destination', '-T', '--', from, to], timeoutMs: COPY_MS },
    { kind: 'host', reason: "copies a set-up's results, Baton's own files" },
  );
  if (result.exitCode !== 0) throw new BatonError('copy-failed', `${path} could not be copied: ${result.tail.trim()}`);
}

/** A change may have made a link of a folder above: what is copied would come from, or go to, somewhere else. */
async function refuseLinks(root: string, path: string): Promise<void> {
  for (let above = dirname(path); above !== '.'; above = dirname(above)) {
    const entry = await lstat(join(root, above)).catch(() => null);
    if (!entry?.isSymbolicLink()) continue;
    throw new BatonError('path-escapes', `${path}, which the set-up keeps, leads through a link at ${above}.`, {
      details: { path },
    });
  }
}
