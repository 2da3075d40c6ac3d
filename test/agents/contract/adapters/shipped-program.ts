import { join } from 'node:path';
import type { JsonObject } from '../../../../src/domain/json.js';
import type { Contract } from '../contract.js';

/** The entry of an agent that is a program of ours: `input` is what it is asked. */
export const program = (source: string): JsonObject => ({
  argv: ['node', '--input-type=module', '-e', `import { input } from '/opt/agent/read.mjs';\n${source}`],
  directory: join(import.meta.dirname, '../shipped'),
});

/** Runs a shell script in the workspace, then says so. */
export const running = (script: string, says: string): JsonObject =>
  program(`(await import('node:child_process')).execFileSync('sh', ['-c', ${JSON.stringify(script)}]);\n${says}`);

/** Says so, and works on for ever. */
export const endless = (says: string): Contract['endless'] => ({
  case: () => ({ entry: program(`${says};\nsetInterval(() => input, 1000);`) }),
  hasBegun: ({ log }) => log.includes('begun'),
});
