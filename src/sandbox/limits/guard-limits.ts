import type { ProcessEntry } from '../process-table.js';
import type { ControlGroup } from './control-group.js';
import { watchDisk } from './disk-watch.js';
import type { ExceededLimit, Limits } from './limits.js';
import { watchMemory } from './memory-watchdog.js';

const TICK_MS = 250;

interface Guarded {
  readonly limits: Limits;
  /** Null: the processes are looked at instead. */
  readonly group: ControlGroup | null;
  readonly members: (table: ReadonlyMap<number, ProcessEntry>) => readonly ProcessEntry[];
  /** What the command may write to, beside memory. */
  readonly folders: readonly string[];
}

export interface LimitGuard {
  /** Calls back once a limit is exceeded that the kernel does not refuse by itself. */
  watch(onExceeded: (limit: ExceededLimit) => void): void;
  stop(): void;
  /** What was exceeded at the very end, after the last look. */
  exceededAtEnd(): Promise<ExceededLimit | null>;
}

/** Watches the limits of one command that has been started. */
export function guardLimits({ limits, group, members, folders }: Guarded): LimitGuard {
  const unwatch: (() => void)[] = [];
  let isDiskExceeded = (): Promise<boolean> => Promise.resolve(false);
  return {
    watch(onExceeded) {
      const outOfMemory = (): void => onExceeded('out-of-memory');
      unwatch.push(
        group
          ? watchGroup(group, outOfMemory)
          : watchMemory({ limitBytes: limits.memoryBytes, members, onExceeded: outOfMemory }),
      );
      const disk = watchDisk(folders, limits.diskBytes, () => onExceeded('disk-limit'));
      unwatch.push(() => disk.stop());
      isDiskExceeded = () => disk.isExceeded();
    },
    stop() {
      for (const end of unwatch.splice(0)) end();
    },
    async exceededAtEnd() {
      if (group?.ranOutOfMemory()) return 'out-of-memory';
      return (await isDiskExceeded()) ? 'disk-limit' : null;
    },
  };
}

/** In version 1 the kernel ends one process of many: the others go with it. */
function watchGroup(group: ControlGroup, onExceeded: () => void): () => void {
  const timer = setInterval(() => {
    if (!group.ranOutOfMemory()) return;
    clearInterval(timer);
    onExceeded();
  }, TICK_MS).unref();
  return () => clearInterval(timer);
}
