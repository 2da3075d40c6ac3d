import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BatonError } from '../domain/errors.js';
import type { StepRef } from '../domain/work.js';
import { branchHead } from '../git/clone.js';
import { isAncestor } from '../git/push.js';
import { readFileAt } from '../git/read-file-at.js';
import type { Worktree } from '../git/worktree.js';
import type { SandboxedPolicy } from '../sandbox/policy.js';
import {
  guessRepositoryConfig,
  parseRepositoryConfig,
  REPOSITORY_CONFIG_PATH,
  type RepositoryConfig,
} from '../schema/repository-config.js';
import { recordHostNetwork } from './attempt-record.js';
import type { ActivityDeps } from './deps.js';
import type { RunLog } from './run-log.js';
import type { Checkout } from './workspace.js';

const MAX_CONFIG_BYTES = 256 * 1024;
const MAX_LOCK_BYTES = 32 * 1024 * 1024;
const COPY_MS = 10 * 60_000;

/**
 * How the repository says that it is made ready and checked. Read from the default branch, never from the change: an
 * agent cannot lower its own bar.
 */
export async function repositoryConfig({ clone, repository }: Checkout, log: RunLog): Promise<RepositoryConfig> {
  const base = (await branchHead(clone, repository.defaultBranch))!;
  const source = await readFileAt(clone, base, REPOSITORY_CONFIG_PATH, MAX_CONFIG_BYTES);
  if (source !== null) return parseRepositoryConfig(source);
  const { config, notes } = guessRepositoryConfig(
    await readFileAt(clone, base, 'package.json', MAX_CONFIG_BYTES),
    await readFileAt(clone, base, 'package-lock.json', MAX_LOCK_BYTES),
  );
  for (const note of notes) log.line(note);
  return config;
}

export interface Preparation {
  readonly ref: StepRef;
  readonly attempt: number;
  readonly checkout: Checkout;
  readonly worktree: Worktree;
  readonly commit: string;
  readonly config: RepositoryConfig;
  readonly policy: SandboxedPolicy;
  readonly log: RunLog;
  readonly signal: AbortSignal;
}

/** Runs the repository's set-up command, or copies what it gave the last time for the same lock files. */
export async function prepareWorktree(
  deps: ActivityDeps,
  { ref, attempt, checkout, worktree, commit, config, policy, log, signal }: Preparation,
): Promise<void> {
  const { setup } = config;
  if (!setup) return;
  const network = setup.network ? 'host' : 'none';
  const cache = join(deps.hostDirectory, 'setups', checkout.repository.id, await setupKey(checkout, commit, setup));
  if (existsSync(cache)) {
    for (const path of setup.cache) await copy(deps, cache, worktree.path, path);
    log.line(`set-up: taken over from an earlier run with the same lock files`);
    return;
  }
  if (setup.network) await recordHostNetwork(deps, { ref, attempt });
  log.line(`set-up: ${setup.command} (network: ${network})`);
  const result = await deps.execute(
    {
      argv: ['/bin/sh', '-c', setup.command],
      env: {
        CI: 'true',
        npm_config_yes: 'true',
        npm_config_update_notifier: 'false',
        npm_config_audit: 'false',
        npm_config_fund: 'false',
        NO_COLOR: '1',
      },
      timeoutMs: setup.timeout,
      signal,
      maxOutputBytes: 0,
      onOutput: (_stream, chunk) => log.write(chunk),
    },
    { ...policy, network, workspace: { path: worktree.path, writable: true } },
  );
  signal.throwIfAborted();
  if (result.outcome !== 'exited' || result.exitCode !== 0) {
    const how = result.outcome === 'exited' ? `exit code ${result.exitCode}` : result.outcome;
    const hint = setup.network
      ? ''
      : ` It ran without network; ${REPOSITORY_CONFIG_PATH} can allow it with setup.network: true.`;
    throw new BatonError(
      'setup-failed',
      `The set-up command \`${setup.command}\` failed with ${how}: ${result.tail.trim().slice(-500)}${hint}`,
    );
  }
  if (await isOnDefaultBranch(checkout, commit)) await keep(deps, setup.cache, worktree.path, cache);
}

/** Only what nobody has changed yet is kept for others: a change could put its own scripts into the set-up. */
async function isOnDefaultBranch({ clone, repository }: Checkout, commit: string): Promise<boolean> {
  const head = await branchHead(clone, repository.defaultBranch);
  return head !== null && isAncestor(clone, commit, head);
}

/** The same lock files and the same command give the same set-up. */
async function setupKey(
  { clone }: Checkout,
  commit: string,
  setup: NonNullable<RepositoryConfig['setup']>,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([setup.command, setup.cache, process.version]));
  for (const path of setup.lockFiles)
    hash.update(`\0${path}\0${(await readFileAt(clone, commit, path, MAX_LOCK_BYTES)) ?? ''}`);
  return hash.digest('hex');
}

/** Written aside and renamed into place: a crash leaves no half of it. */
async function keep(deps: ActivityDeps, paths: readonly string[], from: string, cache: string): Promise<void> {
  const aside = `${cache}.${process.pid}.${Date.now()}`;
  await mkdir(aside, { recursive: true });
  for (const path of paths) await copy(deps, from, aside, path);
  await rename(aside, cache).catch(() => rm(aside, { recursive: true, force: true }));
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
