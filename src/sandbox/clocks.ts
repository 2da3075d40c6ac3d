import type { Clocks, Notice } from './command.js';

const SILENT_MS = 30_000;

/**
 * The clocks of a tool that has `timeoutMs`: 30 s of silence are told, half of its time in silence is a hang, and at four
 * fifths of its time that is told. Tools print when they are done, so `hungMs` is the command's own to say; null: never.
 */
export function clocksOf(timeoutMs: number, hungMs: number | null = timeoutMs / 2): Clocks {
  return { silentMs: Math.min(SILENT_MS, hungMs === null ? SILENT_MS : hungMs / 2), hungMs, lateMs: timeoutMs * 0.8 };
}

const OFF: Clocks = { silentMs: null, hungMs: null, lateMs: null };

export interface ClockEvents {
  readonly onNotice: (notice: Notice) => void;
  readonly onHung: () => void;
}

/** The clocks of one command while it runs. What a listener takes its time for is no silence of the command. */
export class RunningClocks {
  readonly #silence: readonly NodeJS.Timeout[];
  readonly #late: NodeJS.Timeout | undefined;
  #held = 0;

  constructor({ silentMs, hungMs, lateMs }: Clocks = OFF, { onNotice, onHung }: ClockEvents) {
    const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
    const hung = hungMs === null ? '' : `; it counts as hung after ${seconds(hungMs)}`;
    this.#silence = [
      ...this.#after(silentMs, (ms) =>
        onNotice({ kind: 'silent', what: `has said nothing for ${seconds(ms)}${hung}` }),
      ),
      ...this.#after(hungMs, onHung),
    ];
    if (lateMs !== null) {
      const what = `has run for ${seconds(lateMs)}, and its time is nearly over`;
      this.#late = setTimeout(() => onNotice({ kind: 'late', what }), lateMs);
    }
  }

  /** The command has said something. */
  heard(): void {
    for (const timer of this.#silence) timer.refresh();
  }

  /** Nobody listens until `waited` settles. */
  async hold(waited: Promise<void>): Promise<void> {
    this.#held += 1;
    try {
      await waited;
    } finally {
      this.#held -= 1;
      this.heard();
    }
  }

  stop(): void {
    for (const timer of this.#silence) clearTimeout(timer);
    clearTimeout(this.#late);
  }

  #after(ms: number | null, act: (ms: number) => void): NodeJS.Timeout[] {
    if (ms === null) return [];
    const timer = setTimeout(() => (this.#held > 0 ? timer.refresh() : act(ms)), ms);
    return [timer];
  }
}
