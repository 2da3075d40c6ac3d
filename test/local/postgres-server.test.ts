import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../src/local/ports.js';
import { postgresServer } from '../../src/local/postgres-server.js';
import { supervise, type Supervised } from '../../src/local/supervisor.js';
import { findPostgres } from '../../src/local/toolchain.js';
import type { DataDirectory } from '../../src/local/data-directory.js';
import { scratchDataDirectory } from './scratch.js';

let directory: DataDirectory;
const running: Supervised[] = [];

beforeEach(async () => {
  directory = await scratchDataDirectory();
});
afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())));

async function start() {
  const server = await postgresServer({
    directory: directory.postgres,
    binaries: findPostgres(),
    port: await freePort(),
  });
  let back: () => void = () => undefined;
  const isBack = new Promise<void>((resolve) => (back = resolve));
  const supervised = supervise(server, {
    runDirectory: directory.run,
    logDirectory: directory.logs,
    say: (_, text) => {
      if (text.startsWith('is back')) back();
    },
  });
  running.push(supervised);
  await supervised.ready;
  return { url: server.url, supervised, isBack };
}

async function ask(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

describe('the embedded PostgreSQL', () => {
  it('comes back by itself after kill -9, with what was committed', async () => {
    const { url, supervised, isBack } = await start();
    await ask(url, 'create table act (n int)');
    await ask(url, 'insert into act values (1)');

    // Somebody is at work when it happens: the server's children outlive it for a moment and hold its memory.
    const busy = ask(url, 'select pg_sleep(600)');
    process.kill(supervised.pid!, 'SIGKILL');
    await expect(busy).rejects.toThrow();
    await isBack;
    expect(await ask(url, 'select n from act')).toEqual([{ n: 1 }]);
  });

  it('finds its data at the next start', async () => {
    const first = await start();
    await ask(first.url, 'create table act as select 2 as n');
    await first.supervised.stop();
    const second = await start();
    expect(await ask(second.url, 'select n from act')).toEqual([{ n: 2 }]);
  });

  it('starts although another process has the pid of the one that crashed', async () => {
    const first = await start();
    await first.supervised.stop();
    const data = join(directory.postgres, 'data');
    await writeFile(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n`);
    const second = await start();
    expect(await ask(second.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('begins anew where a crash left a cluster half made', async () => {
    const unfinished = join(directory.postgres, 'data.unfinished');
    await mkdir(unfinished);
    await writeFile(join(unfinished, 'PG_VERSION'), '18');
    const { url } = await start();
    expect(await ask(url, 'select 1 as n')).toEqual([{ n: 1 }]);
    expect(existsSync(unfinished)).toBe(false);
  });

  it('lets nobody in without the password', async () => {
    const { url } = await start();
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
  });
});
