import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const MEASURE_MS = 20_000;

/** What the workers of a data directory have kept of set-ups and the caches of their tools, as people read it. */
export async function keptSetUpsHere(dataDirectory: string): Promise<string> {
  const workers = join(dataDirectory, 'workers');
  const folders = await Promise.all(
    (await entries(workers)).map(async (worker) => {
      const setUps = join(workers, worker, 'setups');
      return (await entries(setUps)).map((repository) => join(setUps, repository));
    }),
  );
  const kept = folders.flat();
  if (kept.length === 0) return 'none yet';
  const { stdout } = await promisify(execFile)('du', ['-sck', '--', ...kept], { timeout: MEASURE_MS });
  const kibibytes = Number.parseInt(stdout.trim().split('\n').at(-1)!, 10);
  const of = kept.length === 1 ? '1 repository' : `${kept.length} repositories`;
  return `${(kibibytes / 1024).toFixed(0)} MiB of ${of}, at most 8 GiB each, in ${join(workers, '*', 'setups')}`;
}

const entries = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
