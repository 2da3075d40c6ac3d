import { sql } from 'kysely';
import { connect, withOrganisation, type Db } from '../../src/db/connection.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let db: Db;
let own: string;
let foreign: string;
/** Every table that the migrations made, without those of the migrator and the partitions. */
let tables: string[];

const ROLES = ['baton_app', 'baton_lookup', 'baton_feed', 'baton_retention'];
const APPEND_ONLY = ['events', 'event_keys', 'audit', 'decisions'];

const query = async <T>(text: string): Promise<T[]> => (await sql.raw<T>(text).execute(db)).rows;
const TABLES = `pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and c.relname not like 'kysely%'`;

beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url);
  const named = async (name: string) =>
    (await db.insertInto('organisations').values({ name }).returning('id').executeTakeFirstOrThrow()).id;
  own = await named('own');
  foreign = await named('foreign');
  tables = (await query<{ name: string }>(`select relname as name from ${TABLES} and not relispartition`)).map(
    ({ name }) => name,
  );
  await addHollowRows();
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

/** A row in every table that says whose it is and nothing else: what else a row needs is not what is tested. */
async function addHollowRows(): Promise<void> {
  const constraints = await query<{ of: string; name: string }>(
    `select conrelid::regclass::text as of, conname as name from pg_constraint
     where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'f', 'c') and coninhcount = 0 and conrelid in (select c.oid from ${TABLES})`,
  );
  for (const { of, name } of constraints) await query(`alter table ${of} drop constraint if exists ${name} cascade`);
  const columns = await query<{ of: string; name: string }>(
    `select attrelid::regclass::text as of, quote_ident(attname) as name from pg_attribute
     where attnum > 0 and attnotnull and attidentity = '' and attrelid in (select c.oid from ${TABLES} and not relispartition)`,
  );
  for (const { of, name } of columns) await query(`alter table ${of} alter column ${name} drop not null`);
  for (const table of tables.filter((name) => name !== 'organisations'))
    await query(`insert into ${table} (organisation_id) values ('${own}')`);
}

/** What comes of a statement by the application, in the name of an organisation: its number of rows, or why not. */
async function attempt(organisationId: string, statement: string): Promise<string> {
  try {
    const { numAffectedRows = 0n, rows } = await withOrganisation(db, organisationId, (tx) =>
      sql.raw(statement).execute(tx),
    );
    return `${rows.length > 0 ? rows.length : numAffectedRows} rows`;
  } catch (error) {
    return /row-level security|permission denied/.exec(String(error))?.[0] ?? String(error);
  }
}
const eachTable = async (outcome: (table: string) => Promise<string> | string) =>
  Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await outcome(table)] as const)));
const refusedOr = (outcome: string) => (table: string) => (APPEND_ONLY.includes(table) ? 'permission denied' : outcome);

describe('every table', () => {
  it('has row-level security, with a policy for what is read and what is written', async () => {
    const rows = await query<{ name: string; on: boolean; reads: string | null; writes: string | null }>(
      `select c.relname as name, c.relrowsecurity as on, pg_get_expr(p.polqual, c.oid) as reads, pg_get_expr(p.polwithcheck, c.oid) as writes
       from pg_class c left join pg_policy p on p.polrelid = c.oid and p.polname = 'organisation'
         and p.polroles = array[(select oid from pg_roles where rolname = 'baton_app')]
       where c.relname = any(array['${tables.join("','")}']) and c.relnamespace = 'public'::regnamespace`,
    );
    const rule = "(organisation_id = (NULLIF(current_setting('baton.org'::text, true), ''::text))::uuid)";
    expect(rows).toHaveLength(tables.length);
    expect(rows.filter(({ on, reads, writes }) => !on || reads !== rule || writes !== rule)).toEqual([]);
  });

  it('is no role’s that could pass by its policies', async () => {
    const able = await query(
      `select rolname from pg_roles where rolname = any(array['${ROLES.join("','")}']) and (rolsuper or rolbypassrls or rolcreaterole or rolcanlogin)`,
    );
    expect(able).toEqual([]);
    const owned = await query(
      `select c.relname from ${TABLES} and pg_get_userbyid(c.relowner) = any(array['${ROLES.join("','")}'])`,
    );
    expect(owned).toEqual([]);
  });

  it('shows an organisation its own rows', async () => {
    expect(await eachTable((table) => attempt(own, `select from ${table}`))).toEqual(await eachTable(() => '1 rows'));
  });

  it('shows another organisation nothing, nor one that is not said', async () => {
    const others = (table: string) => `select from ${table} where organisation_id = '${own}'`;
    const nothing = await eachTable(() => '0 rows');
    expect(await eachTable((table) => attempt(foreign, others(table)))).toEqual(nothing);
    expect(await eachTable((table) => attempt('', others(table)))).toEqual(nothing);
  });

  it('lets another organisation write nothing', async () => {
    const insert = (table: string) =>
      table === 'organisations'
        ? `insert into organisations (id, name) values (gen_random_uuid(), 'x')`
        : `insert into ${table} (organisation_id) values ('${own}')`;
    expect(await eachTable((table) => attempt(foreign, insert(table)))).toEqual(
      await eachTable(() => 'row-level security'),
    );
    const take = (table: string) =>
      table === 'organisations'
        ? `update organisations set name = 'x' where id = '${own}'`
        : `update ${table} set organisation_id = '${foreign}' where organisation_id = '${own}'`;
    expect(await eachTable((table) => attempt(foreign, take(table)))).toEqual(await eachTable(refusedOr('0 rows')));
    const remove = (table: string) => `delete from ${table} where organisation_id = '${own}'`;
    expect(await eachTable((table) => attempt(foreign, remove(table)))).toEqual(await eachTable(refusedOr('0 rows')));
  });

  it('lets nobody give a row away', async () => {
    const given = await eachTable((table) =>
      table === 'organisations'
        ? 'row-level security'
        : attempt(own, `update ${table} set organisation_id = '${foreign}'`),
    );
    expect(given).toEqual(await eachTable(refusedOr('row-level security')));
  });
});

describe('what is written once', () => {
  it.each(APPEND_ONLY)('is not changed and not removed: %s', async (table) => {
    expect(await attempt(own, `update ${table} set organisation_id = organisation_id`)).toBe('permission denied');
    expect(await attempt(own, `delete from ${table}`)).toBe('permission denied');
    expect(await attempt(own, `truncate ${table}`)).toBe('permission denied');
  });
});

describe('a partition', () => {
  it('is granted to nobody: it has no policies of its own', async () => {
    const partitions = await query<{ name: string }>(`select relname as name from ${TABLES} and relispartition`);
    expect(partitions.map(({ name }) => name).sort()).toEqual(['audit_default', 'events_default']);
    const granted = await query(
      `select c.relname, r.role from ${TABLES.replace('pg_class c where', `pg_class c, unnest(array['${ROLES.join("','")}']) as r(role) where`)}
       and relispartition and has_table_privilege(r.role, c.oid, 'select, insert, update, delete, truncate')`,
    );
    expect(granted).toEqual([]);
  });
});
