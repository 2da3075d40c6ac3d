import { listen } from '../../src/api/feed/listener.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const log = createLogger({ name: 'test', level: 'silent' });

describe('a listener', () => {
  it.each([0, 1, 3, 8, 20, 60])(
    'can be stopped %i ms after its start',
    async (ms) => {
      const listener = listen(database.url, 'x', () => undefined, log);
      await new Promise((resolve) => setTimeout(resolve, ms));
      await listener.stop();
    },
    3_000,
  );

  it('can be stopped while there is no database', async () => {
    const listener = listen('postgres://127.0.0.1:1/x', 'x', () => undefined, log);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await listener.stop();
  }, 3_000);
});
