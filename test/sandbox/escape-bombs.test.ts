import { createExecutor } from '../../src/sandbox/execute.js';
import { findControlGroups } from '../../src/sandbox/limits/find-control-groups.js';
import type { Limits } from '../../src/sandbox/limits/limits.js';
import { attempt, makeOpenRoom, WHO } from './escape-fixture.js';
import { MIB, node, shell, withLimits } from './sandbox-fixture.js';

const GIB = 1024 * MIB;
const watched = createExecutor({ isolation: 'bubblewrap', controlGroups: () => Promise.resolve(null) });
const grouped = createExecutor({ isolation: 'bubblewrap' });
const HOW = [
  ['watched', watched, it],
  ['in a control group', grouped, (await findControlGroups()) ? it : it.skip],
] as const;

/** Everything bounded by itself: at most 200 processes, 1 GB of memory, 1 GB of files. */
const GENEROUS: Partial<Limits> = { memoryBytes: 2 * GIB, processes: 1_000, fileBytes: 2 * GIB, diskBytes: 8 * GIB };

describe.each(WHO)('a bomb of processes, of a Baton that %s started', (who) => {
  it('has no more than its limit', async () => {
    const own = makeOpenRoom();
    const forks = shell(
      `perl -e 'for (1..150) { my $p = fork; last unless defined $p; if (!$p) { close STDOUT; sleep 5; exit } $n++ } print "$n processes"'`,
    );
    const limited = await attempt(who, forks, withLimits(own.policy, { ...GENEROUS, processes: 40 }));
    const free = await attempt(who, forks, withLimits(own.policy, GENEROUS));
    own.remove();
    expect(Number(/^(\d+) processes/.exec(limited.stdout)![1])).toBeLessThan(40);
    expect(free.stdout).toBe('150 processes');
  });

  it('of threads neither', async () => {
    const own = makeOpenRoom();
    const threads = node(`
      const { Worker } = require('worker_threads');
      let up = 0;
      const end = () => { console.log(up); process.exit(0); };
      for (let n = 0; n < 40; n++) {
        try {
          new Worker('setTimeout(() => {}, 60000); require("worker_threads").parentPort.postMessage(1)', { eval: true })
            .on('message', () => { up += 1; if (up === 40) end(); }).on('error', end);
        } catch { end(); }
      }`);
    const limited = await attempt(who, threads, withLimits(own.policy, { ...GENEROUS, processes: 30 }));
    const free = await attempt(who, threads, withLimits(own.policy, GENEROUS));
    own.remove();
    expect(limited.stdout).not.toBe('40\n');
    expect(free.stdout).toBe('40\n');
  });
});

describe.each(HOW)('a bomb of memory, %s', (_how, execute, test) => {
  const one = node(
    'const kept = []; for (let n = 0; n < 36; n++) kept.push(Buffer.alloc(16 * 1024 * 1024, 1)); setTimeout(() => console.log("kept", kept.length), 600)',
  );
  const many = shell(
    `for n in 1 2 3 4 5 6; do perl -e '$x = "x" x (100 * 1024 * 1024); sleep 2' & done; wait; echo kept`,
  );
  const shared = shell(
    `for n in 1 2 3 4 5; do perl -e 'open(F, ">", "/dev/shm/$ARGV[0]"); $x = "x" x (40 * 1024 * 1024); print F $x; sleep 2' $n & done; wait; echo kept`,
  );
  test.each([
    ['one process', one],
    ['many processes', many],
    ['processes that keep some of it in /dev/shm', shared],
  ])('of %s ends', async (_what, command) => {
    const own = makeOpenRoom();
    const limited = await execute(command, withLimits(own.policy, { ...GENEROUS, memoryBytes: 160 * MIB }));
    const free = await execute(command, withLimits(own.policy, GENEROUS));
    own.remove();
    expect(limited).toMatchObject({ outcome: 'out-of-memory', stdout: '' });
    expect(free).toMatchObject({ outcome: 'exited', stdout: expect.stringContaining('kept') as string });
  });
});

