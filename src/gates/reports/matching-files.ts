import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { BatonError } from '../../domain/errors.js';

const MAX_MATCHES = 5_000;
const MAX_ENTRIES = 500_000;
/** Never the place of a report, and large. */
const SKIPPED = new Set(['.git', 'node_modules', '.venv']);

/**
 * The files of a worktree that a path or a glob names, sorted. A plain path is given as it is, there or not. Links are
 * not followed: what they lead to is not the worktree's.
 *
 * @throws BatonError `report-invalid` where the worktree has too many files to look through.
 */
export async function matchingFiles(worktree: string, pattern: string): Promise<string[]> {
  const { isGlob, base } = picomatch.scan(pattern);
  if (!isGlob) return [pattern];
  const matches = picomatch(pattern, { dot: true });
  const found: string[] = [];
  const open = [base];
  let entries = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of await readdir(join(worktree, folder), { withFileTypes: true }).catch(() => [])) {
      entries += 1;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) open.push(path);
      else if (!entry.isDirectory() && matches(path)) found.push(path);
    }
    if (found.length > MAX_MATCHES || entries > MAX_ENTRIES)
      throw new BatonError('report-invalid', `matches too many files: name a folder closer to the reports`);
  }
  return found.sort();
}
