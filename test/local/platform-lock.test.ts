import { existsSync, writeFileSync } from 'node:fs';
import { lockPlatform } from '../../src/local/platform-lock.js';
import { identify } from '../../src/local/process-identity.js';
import { staying, startDetached } from './programs.js';
import { scratchDataDirectory } from './scratch.js';

describe('lockPlatform', () => {
  it('refuses a second platform, with the pid of the first', async () => {
    const { lockFile } = await scratchDataDirectory();
    const lock = lockPlatform(lockFile);
    expect(() => lockPlatform(lockFile)).toThrow(`already runs on this data directory, as process ${process.pid}`);
    lock.release();
  });

  it('lets the next one in when it is released', async () => {
    const { lockFile } = await scratchDataDirectory();
    lockPlatform(lockFile).release();
    expect(existsSync(lockFile)).toBe(false);
    lockPlatform(lockFile).release();
  });

  it('takes over from a platform that crashed', async () => {
    const { lockFile } = await scratchDataDirectory();
    const crashed = await startDetached(staying);
    writeFileSync(lockFile, JSON.stringify(identify(crashed.pids[0]!)));
    expect(() => lockPlatform(lockFile)).toThrow('already runs');

    const ended = new Promise((resolve) => crashed.process.once('exit', resolve));
    crashed.process.kill('SIGKILL');
    await ended;
    lockPlatform(lockFile).release();
  });

  it('is not fooled by another process that has the pid now', async () => {
    const { lockFile } = await scratchDataDirectory();
    writeFileSync(lockFile, JSON.stringify({ pid: process.pid, startTime: 'of another process' }));
    lockPlatform(lockFile).release();
  });

  it('takes over a lock that a crash left half written', async () => {
    const { lockFile } = await scratchDataDirectory();
    writeFileSync(lockFile, '{"pid":');
    lockPlatform(lockFile).release();
  });
});