describe('a bomb of files', () => {
  const bombs = {
    'one large file': 'head -c 300M /dev/zero > big; sleep 3',
    'many files': 'for n in $(seq 40); do head -c 8M /dev/zero > f$n; done; sleep 3',
    'files in its home': 'for n in $(seq 40); do head -c 8M /dev/zero > ~/f$n; done; sleep 3',
    'space that is only allocated': 'fallocate -l 300M big; sleep 3',
  };
  it.each(Object.entries(bombs))('%s ends', async (_what, script) => {
    const own = makeOpenRoom();
    const limits = { ...GENEROUS, diskBytes: 100 * MIB };
    const limited = await watched(shell(script), withLimits(own.policy, limits));
    const free = await watched(shell(script), withLimits(own.policy, GENEROUS));
    own.remove();
    expect(limited.outcome).toBe('disk-limit');
    expect(free.outcome).toBe('exited');
  });
});

describe.each(WHO)('a file, of a Baton that %s started', (who) => {
  it('stays below its own limit', async () => {
    const own = makeOpenRoom();
    const command = shell('head -c 64M /dev/zero > big 2>/dev/null; stat -c %s big');
    const limited = await attempt(who, command, withLimits(own.policy, { ...GENEROUS, fileBytes: 8 * MIB }));
    const free = await attempt(who, command, withLimits(own.policy, GENEROUS));
    own.remove();
    expect([limited.stdout, free.stdout]).toEqual([`${8 * MIB}\n`, `${64 * MIB}\n`]);
  });

  it('in /tmp fills only that', async () => {
    const own = makeOpenRoom();
    const command = shell('head -c 200M /dev/zero > /tmp/big 2>/dev/null; stat -c %s /tmp/big');
    const limited = await attempt(who, command, withLimits(own.policy, { ...GENEROUS, memoryBytes: 128 * MIB }));
    const free = await attempt(who, command, withLimits(own.policy, GENEROUS));
    own.remove();
    expect(Number(limited.stdout)).toBeLessThanOrEqual(64 * MIB);
    expect(free.stdout).toBe(`${200 * MIB}\n`);
  });
});

describe('a bomb of words', () => {
  const endless = shell('head -c 64M /dev/zero | tr "\\0" x; head -c 64M /dev/urandom >&2; echo done');

  it('ends, on both streams together', async () => {
    const own = makeOpenRoom();
    const limited = await attempt(WHO[0]!, { ...endless, maxStreamedBytes: 16 * MIB }, own.policy);
    const free = await attempt(WHO[0]!, endless, own.policy);
    own.remove();
    expect(limited.outcome).toBe('output-limit');
    expect(free.outcome).toBe('exited');
  });

  it('is not kept whole, nor what no record can hold', async () => {
    const own = makeOpenRoom();
    const { stdout, stdoutCut, tail } = await attempt(
      WHO[0]!,
      shell('head -c 4M /dev/zero; head -c 1M /dev/urandom >&2; printf "\\000\\033[2Jend"'),
      own.policy,
    );
    own.remove();
    expect(stdoutCut).toBe(true);
    expect(stdout.length).toBeLessThan(2 * MIB);
    expect(tail.length).toBeLessThanOrEqual(2_000);
    expect(tail).not.toContain('\0');
  });
});

describe('a bomb of time', () => {
  it('ends, though it hears no signal', async () => {
    const own = makeOpenRoom();
    const stubborn = shell('trap "" TERM INT HUP; echo up; for n in $(seq 40); do sleep 0.1; done; echo over');
    const limited = await attempt(WHO[0]!, { ...stubborn, timeoutMs: 500 }, own.policy);
    const free = await attempt(WHO[0]!, stubborn, own.policy);
    own.remove();
    expect(limited).toMatchObject({ outcome: 'timed-out', stdout: 'up\n' });
    expect(free.stdout).toBe('up\nover\n');
  });
});
