import { statfsSync } from 'node:fs';
import { HelperFailed, runHelper } from '../run-helper.js';

const TICK_MS = 250;
/** The tree as it was found is counted once the command turns out to last. */
const FIRST_MS = 5_000;
const EVERY_MS = 60_000;
/** Counting takes no more than one part in so many of the time. */
const REST = 20;
const COUNT_SECONDS = 60;
/** What a file takes beside its content; a million empty ones are not nothing. */
const INODE_BYTES = 4_096;

export interface DiskWatch {
  stop(): void;
  /**
   * Counts whether more than the limit lies there now. The free space is not asked first: it also rises when somebody
   * else on the machine deletes something, and hides what was written here.
   */
  isExceeded(): Promise<boolean>;
}

/**
 * Watches how much folders hold together. Nothing that an ordinary user may set limits a folder: the free space of the
 * file system is asked often, which costs nothing, and only where it fell so far that the limit may be reached, or now
 * and then, everything is counted.
 */
export function watchDisk(folders: readonly string[], limitBytes: number, onExceeded: () => void): DiskWatch {
  let roomBytes = limitBytes;
  let freeThen = folders.map(freeSpace);
  let dueAt = performance.now() + FIRST_MS;
  let notBefore = 0;
  let counting: Promise<unknown> | null = null;

  // Folders of one file system see the same: the most that one of them sees is meant.
  const fallenBytes = (): number =>
    Math.max(...folders.map((folder, index) => difference(freeThen[index]!, freeSpace(folder))));
  const count = async (priority: Priority): Promise<boolean> => {
    const startedAt = performance.now();
    const free = folders.map(freeSpace);
    const fallen = fallenBytes();
    const { bytes, whole } = await countBytes(folders, priority);
    // What an agent closed cannot be counted: how the free space fell is what is known of it.
    const usedBytes = whole ? bytes : Math.max(bytes, limitBytes - roomBytes + fallen);
    roomBytes = limitBytes - usedBytes;
    freeThen = free;
    const now = performance.now();
    notBefore = now + REST * (now - startedAt);
    dueAt = Math.max(notBefore, now + EVERY_MS);
    return roomBytes < 0;
  };
  const look = async (): Promise<void> => {
    const now = performance.now();
    if (counting || now < notBefore || (now < dueAt && fallenBytes() < roomBytes)) return;
    const counted = count('background');
    counting = counted;
    const exceeded = await counted;
    counting = null;
    if (!exceeded || timer === null) return;
    stop();
    onExceeded();
  };
  const stop = (): void => {
    if (timer) clearInterval(timer);
    timer = null;
  };
  let timer: NodeJS.Timeout | null = setInterval(() => void look(), TICK_MS).unref();
  const isExceeded = async (): Promise<boolean> => {
    await counting;
    return count('awaited');
  };
  return { stop, isExceeded };
}

interface FreeSpace {
  readonly bytes: number;
  readonly inodes: number;
}

/** Null where the folder is gone: whoever works in it ends anyway. */
function freeSpace(folder: string): FreeSpace | null {
  try {
    const { bavail, bsize, ffree } = statfsSync(folder);
    return { bytes: bavail * bsize, inodes: ffree };
  } catch {
    return null;
  }
}

const difference = (then: FreeSpace | null, now: FreeSpace | null): number =>
  then && now ? Math.max(0, then.bytes - now.bytes) + Math.max(0, then.inodes - now.inodes) * INODE_BYTES : 0;

/** Whether the command is still at work beside it, or its result waits for the count. */
type Priority = 'background' | 'awaited';

/** Hard links count once. `whole` is false where a folder could not be entered. */
async function countBytes(
  folders: readonly string[],
  priority: Priority,
): Promise<{ readonly bytes: number; readonly whole: boolean }> {
  // `timeout` ends all of them.
  const du = 'du -sc -B1 -- "$@"; blocks=$?; du -sc --inodes -- "$@" && exit $blocks';
  const count = ['timeout', String(COUNT_SECONDS), 'sh', '-c', du, 'du', ...folders];
  const argv = priority === 'background' ? ['nice', '-n', '19', ...count] : count;
  try {
    return { bytes: totalOf(await runHelper(...argv)), whole: true };
  } catch (error) {
    if (!(error instanceof HelperFailed)) return { bytes: 0, whole: false };
    // Files that go while they are counted are no fault.
    const { exitCode, stdout, stderr } = error;
    return {
      bytes: totalOf(stdout),
      whole: exitCode !== null && exitCode !== TIMED_OUT && !stderr.includes('Permission denied'),
    };
  }
}

/** What `timeout` exits with. */
const TIMED_OUT = 124;

const totalOf = (stdout: string): number => {
  const [blocks = 0, inodes = 0] = [...stdout.matchAll(/^(\d+)\ttotal$/gm)].map(([, total]) => Number(total));
  return blocks + inodes * INODE_BYTES;
};
