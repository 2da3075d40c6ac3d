import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, isMarked, mark } from './marker.mjs';
import { cacheDirectory } from './paths.mjs';
import { run } from './run.mjs';
import { inScratch } from './download.mjs';

const timeoutMs = 10 * 60_000;
const pnpm = 'pnpm@10.33.0';
const uv = 'uv==0.9.5';

/** Package managers that the public repositories of the tests need and few machines have: pnpm and uv. */
export async function ensureRepositoryTools() {
  const prefix = join(cacheDirectory, 'repository-tools');
  const bin = join(prefix, 'bin');
  const marker = join(prefix, '.baton-setup');
  const hash = hashOf([], pnpm, uv, process.platform, process.arch);
  if (isMarked(marker, hash)) return bin;
  console.error(`setup: installing ${pnpm} and ${uv} in ${prefix}`);
  mkdirSync(bin, { recursive: true });
  await run(['npm', 'install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', pnpm], { timeoutMs });
  await inScratch(async (scratch) => {
    await run(['python3', '-m', 'venv', scratch], { timeoutMs });
    await run([join(scratch, 'bin/pip'), 'install', '--quiet', uv], { timeoutMs });
    copyFileSync(join(scratch, 'bin/uv'), join(bin, 'uv'));
    chmodSync(join(bin, 'uv'), 0o755);
  });
  mark(marker, hash);
  return bin;
}
