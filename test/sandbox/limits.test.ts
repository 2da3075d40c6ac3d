import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Refusal } from '../../src/sandbox/command.js';
import { createExecutor } from '../../src/sandbox/execute.js';
import { ControlGroup } from '../../src/sandbox/limits/control-group.js';
import { watchDisk } from '../../src/sandbox/limits/disk-watch.js';
import { findControlGroups, removeLeft } from '../../src/sandbox/limits/find-control-groups.js';
import { WORKING_LIMITS } from '../../src/sandbox/limits/limits.js';
import { asOrdinaryUser } from '../support/ordinary-user.js';
import { makeRoom, MIB, node, shell, withLimits } from './sandbox-fixture.js';

const groups = await findControlGroups();
const watched = createExecutor({ isolation: 'bubblewrap', controlGroups: () => Promise.resolve(null) });
const grouped = createExecutor({ isolation: 'bubblewrap' });
const withGroups = groups ? describe : describe.skip;

const room = makeRoom();
afterAll(room.remove);

/** Keeps so many MiB in each of so many processes. */
const keeps = (processes: number, mib: number): string => `
  const { spawn } = require('child_process');
  const hog = 'const kept = Buffer.alloc(${mib} * 1024 * 1024, 1); setTimeout(() => process.exit(kept[0] - 1), 1500)';
  for (let n = 0; n < ${processes}; n++) spawn('node', ['-e', hog], { stdio: 'ignore' });`;

describe.each([
  ['watched', watched, describe],
  ['in a control group', grouped, withGroups],
] as const)('memory, %s', (_how, execute, suite) => {
  suite('of all processes together', () => {
    it.each([
      ['over the limit ends them', 400, 'out-of-memory'],
      ['below it lets them be', 2_000, 'exited'],
    ] as const)('%s', async (_what, mib, outcome) => {
      const refusals: Refusal[] = [];
      const { outcome: found } = await execute(
        node(keeps(3, 160), { onRefusal: (refusal) => refusals.push(refusal) }),
        withLimits(room.policy, { memoryBytes: mib * MIB }),
      );
      expect(found).toBe(outcome);
      expect(refusals).toEqual(
        outcome === 'exited' ? [] : [{ kind: 'limit', what: 'node was ended: it used more than 400 MiB of memory' }],
      );
    });
  });
});

withGroups('a control group', () => {
  const folders = () => Object.values(groups!.below).flatMap((folder) => (folder === null ? [] : [folder]));
  const own = () =>
    folders().flatMap((folder) => readdirSync(folder).filter((name) => name.startsWith(`baton-${process.pid}-`)));

  it('holds the command and what it starts, and is gone with it', async () => {
    const { stdout } = await grouped(shell('cat /proc/self/cgroup; sleep 0'), room.policy);
    // Inside, its own group is the root of what it sees.
    expect(stdout).toMatch(/:memory:\/$|^0::\/$/m);
    expect(own()).toEqual([]);
  });

  it('counts what lies in /tmp', async () => {
    const fill =
      'for n in 1 2 3; do head -c 60M /dev/zero > /tmp/$n; head -c 60M /dev/zero > /dev/shm/$n; done; echo filled';
    const tight = withLimits(room.policy, { memoryBytes: 256 * MIB });
    const { outcome } = await grouped(shell(fill), tight);
    expect(outcome).toBe('out-of-memory');
  });

  it('has the CPUs that it is given', async () => {
    const group = ControlGroup.make(groups!, { ...WORKING_LIMITS, cpus: 0.5 })!;
    const [name] = own();
    const file = groups!.version === 2 ? 'cpu.max' : 'cpu.cfs_quota_us';
    const quota = groups!.below.cpu === null ? null : readFileSync(join(groups!.below.cpu, name!, file), 'utf8').trim();
    await group.remove();
    if (groups!.below.cpu !== null) expect(quota).toMatch(/^50000( 100000)?$/);
    expect(own()).toEqual([]);
  });

  it('that a worker left is removed by the next one', () => {
    const dead = folders().map((folder) => join(folder, 'baton-999999999-1'));
    for (const folder of dead) mkdirSync(folder, { recursive: true });
    removeLeft(groups!);
    for (const folder of folders()) expect(readdirSync(folder)).not.toContain('baton-999999999-1');
  });
});

