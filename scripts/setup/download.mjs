import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cacheDirectory } from './paths.mjs';
import { run } from './run.mjs';

const probeTimeoutMs = 5_000;
const downloadTimeoutMs = 5 * 60_000;

/**
 * Asks Temporal's download service, the one the SDKs use, where a program's archive is.
 * Undefined where it cannot be reached in a few seconds: a firewall that swallows packets must not hold up anything.
 */
export async function findDownload(artifact, version) {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const query = new URLSearchParams({ arch, platform: process.platform, format: 'tar.gz' });
  try {
    const response = await fetch(`https://temporal.download/${artifact}/${version}?${query}`, {
      signal: AbortSignal.timeout(probeTimeoutMs),
    });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** Fetches the archive and puts the one program it is wanted for at `destination`, whole or not at all. */
export async function download({ archiveUrl, fileToExtract }, destination) {
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
