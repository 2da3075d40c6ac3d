import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cacheDirectory } from './paths.mjs';
import { run } from './run.mjs';
import { SetupError } from './step.mjs';

const probeTimeoutMs = 5_000;
const downloadTimeoutMs = 5 * 60_000;

/** Temporal's download service, the one the SDKs use, or a mirror of it. */
const service = process.env.BATON_TEMPORAL_DOWNLOAD_URL || 'https://temporal.download';

/** Fetches one of Temporal's programs to `destination`. */
export async function downloadProgram({ announce }, { artifact, version, destination }) {
  const archive = await findDownload(artifact, version);
  announce(`downloading ${archive.archiveUrl}`);
  try {
    await download(archive, destination);
  } catch (error) {
    throw new SetupError(`the download of ${archive.archiveUrl} failed (${error.message.split('\n')[0]})`);
  }
  return `downloaded to ${destination}`;
}

/** Where the archive is. A firewall that swallows packets must not hold up anything: it is asked a few seconds only. */
async function findDownload(artifact, version) {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const query = new URLSearchParams({ arch, platform: process.platform, format: 'tar.gz' });
  try {
    const response = await fetch(`${service}/${artifact}/${version}?${query}`, {
      signal: AbortSignal.timeout(probeTimeoutMs),
    });
    if (response.ok) return await response.json();
  } catch {
    // Said below, as an answer that is none is.
  }
  throw new SetupError(`${new URL(service).host} cannot be reached`);
}

/** Fetches the archive and puts the one program it is wanted for at `destination`, whole or not at all. */
async function download({ archiveUrl, fileToExtract }, destination) {
  await inScratch(async (scratch) => {
    const archive = join(scratch, 'archive.tar.gz');
    const response = await fetch(archiveUrl, { signal: AbortSignal.timeout(downloadTimeoutMs) });
    if (!response.ok) throw new Error(`${archiveUrl}: HTTP ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(archive));
    await run(['tar', '-xzf', archive, '-C', scratch, fileToExtract], { timeoutMs: 60_000 });
    await putInPlace(join(scratch, fileToExtract), destination);
  });
}

/** Gives a folder beside the cache's final places, so that moving out of it is one rename, and removes it after. */
export async function inScratch(action) {
  await mkdir(cacheDirectory, { recursive: true });
  const scratch = await mkdtemp(join(cacheDirectory, 'scratch-'));
  try {
    return await action(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

export async function putInPlace(source, destination) {
  await mkdir(dirname(destination), { recursive: true });
  await rename(source, destination);
}
