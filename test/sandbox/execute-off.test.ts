import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createExecutor } from '../../src/sandbox/execute.js';
import { processesWith } from './processes-of.js';
import { makeRoom, MIB, node, shell, withLimits } from './sandbox-fixture.js';

const room = makeRoom();
afterAll(room.remove);
const executeOff = createExecutor({ isolation: 'off' });

describe('an executor whose isolation is off', () => {
  it('runs in the workspace of the host, with the home as HOME and nothing of its own environment', async () => {
    process.env['BATON_TEST_SECRET'] = 'hunter2';
    writeFileSync(join(room.workspace, 'here.txt'), 'mine');
    const { stdout } = await executeOff(shell('cat here.txt; echo; echo $HOME; pwd; env'), room.policy);
    expect(stdout).toMatch(new RegExp(`^mine\\n${room.home}\\n${room.workspace}\\n`));
    expect(stdout).not.toContain('hunter2');
  });

  it('maps a folder inside to the one of the host', async () => {
    const { stdout } = await executeOff(shell('pwd', { cwd: '/home/agent' }), room.policy);
    expect(stdout).toBe(`${room.home}\n`);
  });

  it('ends a daemon that left group and session', async () => {
    const script = `setsid sh -c '(trap "" TERM; while :; do sleep 0.1; done) & exit 0' gone-astray </dev/null >/dev/null 2>&1; echo done`;
    expect((await executeOff(shell(script), room.policy)).stdout).toBe('done\n');
    expect(processesWith('gone-astray')).toEqual([]);
  });

  it('keeps the limit of memory', async () => {
    const hog = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(16 * 1024 * 1024, 1)), 10)';
    const result = await executeOff(node(hog), withLimits(room.policy, { memoryBytes: 200 * MIB }));
    expect(result.outcome).toBe('out-of-memory');
  });
});
