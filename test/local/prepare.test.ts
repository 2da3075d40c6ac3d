import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { scratchDataDirectory } from './scratch.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const ROOT = join(import.meta.dirname, '../..');

/** As docker-compose.yml runs it. */
const prepare = (dataDirectory: string) =>
  promisify(execFile)(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      ...['--import', './test/support/typescript-imports.js', 'src/local/prepare.ts'],
    ],
    {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: database.url,
        BATON_DATA_DIR: dataDirectory,
        BATON_URL: 'https://baton.example/',
      },
    },
  );

describe('the set-up job', () => {
  it('leaves a link for its owner only, and no secret in its log', async () => {
    const { root } = await scratchDataDirectory();
    const file = join(root, 'sign-in-link');
    const { stdout, stderr } = await prepare(root);
    const link = readFileSync(file, 'utf8');
    expect(link).toMatch(/^https:\/\/baton\.example\/sign-in\?token=baton_\S+\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(stdout).toContain(file);
    expect(stdout + stderr).not.toContain('baton_');

    await prepare(root);
    expect(readFileSync(file, 'utf8')).not.toBe(link);
  });
});
