import { join } from 'node:path';
import pg from 'pg';
import type { Program } from './child.js';
import { minimalEnvironment } from './minimal-environment.js';
import { asNobody, dropRecycledLock, ensureCluster } from './postgres-cluster.js';
import { until } from './until.js';

const connectTimeoutMs = 5_000;
const database = 'baton';

export interface PostgresServerOptions {
  /** Holds the cluster and its password. */
  readonly directory: string;
  /** The folder of `postgres` and `initdb`. */
  readonly binaries: string;
  readonly port: number;
  /** Over the defaults, as in `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A real PostgreSQL on loopback, made at its first start, with the database `baton` in it. */
export async function postgresServer(options: PostgresServerOptions): Promise<Program & { readonly url: string }> {
  const { directory, binaries, port } = options;
  const { dataDirectory, user, password } = await ensureCluster(directory, binaries);
  const urlOf = (name: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${name}`;

  return {
    name: 'postgres',
    url: urlOf(database),
    argv: asNobody([join(binaries, 'postgres'), '-D', dataDirectory, ...settings(options)]),
    env: minimalEnvironment(directory),
    prepare: () => dropRecycledLock(dataDirectory),
    ready: ({ signal }) => until(() => ensureDatabase(urlOf('postgres')), signal),
    // The fast shutdown; TERM would wait for every client to leave.
    stopSignal: 'SIGINT',
  };
}

function settings({ port, settings: own = {} }: PostgresServerOptions): string[] {
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    // Short queries by key only: compiling them costs more than it gives.
    jit: 'off',
    log_line_prefix: '%m [%p] ',
    ...own,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  // A server that goes away between two queries is reported by the query; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${database}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}
