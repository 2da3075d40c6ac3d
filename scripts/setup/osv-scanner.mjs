import { createHash } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inScratch, putInPlace } from './download.mjs';
import { firstWay } from './first-way.mjs';
import { cachedProgram } from './paths.mjs';
import { isExecutable, onPath, run } from './run.mjs';
import { SetupError } from './step.mjs';

const version = 'v2.5.0';
const goPackage = `github.com/google/osv-scanner/v2/cmd/osv-scanner@${version}`;
const goTimeoutMs = 60 * 60_000;
const probeTimeoutMs = 5_000;
const downloadTimeoutMs = 5 * 60_000;

/** Where releases are, or a mirror of it. */
const releases =
  process.env.BATON_OSV_SCANNER_DOWNLOAD_URL || 'https://github.com/google/osv-scanner/releases/download';

const WITHOUT_OSV_SCANNER =
  'MISSING: scans of dependencies other than those of npm are inconclusive without osv-scanner. Put it on PATH ' +
  '(https://google.github.io/osv-scanner), or build it with Go: npm run setup:osv-scanner, which takes a quarter of an hour';

/**
 * osv-scanner, which reads the lock files of all package managers: the user's own, else ours in the cache, else its release.
 * A start does not wait for a build with Go. Its absence does not end the set-up: what needs it says so itself.
 */
export async function ensureOsvScanner(step) {
  const found = await findOsvScanner();
  if (found) return found;
  try {
    return await downloadRelease(step);
  } catch (error) {
    return `${WITHOUT_OSV_SCANNER} (${error.message.split('\n')[0]})`;
  }
}

/** The same for somebody who asks for it: built with Go where the release cannot be had. */
export async function ensureOsvScannerByAnyWay(step) {
  return (
    (await findOsvScanner()) ??
    firstWay(step, [() => downloadRelease(step), () => buildWithGo(step)], {
      missing: 'osv-scanner cannot be had',
      mend: 'Put it on PATH (https://google.github.io/osv-scanner), or install Go (https://go.dev/dl) and try again.',
    })
  );
}

async function findOsvScanner() {
  for (const candidate of [onPath('osv-scanner'), cachedProgram('osv-scanner')]) {
    if (candidate && (await runs(candidate))) return candidate;
  }
  return undefined;
}

/** The binary of the release, compared with the checksums that the release names. */
async function downloadRelease({ announce }) {
  const name = `osv-scanner_${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const sums = (await get(`${version}/osv-scanner_SHA256SUMS`, probeTimeoutMs)).toString('utf8');
  const expected = new RegExp(`^([0-9a-f]{64}) [ *]${name}$`, 'm').exec(sums)?.[1];
  if (!expected) throw new SetupError(`${version} of osv-scanner has no binary for this machine (${name})`);
  announce(`downloading osv-scanner ${version}`);
  const binary = await get(`${version}/${name}`, downloadTimeoutMs);
  if (createHash('sha256').update(binary).digest('hex') !== expected)
    throw new SetupError(`the download of ${name} does not have the checksum that its release names`);
  const destination = cachedProgram('osv-scanner');
  await inScratch(async (scratch) => {
    const program = join(scratch, 'osv-scanner');
    await writeFile(program, binary);
    await chmod(program, 0o755);
    if (!(await runs(program))) throw new SetupError(`the downloaded ${name} does not run on this machine`);
    await putInPlace(program, destination);
  });
  return `downloaded ${version} to ${destination}`;
}

async function get(path, timeoutMs) {
  const url = `${releases}/${path}`;
  let response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (response.ok) return Buffer.from(await response.arrayBuffer());
  } catch {
    throw new SetupError(`${new URL(url).host} cannot be reached`);
  }
  throw new SetupError(`${url}: HTTP ${response.status}`);
}

async function buildWithGo({ announce }) {
  if (!onPath('go')) throw new SetupError('Go is not installed');
  announce(`building osv-scanner ${version} with go install, about a quarter of an hour`);
  const destination = cachedProgram('osv-scanner');
  await inScratch(async (scratch) => {
    const env = { ...process.env, GOBIN: scratch };
    await run(['go', 'install', '-ldflags', '-s -w', goPackage], { env, timeoutMs: goTimeoutMs });
    await putInPlace(join(scratch, 'osv-scanner'), destination);
  });
  return `built with go install to ${destination}`;
}

async function runs(program) {
  if (!isExecutable(program)) return false;
  return run([program, '--version'], { timeoutMs: 10_000 }).then(
    () => true,
    () => false,
  );
}
