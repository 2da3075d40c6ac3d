import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatonError } from '../domain/errors.js';
import { execute } from '../sandbox/execute.js';
import type { Clone } from './clone.js';
import { PLAIN_DIFF } from './diff.js';
import { git } from './git.js';
import { mergeBase } from './merge-base.js';
import { remembered } from './remembered.js';

/** The patch id of no change. */
export const EMPTY_PATCH_ID = '0'.repeat(40);

/**
 * What a branch changes, whatever it stands on: the same after a clean rebase. Taken `--verbatim`, because the plain one
 * leaves white space out, and indentation may be the whole meaning of a change that somebody approved.
 */
export async function patchId(clone: Clone, from: string, to: string): Promise<string> {
  const base = await mergeBase(clone, from, to);
  if (base === null) {
    throw new BatonError('unrelated-histories', `${from} and ${to} share no commit.`, { details: { from, to } });
  }
  return remembered(clone, 'patch id', [base, to], () => patchIdBetween(clone, base, to));
}

async function patchIdBetween({ gitDir }: Clone, base: string, to: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-patch-'));
  try {
    // By a file: a diff may be large, and hold bytes that are no text.
    const file = join(folder, 'patch');
    const args = [
      'diff',
      ...PLAIN_DIFF,
      '--no-renames',
      '--binary',
      '--full-index',
      `--output=${file}`,
      base,
      to,
      '--',
    ];
    await git(args, { gitDir });
    return await idOf(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function idOf(file: string): Promise<string> {
  const argv = ['sh', '-c', 'exec git patch-id --verbatim < "$1"', 'sh', file];
  const env = { GIT_DIR: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' };
  const { exitCode, stdout, tail } = await execute(
    { argv, cwd: '/', env, timeoutMs: 120_000 },
    { kind: 'host', reason: "Baton's own git" },
  );
  if (exitCode !== 0) throw new BatonError('git-failed', `git patch-id failed: ${tail.trim()}`, { details: { tail } });
  return stdout === '' ? EMPTY_PATCH_ID : stdout.slice(0, stdout.indexOf(' '));
}
