import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A marker file holds the hash of what a step was made from: the step is done again only when that changes. */
export function isMarked(path, hash) {
  try {
    return readFileSync(path, 'utf8') === hash;
  } catch {
    return false;
  }
}

export function mark(path, hash) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, hash);
}

/** One hash over names and contents of files and folders, those that do not exist left out. */
export function hashOf(paths, ...also) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesUnder).sort()) hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  for (const text of also) hash.update(`${text}\0`);
  return hash.digest('hex');
}

/** Every file at or under a path, without installed packages. */
export function filesUnder(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && (entry.isDirectory() || entry.isFile()))
    .flatMap((entry) => filesUnder(join(path, entry.name)));
}
