import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withRole, type Db } from '../db/connection.js';
import { reconcileWorktrees } from '../git/reconcile-worktrees.js';
import { removeTree } from '../sandbox/remove-tree.js';
import type { Logger } from '../telemetry/logger.js';
import { removeUnfinishedSetUps } from './kept-set-up.js';
import { discardedIn } from './workspace.js';

export interface HostOptions {
  readonly db: Db;
  readonly host: string;
  readonly hostDirectory: string;
  readonly log: Logger;
}

/**
 * Looks at what an earlier life of this worker left: rows against worktrees. Clean ones whose work is kept elsewhere
 * are removed; dirty or unpushed ones stay, and the attempt that comes back to them keeps their work as a commit.
 */
export async function reconcileHost({ db, host, hostDirectory, log }: HostOptions): Promise<void> {
  const clones = join(hostDirectory, 'clones');
  const kept: string[] = [];
  for (const entry of await readdir(clones).catch(() => [])) {
    if (!entry.endsWith('.git')) continue;
    const result = await reconcileWorktrees({ gitDir: join(clones, entry), remoteUrl: '' }, new Set());
    kept.push(...result.kept.map(({ name }) => name));
    for (const { name } of result.removed)
      log.info({ worktree: name }, 'removed the clean worktree of an interrupted step');
    for (const { name, reason } of result.kept)
      log.warn({ worktree: name, reason }, 'kept the worktree of an interrupted step');
  }
  await removeTree(join(hostDirectory, 'homes'));
  await removeTree(discardedIn(hostDirectory));
  await removeUnfinishedSetUps(hostDirectory);
  await withRole(db, 'baton_lookup', async (tx) => {
    const rows = tx.deleteFrom('worktrees').where('host', '=', host);
    await (kept.length > 0 ? rows.where('name', 'not in', kept) : rows).execute();
  });
}
