import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { requiredAddress } from './required-address.js';
import { TEMPLATE_DATABASE } from './template-database.js';

export interface TestDatabase {
  readonly url: string;
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>;
}

/** A migrated, empty database of its own, on the PostgreSQL that all suites share. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = requiredAddress('BATON_TEST_DATABASE_URL');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await query(server, `create database ${name} template ${TEMPLATE_DATABASE}`);
  const url = new URL(server);
  url.pathname = name;
  return { url: url.href, drop: () => query(server, `drop database ${name} with (force)`) };
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
