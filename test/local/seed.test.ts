import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../src/db/connection.js';
import { authenticate } from '../../src/db/people.js';
import { shippedAgents } from '../../src/local/built-in-agents.js';
import { seed } from '../../src/local/seed.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { scratchDataDirectory } from './scratch.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const seedAt = (dataDirectory: string) => seed({ databaseUrl: database.url, dataDirectory, demo: false });

describe('seed', () => {
  it('makes an organisation once, whose key the next start finds', async () => {
    const { root } = await scratchDataDirectory();
    const { token } = await seedAt(root);
    expect((await seedAt(root)).token).toBe(token);
    const db = connect(database.url, { maxConnections: 1 });
    expect(await authenticate(db, token)).toMatchObject({ role: 'admin' });
    const agents = await db.selectFrom('agents').select('name').orderBy('name').execute();
    expect(agents.map(({ name }) => name)).toEqual(shippedAgents().sort());
    await db.destroy();
  });

  it('makes no second organisation where the key is lost, or of another data directory', async () => {
    const { root } = await scratchDataDirectory();
    await seedAt(root);
    const other = (await scratchDataDirectory()).root;
    await expect(seedAt(other)).rejects.toMatchObject({
      code: 'key-lost',
      message: expect.stringMatching(
        /^The database has an organisation already, local-\w+, and .*key\.json holds no key/,
      ) as string,
    });
    rmSync(join(root, 'key.json'));
    await expect(seedAt(root)).rejects.toMatchObject({ code: 'key-lost' });

    const db = connect(database.url, { maxConnections: 1 });
    expect(await db.selectFrom('organisations').select('id').execute()).toHaveLength(1);
    await db.destroy();
  });
});