describe('a file', () => {
  it('can be as large as the limit and no larger', async () => {
    const { stdout } = await watched(
      shell('head -c 5M /dev/zero > big; stat -c %s big'),
      withLimits(room.policy, { fileBytes: 2 * MIB }),
    );
    expect(stdout).toBe(`${2 * MIB}\n`);
  });
});

describe('the disk', () => {
  const writes = (mib: number, where = '.'): string =>
    `for n in $(seq ${mib / 8}); do head -c 8M /dev/zero > ${where}/$n; done; sleep ${mib > 100 ? 30 : 0}`;

  it.each(['.', '/home/agent'])('full over its limit in %s ends the command', async (where) => {
    const own = makeRoom();
    const refusals: Refusal[] = [];
    const { outcome } = await watched(
      shell(writes(256, where), { onRefusal: (refusal) => refusals.push(refusal) }),
      withLimits(own.policy, { diskBytes: 128 * MIB }),
    );
    own.remove();
    expect(outcome).toBe('disk-limit');
    expect(refusals).toMatchObject([{ kind: 'limit', what: expect.stringContaining('128 MiB') as string }]);
  });

  it('is counted when the command has ended, also where somebody else made room meanwhile', async () => {
    const own = makeRoom();
    const elsewhere = join(own.root, 'elsewhere');
    writeFileSync(elsewhere, Buffer.alloc(256 * MIB, 1));
    const { outcome } = await watched(
      shell(`${writes(64)}; echo written`, { onOutput: () => rmSync(elsewhere) }),
      withLimits(own.policy, { diskBytes: 32 * MIB }),
    );
    own.remove();
    expect(outcome).toBe('disk-limit');
  });

  it('counts what was allocated, and files that are empty', async () => {
    const own = makeRoom();
    const policy = withLimits(own.policy, { diskBytes: 32 * MIB });
    const allocated = await watched(shell('fallocate -l 64M sparse-not'), policy);
    const empty = await watched(
      node('for (let n = 0; n < 10000; n++) require("fs").writeFileSync("e" + n, "")'),
      withLimits(makeRoomLike(own), { diskBytes: 32 * MIB }),
    );
    own.remove();
    expect([allocated.outcome, empty.outcome]).toEqual(['disk-limit', 'disk-limit']);
  });

  it('lets be what was there before and stays below', async () => {
    const own = makeRoom();
    writeFileSync(join(own.workspace, 'before'), Buffer.alloc(16 * MIB, 1));
    const { outcome } = await watched(shell(writes(8)), withLimits(own.policy, { diskBytes: 64 * MIB }));
    own.remove();
    expect(outcome).toBe('exited');
  });

  it('is judged by what became less free, where a folder is closed', async () => {
    const own = makeRoom();
    await asOrdinaryUser(own.root, async () => {
      const watch = watchDisk([own.workspace], 16 * MIB, () => undefined);
      const closed = join(own.workspace, 'closed');
      mkdirSync(closed);
      writeFileSync(join(closed, 'big'), Buffer.alloc(64 * MIB, 1));
      chmodSync(closed, 0);
      const before = Date.now();
      while (!(await watch.isExceeded()) && Date.now() - before < 10_000) await sleep(50);
      expect(await watch.isExceeded()).toBe(true);
      watch.stop();
      chmodSync(closed, 0o700);
    });
    own.remove();
  });
});

/** Another workspace of the same room. */
function makeRoomLike({ root, policy }: ReturnType<typeof makeRoom>) {
  const path = join(root, 'workspace-2');
  mkdirSync(path);
  return { ...policy, workspace: { path, writable: true } };
}
