import { copyFile, mkdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ToolReport } from '../../domain/scan.js';
import { runTool, unclear } from './run-tool.js';
import type { ScanContext } from './scanner.js';

const TOOL = 'osv-scanner';
const DAY_MS = 24 * 3600_000;
const MAX_AGE_DAYS = 7;

type Databases =
  { readonly folder: string; readonly oldest: Date; readonly lacking: null } | { readonly lacking: ToolReport };

/**
 * The databases of ecosystems in the cache of this host. With network, those older than a day are downloaded anew; one that
 * is not younger than a week is as good as none.
 */
export async function osvDatabases(context: ScanContext, ecosystems: readonly string[]): Promise<Databases> {
  const { cacheDirectory, osvDatabaseUrl } = context.settings;
  const folder = join(cacheDirectory, 'osv');
  const placeOf = (name: string): string => join(folder, TOOL, name, 'all.zip');
  const failures: string[] = [];
  for (const name of context.network ? ecosystems : []) {
    if ((await ageMs(placeOf(name))) < DAY_MS) continue;
    const failure = await download(context, name, placeOf(name));
    if (failure !== null) failures.push(failure);
  }
  const ages = await Promise.all(ecosystems.map((name) => ageMs(placeOf(name))));
  const lacking = ecosystems.filter((_, index) => !(ages[index]! < MAX_AGE_DAYS * DAY_MS));
  if (lacking.length === 0) {
    await linkForNewerVersions(folder);
    return { folder, oldest: new Date(Date.now() - Math.max(...ages)), lacking: null };
  }
  const why = `it has no database of ${lacking.join(', ')} that is younger than ${MAX_AGE_DAYS} days`;
  const sources = lacking.map((name) => `${urlOf(osvDatabaseUrl, name)} to ${placeOf(name)}`).join(', ');
  return {
    lacking: failures[0]
      ? unclear(
          TOOL,
          `${why}: ${failures[0]}`,
          `Let the worker reach ${osvDatabaseUrl}, or download ${sources}, every day.`,
        )
      : unclear(TOOL, why, `Set \`network: true\` on the step, which downloads it, or download ${sources}, every day.`),
  };
}

/** osv-scanner looks in `osv-scanner`; newer versions, whose library does it, in `osv-scalibr`. */
const linkForNewerVersions = (folder: string): Promise<void> =>
  symlink(TOOL, join(folder, 'osv-scalibr')).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });

const urlOf = (base: string, ecosystem: string): string => `${base}/${ecosystem}/all.zip`;

/** Runs in the sandbox as every command with network: by the worker's proxy and certificates. It waits 10 s for an answer, and 30 s for more of it. */
const SCRIPT = `
const { createWriteStream } = require('node:fs');
const [url, file] = process.argv.slice(1);
const controller = new AbortController();
let timer;
const wait = (ms) => { clearTimeout(timer); timer = setTimeout(() => controller.abort(new Error('no answer within ' + ms / 1000 + ' s')), ms); };
(async () => {
  wait(10_000);
  const response = await fetch(url, { signal: controller.signal });
  if (!response.ok) throw new Error('HTTP ' + response.status);
  const out = createWriteStream(file);
  for await (const chunk of response.body) {
    wait(30_000);
    if (!out.write(chunk)) await new Promise((resolve) => out.once('drain', resolve));
  }
  clearTimeout(timer);
  await new Promise((resolve, reject) => out.end((error) => (error ? reject(error) : resolve())));
})().catch((error) => {
  console.error(error.cause?.code ?? error.cause?.message ?? error.message);
  process.exit(3);
});
`;

/** Downloads one database to its place. Why it could not; null: it is there. */
async function download(context: ScanContext, ecosystem: string, place: string): Promise<string | null> {
  const url = urlOf(context.settings.osvDatabaseUrl, ecosystem);
  const name = `osv-${randomUUID()}.zip`;
  const { ran, failed } = await runTool(
    {
      tool: TOOL,
      argv: ['/bin/sh', '-c', 'exec node -e "$0" "$1" "$HOME/$2"', SCRIPT, url, name],
      // Node takes the proxy of the environment only where it is told to.
      env: { NODE_USE_ENV_PROXY: '1' },
      needs: [],
      network: true,
      exitCodes: [0, 3],
    },
    context,
  );
  if (failed) return `${new URL(url).host}: ${failed.inconclusive?.why ?? 'the download failed'}`;
  if (ran.exitCode !== 0) return `${new URL(url).host} cannot be reached (${ran.tail.trim().slice(-200)})`;
  await mkdir(join(place, '..'), { recursive: true });
  // Copied first: the cache may be on another file system, and nobody may see half of a database.
  const beside = `${place}.${randomUUID()}`;
  try {
    await copyFile(join(context.policy.home, name), beside);
    await rename(beside, place);
  } finally {
    await rm(beside, { force: true });
    await rm(join(context.policy.home, name), { force: true });
  }
  return null;
}

/** Infinite where there is none. */
const ageMs = (file: string): Promise<number> =>
  stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => Infinity,
  );
