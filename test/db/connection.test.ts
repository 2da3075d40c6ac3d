import { sql } from 'kysely';
import { connect, withOrganisation, type Db, type Tx } from '../../src/db/connection.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let db: Db;
let organisationId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url);
  const made = await db.insertInto('organisations').values({ name: 'acme' }).returning('id').executeTakeFirstOrThrow();
  organisationId = made.id;
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const inTx = <T>(work: (tx: Tx) => Promise<T>) => withOrganisation(db, organisationId, work);
const addProject = (name: string) =>
  inTx((tx) =>
    tx
      .insertInto('projects')
      .values({ organisation_id: organisationId, name })
      .returning('id')
      .executeTakeFirstOrThrow(),
  );
const rename = (tx: Tx, id: string, suffix: string) =>
  tx
    .updateTable('projects')
    .set({ name: sql<string>`name || ${suffix}` })
    .where('id', '=', id)
    .execute();

describe('a transaction', () => {
  it('that PostgreSQL ends for a deadlock is done again, and both have their effect once', async () => {
    const [a, b] = [await addProject('a'), await addProject('b')];
    let waiting = 0;
    let meet = (): void => undefined;
    const met = new Promise<void>((resolve) => (meet = resolve));
    const tries = { x: 0, y: 0 };
    // Each holds one row when it asks for the other's.
    const cross = (name: 'x' | 'y', first: string, second: string) =>
      inTx(async (tx) => {
        tries[name] += 1;
        await rename(tx, first, name);
        waiting += 1;
        if (waiting === 2) meet();
        await met;
        await rename(tx, second, name);
      });
    await Promise.all([cross('x', a.id, b.id), cross('y', b.id, a.id)]);
    expect(tries.x + tries.y).toBe(3);
    const rows = await inTx((tx) => tx.selectFrom('projects').select('name').orderBy('name').execute());
    expect(rows.map(({ name }) => Array.from(name).sort().join(''))).toEqual(['axy', 'bxy']);
  });

  it('that is at fault itself is not', async () => {
    let tries = 0;
    const broken = inTx((tx) => {
      tries += 1;
      return sql`select 1 / 0`.execute(tx);
    });
    await expect(broken).rejects.toThrow(/division by zero/);
    expect(tries).toBe(1);
  });
});
