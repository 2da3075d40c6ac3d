import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Program } from '../../../src/local/child.js';
import { freePort, requireFreePort } from '../../../src/local/ports.js';
import { postgresServer } from '../../../src/local/postgres-server.js';
import { findPostgres } from '../../../src/local/toolchain.js';
import { workerProcess } from '../../../src/local/worker-process.js';
import { translate } from './addresses.js';
import { asUser, diesWithUs } from './as-container.js';
import type { Service } from './compose-file.js';
import { portHereOf, type World } from './world.js';

interface Place {
  /** Of the service. */
  readonly name: string;
  /** Of the container. */
  readonly ownName: string;
  readonly world: World;
}

/** How an image runs here, given a service whose addresses are those of this machine; without `ready` it listens. */
export type Image = (service: Service, place: Place) => Promise<Partial<Program> & Pick<Program, 'argv' | 'env'>>;

/** As its entry point does: a user, and a database of the same name. */
export const postgres: Image = async ({ environment, command = [] }, { name, world }) => {
  const { POSTGRES_USER: user = '', POSTGRES_PASSWORD: password = '' } = environment;
  const directory = join(world.scratch.postgres, name);
  const port = portHereOf(world, name);
  await mkdir(directory, { mode: 0o700 });
  writeFileSync(join(directory, 'password'), password, { mode: 0o600 });
  const settings = command.filter((text) => text.includes('=')).map((text) => text.split('=') as [string, string]);
  const server = await postgresServer({
    directory,
    binaries: findPostgres(),
    port,
    // The default of the image, which the embedded one goes beyond.
    settings: { max_connections: '100', ...Object.fromEntries(settings) },
  });
  return {
    ...server,
    argv: diesWithUs(server.argv),
    // pg_isready looks for a socket where nobody tells it more.
    env: { ...server.env, PGHOST: '127.0.0.1', PGPORT: String(port) },
    ready: async (start) => {
      await server.ready(start);
      await ensureUser(server.url, user, password);
    },
  };
};

async function ensureUser(url: string, user: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [user]);
    if (rowCount !== 0) return;
    const name = client.escapeIdentifier(user);
    await client.query(`create role ${name} superuser login password ${client.escapeLiteral(password)}`);
    await client.query(`create database ${name} owner ${name}`);
  } finally {
    await client.end();
  }
}

/** The same server with the configuration of the same release, which reads the same variables. */
export const temporalServer: Image = async ({ environment }, { name, world }) => {
  const { server, config } = world.temporal;
  const database = String(portHereOf(world, environment['POSTGRES_SEEDS'], environment['DB_PORT']));
  return {
    argv: diesWithUs([server, '--root', config, '--config', '.', '--env', 'docker', 'start']),
    env: {
      ...world.environment,
      ...environment,
      POSTGRES_SEEDS: '127.0.0.1',
      DB_PORT: database,
      VISIBILITY_DB_PORT: database,
      DYNAMIC_CONFIG_FILE_PATH: join(config, 'dynamicconfig/docker.yaml'),
      FRONTEND_GRPC_PORT: String(portHereOf(world, name)),
      ...(await portsOf(['FRONTEND_HTTP', 'HISTORY_GRPC', 'MATCHING_GRPC', 'WORKER_GRPC'], freePort)),
      ...(await portsOf(
        ['FRONTEND_MEMBERSHIP', 'HISTORY_MEMBERSHIP', 'MATCHING_MEMBERSHIP', 'WORKER_MEMBERSHIP'],
        freeLowPort,
      )),
    },
  };
};

async function portsOf(names: readonly string[], free: () => Promise<number>): Promise<Record<string, string>> {
  const ports: Record<string, string> = {};
  for (const name of names) ports[`${name}_PORT`] = String(await free());
  return ports;
}

/** Temporal's schema for PostgreSQL keeps these ports as a smallint, and the kernel gives higher ones. */
async function freeLowPort(): Promise<number> {
  for (let left = 50; ; left--) {
    const port = randomInt(20_000, 32_768);
    try {
      await requireFreePort('127.0.0.1', port);
      return port;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

/** `temporal-sql-tool` and the Temporal CLI. */
export const adminTools: Image = ({ entrypoint, command = [], environment }, { world }) =>
  Promise.resolve({
    argv: diesWithUs([...entrypoint, ...command]),
    env: { ...world.environment, ...environment },
  });

/** Baton's own: the build of this checkout, as the Dockerfile starts it. */
export const baton: Image = ({ command, environment }, { name, ownName, world }) => {
  const { image, uid, root } = world;
  const ofImage = Object.entries(image.environment).map(([key, text]) => [key, translate(text, name, world)] as const);
  const listener = world.listeners.find(({ service }) => service === name);
  const env: NodeJS.ProcessEnv = {
    ...world.environment,
    ...Object.fromEntries(ofImage),
    ...environment,
    // Containers have host names of their own.
    BATON_WORKER_NAME: ownName,
  };
  if (listener && env['BATON_PORT'] === String(listener.port)) env['BATON_PORT'] = String(listener.portHere);
  const { ready, stopGraceMs = 0 } = workerProcess(env);
  return Promise.resolve({
    argv: asUser(uid, command ?? image.command),
    env,
    cwd: root,
    ...(!listener && { ready, stopGraceMs }),
  });
};
