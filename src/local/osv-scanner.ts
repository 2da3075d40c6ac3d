import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError } from '../domain/errors.js';
import { findProgram } from '../sandbox/find-program.js';

const DAY_MS = 24 * 3600_000;
/** A scan takes no older database. */
const MAX_AGE_DAYS = 7;

/**
 * The ecosystems whose dependencies osv-scanner can look at here. Without its program and a recent database of an ecosystem
 * a scan of that ecosystem is inconclusive.
 * @throws BatonError `program-missing`, `data-missing`
 */
export async function osvEcosystems(cacheDirectory: string, path: string): Promise<string> {
  if (findProgram('osv-scanner', path) === null && findProgram('osv-scanner', join(cacheDirectory, 'bin')) === null)
    throw new BatonError(
      'program-missing',
      'Scans of dependencies other than those of npm are inconclusive without osv-scanner: get it with `npm run setup:osv-scanner`, or `go install github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.5.0`.',
    );
  const databases = join(cacheDirectory, 'osv', 'osv-scanner');
  const names = await readdir(databases).catch(() => []);
  const recent = names.filter((name) => isRecent(join(databases, name, 'all.zip')));
  if (recent.length > 0) return `databases of ${recent.sort().join(', ')} are younger than ${MAX_AGE_DAYS} days`;
  throw new BatonError(
    'data-missing',
    `osv-scanner has no database younger than ${MAX_AGE_DAYS} days, so scans without network are inconclusive. Steps with \`network: true\` download what they need; else download https://osv-vulnerabilities.storage.googleapis.com/ECOSYSTEM/all.zip to ${databases}/ECOSYSTEM/all.zip each day, for the ecosystems of your repositories (npm, PyPI, Go, crates.io, Maven, …).`,
  );
}

function isRecent(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs < MAX_AGE_DAYS * DAY_MS;
}
