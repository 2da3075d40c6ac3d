import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { endLeftovers, recordChild } from '../../src/local/leftovers.js';
import { writeJsonFile } from '../../src/local/json-file.js';
import { identify } from '../../src/local/process-identity.js';
import { groupLives } from '../../src/local/process-group.js';
import { staying, startDetached, stubbornWithChild } from './programs.js';
import { scratchDataDirectory } from './scratch.js';

describe('endLeftovers', () => {
  it('ends a recorded process and forgets it', async () => {
    const { run } = await scratchDataDirectory();
    const { pids } = await startDetached(staying);
    recordChild(run, 'api', pids[0]!, ['node']);

    expect(await endLeftovers(run, { graceMs: 300 })).toEqual(['api']);
    expect(identify(pids[0]!)).toBeUndefined();
    expect(existsSync(join(run, 'api.json'))).toBe(false);
  });

  it('kills a process that does not end when asked, with its children', async () => {
    const { run } = await scratchDataDirectory();
    const { pids } = await startDetached(stubbornWithChild);
    recordChild(run, 'worker', pids[0]!, ['node']);

    await endLeftovers(run, { graceMs: 300 });
    expect(pids.map(identify)).toEqual([undefined, undefined]);
  });

  it('ends the children of a process that is gone itself', async () => {
    const { run } = await scratchDataDirectory();
    const { process: leader, pids } = await startDetached(stubbornWithChild);
    recordChild(run, 'worker', pids[0]!, ['node']);
    const ended = new Promise((resolve) => leader.once('exit', resolve));
    leader.kill('SIGKILL');
    await ended;
    expect(groupLives(pids[0]!)).toBe(true);

    expect(await endLeftovers(run, { graceMs: 300 })).toEqual(['worker']);
    expect(groupLives(pids[0]!)).toBe(false);
  });

  it('leaves a process alone that only has the pid of an earlier child', async () => {
    const { run } = await scratchDataDirectory();
    const { process: stranger, pids } = await startDetached(staying);
    writeJsonFile(join(run, 'postgres.json'), { pid: pids[0], startTime: 'long ago', argv: ['postgres'] });

    expect(await endLeftovers(run, { graceMs: 300 })).toEqual([]);
    expect(identify(pids[0]!)).toBeDefined();
    expect(existsSync(join(run, 'postgres.json'))).toBe(false);
    stranger.kill('SIGKILL');
  });
});
