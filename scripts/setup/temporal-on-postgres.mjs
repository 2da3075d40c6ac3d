import { cp, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { inScratch, putInPlace } from './download.mjs';
import { cacheDirectory } from './paths.mjs';
import { isExecutable, onPath, run } from './run.mjs';

/** Of the image in docker-compose.yml. */
const version = '1.29.1';
const goModule = `go.temporal.io/server@v${version}`;
const goPackages = ['server', 'tools/sql'].map((name) => `go.temporal.io/server/cmd/${name}@v${version}`);
const goTimeoutMs = 10 * 60_000;

const folder = join(cacheDirectory, `temporal-on-postgres-${version}`);

export const WITHOUT_TEMPORAL_ON_POSTGRES =
  'MISSING: no Temporal server for PostgreSQL. Install Go 1.25 or newer (https://go.dev/dl) and ' +
  'run npm test again, which builds it; the test of docker-compose.yml as processes is skipped until then';

/** Where the server, its SQL tool, their configuration and schema lie; undefined where the set-up could not get them. */
export function findTemporalOnPostgres() {
  const found = {
    version,
    server: join(folder, 'bin/temporal-server'),
    /** Holds `temporal-sql-tool`. */
    programs: join(folder, 'bin'),
    config: join(folder, 'config'),
    schema: join(folder, 'schema'),
  };
  return isExecutable(found.server) ? found : undefined;
}

/**
 * Temporal's server as production runs it, for the test of docker-compose.yml only. Its absence does not end the
 * set-up: that test is skipped, and says why.
 */
export async function ensureTemporalOnPostgres({ announce }) {
  if (findTemporalOnPostgres()) return folder;
  if (!onPath('go')) return WITHOUT_TEMPORAL_ON_POSTGRES;
  announce(`building Temporal ${version} for PostgreSQL with go install, about two minutes`);
  try {
    await inScratch(build);
    return `built with go install to ${folder}`;
  } catch (error) {
    return `${WITHOUT_TEMPORAL_ON_POSTGRES} (${error.message.trimEnd().split('\n').at(-1)})`;
  }
}

/** Everything beside its place, then moved there in one rename. */
async function build(scratch) {
  const programs = join(scratch, 'made/bin');
  await mkdir(programs, { recursive: true });
  const env = { ...process.env, GOBIN: programs };
  await run(['go', 'install', '-ldflags', '-s -w', ...goPackages], { env, timeoutMs: goTimeoutMs });
  await rename(join(programs, 'server'), join(programs, 'temporal-server'));
  await rename(join(programs, 'sql'), join(programs, 'temporal-sql-tool'));

  // Downloaded by the build already.
  const described = await run(['go', 'mod', 'download', '-json', goModule], { timeoutMs: goTimeoutMs });
  const { Dir: source } = JSON.parse(described);
  for (const part of ['config/docker.yaml', 'config/dynamicconfig/docker.yaml', 'schema/postgresql']) {
    await cp(join(source, part), join(scratch, 'made', part), { recursive: true });
  }
  // Go keeps its sources unwritable: such a folder could be neither moved nor removed.
  await run(['chmod', '-R', 'u+w', join(scratch, 'made')], { timeoutMs: 30_000 });
  await putInPlace(join(scratch, 'made'), folder);
}
