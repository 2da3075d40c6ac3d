import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, isMarked, mark } from './marker.mjs';
import { cacheDirectory, root } from './paths.mjs';
import { run } from './run.mjs';

const timeoutMs = 15 * 60_000;
const manifest = join(root, 'test', 'agents', 'package.json');

/**
 * Where the real programs lie that the tests of agents run: once for all checkouts, they are 1.4 GB; and not beside the
 * tests, which would take their packages for the product's.
 */
export const agentPrograms = join(cacheDirectory, 'agent-programs');

/** Installs the programs that people write code with, in the versions that the tests were written against. */
export async function ensureAgentPrograms({ announce }) {
  const hash = hashOf([], readFileSync(manifest, 'utf8'), process.platform, process.arch);
  const marker = join(agentPrograms, '.baton-setup');
  if (isMarked(marker, hash)) return agentPrograms;
  announce('npm install of the agent programs, about a minute');
  mkdirSync(agentPrograms, { recursive: true });
  copyFileSync(manifest, join(agentPrograms, 'package.json'));
  // No lock file: npm writes one of opencode-ai that it then refuses, for packages of other platforms. Versions are exact.
  const options = ['--no-package-lock', '--no-audit', '--no-fund'];
  await run(['npm', 'install', ...options], { cwd: agentPrograms, timeoutMs });
  mark(marker, hash);
  return `installed in ${agentPrograms}`;
}
