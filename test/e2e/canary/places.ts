import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import type { RunningPlatform } from '../running-platform.js';
import type { Search } from './forms.js';

/** Every column of every row of every table; what is kept in pieces is put together as well. */
export async function searchDatabase(platform: RunningPlatform, search: Search): Promise<void> {
  const client = new pg.Client({ connectionString: platform.connection.databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables) {
      const { rows } = await client.query<Record<string, unknown>>(`select * from ${name}`);
      for (const row of rows)
        for (const [column, value] of Object.entries(row))
          search.in('database', `${name}.${column}`, Buffer.isBuffer(value) ? value : asText(value));
    }
    const { rows: artifacts } = await client.query<{ name: string; run: string; body: Buffer }>(
      `select a.name, coalesce(a.step, '') as run, string_agg(c.body, ''::bytea order by c.position) as body
       from artifacts a join artifact_chunks c on c.artifact_id = a.id group by a.id, a.name, a.step`,
    );
    for (const { name, run, body } of artifacts) search.in('artifacts', `${name} of ${run}`, body);
  } finally {
    await client.end();
  }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Every event of every workflow, with its payloads as they were before they were encoded. */
export async function searchHistories(platform: RunningPlatform, search: Search): Promise<void> {
  const connection = await Connection.connect({ address: platform.connection.temporalAddress });
  try {
    const client = new Client({ connection });
    for await (const { workflowId, runId } of client.workflow.list()) {
      const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      for (const event of events ?? []) inBytes(event, (bytes) => search.in('histories', workflowId, bytes));
    }
  } finally {
    await connection.close();
  }
}

function inBytes(value: unknown, see: (bytes: Buffer | string) => void): void {
  if (typeof value === 'string') see(value);
  else if (value instanceof Uint8Array) see(Buffer.from(value));
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) inBytes(item, see);
}

/** Every object of every repository, whether a ref leads to it or not, and the refs. */
export function searchRepositories(directory: string, search: Search): number {
  const repositories = foldersIn(directory).filter((folder) => {
    const names = readdirSync(folder);
    return names.includes('HEAD') && names.includes('objects') && names.includes('refs');
  });
  for (const folder of repositories) {
    const git = (...args: string[]): Buffer =>
      execFileSync('git', ['-c', 'safe.directory=*', '--git-dir', folder, ...args], { maxBuffer: 2 ** 30 });
    search.in('repositories', `objects of ${folder}`, git('cat-file', '--batch', '--batch-all-objects'));
    search.in('repositories', `refs of ${folder}`, git('for-each-ref'));
  }
  return repositories.length;
}

/** Everything that lies in the data directory, as it lies there: logs, the files of databases, what hosts have left. */
export function searchFiles(directory: string, search: Search): void {
  for (const folder of foldersIn(directory))
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path, { throwIfNoEntry: false })?.isFile()) search.in('files', path, readFileSync(path));
    }
}

function foldersIn(directory: string): readonly string[] {
  const below = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [directory, ...below.flatMap(({ name }) => foldersIn(join(directory, name)))];
}

/** What people and programs read of it by the API. */
export async function searchApi(platform: RunningPlatform, runs: readonly number[], search: Search): Promise<void> {
  const artifacts = new Set<string>();
  const see = async (path: string): Promise<void> => {
    const answer = await (await platform.request(path)).text();
    search.in('API', path, answer);
    for (const [, id] of answer.matchAll(/\{"id":"([0-9a-f-]{36})","kind":"\w+","name"/g)) artifacts.add(id!);
  };
  for (const path of ['/runs', '/agents', '/audit', '/audit/export', '/breakers', '/questions', '/notices', '/tasks'])
    await see(path);
  for (const path of ['/repositories', '/escalations', '/approvals', '/pipelines', '/no-such-thing']) await see(path);
  for (const run of runs) {
    for (const path of ['', '/findings', '/diff']) await see(`/runs/${run}${path}`);
    for await (const event of platform.events(run)) search.in('event streams', `run ${run}`, JSON.stringify(event));
  }
  for (const id of artifacts) await see(`/artifacts/${id}`);
}
