import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readInside } from '../../sandbox/read-inside.js';
import type { AgentContext } from '../harness.js';
import type { CodingProgram, Started } from './coding-program.js';

/** Some keep all that they said to their model in it. */
const MAX_REPORT_BYTES = 32 * 1024 * 1024;

/** Lays out what the program reads its settings from. */
export async function writeFiles(home: string, { files = {} }: Started): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), content, { mode: 0o600 });
  }
}

/** What the program left as its report; null where it left none that can be read. */
export async function readReport({ report }: CodingProgram, { policy, log }: AgentContext): Promise<string | null> {
  if (report === undefined) return null;
  try {
    return (await readInside(policy.home, report, MAX_REPORT_BYTES))?.toString('utf8') ?? null;
  } catch (error) {
    log(`its report cannot be read: ${(error as Error).message}`);
    return null;
  }
}
