import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));

/** Path of the bundled workflows, bundled once for the sources as they are: bundling takes seconds. */
export async function workflowBundle(): Promise<string> {
  const path = join(tmpdir(), `baton-test-workflows-${await hashOfSources()}.js`);
  if (existsSync(path)) return path;
  const code = await bundleWorkflows(join(SOURCES, 'workflows/index.ts'));
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, code);
  await rename(mine, path);
  return path;
}

export async function bundleWorkflows(workflowsPath: string): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  return code;
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const room of ['workflows', 'domain']) {
    const names = await readdir(join(SOURCES, room), { recursive: true });
    for (const name of names.filter((file) => file.endsWith('.ts')).sort()) {
      hash.update(`${room}/${name}\0`).update(await readFile(join(SOURCES, room, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
