import type { Unfilled } from '../../agents/harness.js';
import { tellPaths } from '../../domain/permissions.js';
import type { Clone } from '../../git/clone.js';
import { unfilledParts } from '../../git/unfilled-parts.js';
import type { RunLog } from '../run-log.js';

const MAX_LISTED = 50;

/** Finds what the agent's checkout does not fill, and says it in the log of the attempt. */
export async function tellUnfilled(clone: Clone, commit: string, log: Pick<RunLog, 'line'>): Promise<Unfilled | null> {
  const { submodules, pointers, patterns } = await unfilledParts(clone, commit);
  if (submodules.length > 0) log.line(`submodules are not filled, their folders are empty: ${tellPaths(submodules)}`);
  if (pointers.length > 0) log.line(`files of Git LFS hold pointers: ${tellPaths(pointers)}`);
  if (submodules.length + pointers.length + patterns.length === 0) return null;
  return {
    submodules: submodules.slice(0, MAX_LISTED),
    pointers: pointers.slice(0, MAX_LISTED),
    patterns: patterns.slice(0, MAX_LISTED),
  };
}
