import { failureCause } from './failure-cause.js';
import { lastLines } from './output-lines.js';

/** How a command ended that did not succeed. */
export interface CommandEnd {
  readonly outcome: 'exited' | 'timed-out' | 'hung' | 'cancelled' | 'out-of-memory' | 'output-limit' | 'disk-limit';
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The end of what it printed. */
  readonly tail: string;
  readonly durationMs: number;
  /** How long it had printed nothing when it ended. */
  readonly silentMs: number;
}

const seconds = (ms: number): string => `${Math.max(1, Math.round(ms / 1000))} s`;

/** How a command ended, as people read it behind its name: `failed with exit code 1 after 12 s`. */
export function tellEnd({ outcome, exitCode, signal, tail, durationMs, silentMs }: CommandEnd): string {
  switch (outcome) {
    case 'exited': {
      const how = exitCode === null ? `was ended by ${signal ?? 'a signal'}` : `failed with exit code ${exitCode}`;
      return `${how} after ${seconds(durationMs)}`;
    }
    case 'hung': {
      const silence = tail.trim() === '' ? 'it printed nothing at all' : 'it printed nothing more';
      return `hung: ${silence} for ${seconds(silentMs)}, and was ended after ${seconds(durationMs)}`;
    }
    case 'timed-out':
      return `did not end in time, and was ended after ${seconds(durationMs)}`;
    case 'cancelled':
      return `was cancelled after ${seconds(durationMs)}`;
    case 'out-of-memory':
      return `used too much memory, and was ended after ${seconds(durationMs)}`;
    case 'disk-limit':
      return `filled its disk space, and was ended after ${seconds(durationMs)}`;
    case 'output-limit':
      return `printed without end, and was ended after ${seconds(durationMs)}`;
  }
}

/** How a command ended, and why where its output says so. */
export function tellReason(end: CommandEnd): string {
  const cause = end.outcome === 'exited' ? failureCause(end.tail) : null;
  return `${tellEnd(end)}${cause === null ? '' : `: ${cause}`}`;
}

/** How a command ended, why, and the last lines that it printed: what people need to fix it. */
export function tellFailure(end: CommandEnd): string {
  const lines = lastLines(end.tail);
  const head = tellReason(end);
  if (lines === '') return end.outcome === 'hung' ? `${head}.` : `${head}. It printed nothing.`;
  // The one line that there is stands there already.
  if (head.endsWith(`: ${lines}`)) return `${head}.`;
  return `${head}${/[.!?]$/.test(head) ? '' : '.'} Its last lines:\n${lines}`;
}
