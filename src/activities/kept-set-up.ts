import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BatonError } from '../domain/errors.js';
import { readFileAt } from '../git/read-file-at.js';
import { removeTree } from '../sandbox/remove-tree.js';
import type { RepositoryConfig } from '../schema/repository-config.js';
import type { ActivityDeps } from './deps.js';
import type { Checkout } from './workspace.js';

const MAX_LOCK_BYTES = 32 * 1024 * 1024;
const COPY_MS = 10 * 60_000;

export type SetUp = NonNullable<RepositoryConfig['setup']>;

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
  existsSync(folderOf(deps, checkout, key));

/** Puts what was kept into a worktree. */
export async function takeOverSetUp(
  deps: ActivityDeps,
  checkout: Checkout,
  key: string,
  setup: SetUp,
  worktree: string,
): Promise<void> {
  for (const path of setup.cache) await copy(deps, folderOf(deps, checkout, key), worktree, path);
}

/** Keeps what a set-up made in a worktree. Written aside and renamed into place: a crash leaves no half of it. */
export async function keepSetUp(
  deps: ActivityDeps,
  checkout: Checkout,
  key: string,
  setup: SetUp,
  worktree: string,
): Promise<void> {
  const kept = folderOf(deps, checkout, key);
  const aside = `${kept}.${randomUUID()}`;
  await mkdir(aside, { recursive: true });
  for (const path of setup.cache) await copy(deps, worktree, aside, path);
  await rename(aside, kept).catch(() => removeTree(aside));
}

const folderOf = (deps: ActivityDeps, { repository }: Checkout, key: string): string =>
  join(deps.hostDirectory, 'setups', repository.id, key);

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
