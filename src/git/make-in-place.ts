import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withTemporaryFolder } from './temporary-folder.js';

/**
 * Makes a folder that is either whole or not there: `make` fills a temporary one beside it, a rename puts it in place.
 * When another process was faster, its folder stays.
 */
export async function makeInPlace(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  await withTemporaryFolder(path, 'making', async (temporary) => {
    await make(temporary);
    await rename(temporary, path).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    });
  });
}
