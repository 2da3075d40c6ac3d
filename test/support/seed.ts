import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { seedFrom } from '../../src/git/bare-repository.js';
import { requiredAddress } from './required-address.js';

/** A repository whose first commit holds the files, for others to be imported from: made once for all suites. */
export async function seed(files: Readonly<Record<string, string>>): Promise<string> {
  const id = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 32);
  const source = join(requiredAddress('BATON_TEST_SEEDS'), `${id}.git`);
  if (existsSync(source)) return source;
  const folder = await mkdtemp(join(tmpdir(), 'baton-seed-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const author = { name: 'Maya', email: 'maya@example.org' };
    await seedFrom(source, folder, { message: 'Begin', author, dateMs: 0 });
    return source;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
