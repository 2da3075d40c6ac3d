import { createExecutor } from '../../src/sandbox/execute.js';
import { markCommandsOf } from '../../src/sandbox/execution-mark.js';
import { WORKING_LIMITS } from '../../src/sandbox/limits/limits.js';

/** A worker in small, for a test to kill: runs a command on the host, and one that is not sandboxed, that leaves its group. */
const [owner = '', folder = ''] = process.argv.slice(2);
markCommandsOf(owner);
const execute = createExecutor({ isolation: 'off' });
let up = 0;
const onOutput = (): void => {
  up += 1;
  if (up === 2) console.log('up');
};
const command = (script: string) => ({ argv: ['sh', '-c', script], timeoutMs: 60_000, onOutput });
await Promise.all([
  execute({ ...command('echo up; exec sleep 91.25'), cwd: '/' }, { kind: 'host', reason: 'a test' }),
  execute(command('setsid sleep 92.25 & echo up; wait'), {
    kind: 'sandbox',
    workspace: { path: folder, writable: true },
    home: folder,
    network: 'none',
    limits: WORKING_LIMITS,
  }),
]);
