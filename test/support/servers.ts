import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/db/migrate.js';
import { openDataDirectory } from '../../src/local/data-directory.js';
import { freePort } from '../../src/local/ports.js';
import { postgresServer } from '../../src/local/postgres-server.js';
import { supervise, type Supervised } from '../../src/local/supervisor.js';
import { temporalServer } from '../../src/local/temporal-server.js';
import { findPostgres, findTemporal } from '../../src/local/toolchain.js';
import { parseEnvironment } from '../../src/schema/environment.js';
import { TEMPLATE_DATABASE } from './template-database.js';

// A test database dies with its run: waiting for the disk protects nothing.
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

const running: Supervised[] = [];
let scratch: string | undefined;

/**
 * Starts what all suites share, and says where in BATON_TEST_DATABASE_URL, BATON_TEST_TEMPORAL_ADDRESS and, of the
 * repositories that tests begin with, BATON_TEST_SEEDS.
 */
export async function startTestServers(): Promise<void> {
  endWithThisProcess();
  scratch = await mkdtemp(join(tmpdir(), 'baton-test-'));
  const { run, logs, postgres, temporalFile, root } = await openDataDirectory(scratch);
  const surroundings = { runDirectory: run, logDirectory: logs, say: (...words: string[]) => console.error(...words) };

  const temporal = temporalServer({
    program: findTemporal(parseEnvironment(process.env).cacheDirectory),
    file: temporalFile,
    home: root,
    port: await freePort(),
    namespace: 'default',
  });
  running.push(supervise(temporal, surroundings));
  const database = await postgresServer({
    directory: postgres,
    binaries: findPostgres(),
    port: await freePort(),
    settings: FAST,
  });
  running.push(supervise(database, surroundings));
  await Promise.all(running.map(({ ready }) => ready));

  await makeTemplate(database.url);
  process.env['BATON_TEST_SEEDS'] = join(scratch, 'seeds');
  process.env['BATON_TEST_DATABASE_URL'] = database.url;
  process.env['BATON_TEST_TEMPORAL_ADDRESS'] = temporal.address;
}

export async function stopTestServers(): Promise<void> {
  await Promise.all(running.map((server) => server.stop()));
  if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
}

/** Each suite's database is a copy of this one: copying takes 50 ms, migrating ten times that. */
async function makeTemplate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${TEMPLATE_DATABASE}`);
  await client.end();
  const template = new URL(url);
  template.pathname = TEMPLATE_DATABASE;
  await migrate(template.href);
}

/** The servers lead process groups of their own, so Ctrl-C reaches them only through us. */
function endWithThisProcess(): void {
  process.on('exit', () => {
    for (const server of running) server.kill();
  });
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}
