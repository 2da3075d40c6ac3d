import { USUAL_SANDBOX, type SandboxSettings } from '../../domain/sandbox-settings.js';
import type { Command, CommandResult } from '../command.js';

const MIB = 1024 * 1024;

/** What all processes of a sandbox together may take. docs/agents.md says what enforces each, and where. */
export interface Limits {
  readonly memoryBytes: number;
  /** In CPUs, such as 0.5; null: whatever is free. */
  readonly cpus: number | null;
  /** Threads included. */
  readonly processes: number;
  /** Of one file. */
  readonly fileBytes: number;
  /** What the workspace and the home together may hold, what was there before included; `/tmp` is memory. */
  readonly diskBytes: number;
}

/** A coding agent's, and those of the repository's own tools (R7.3). */
export const WORKING_LIMITS: Limits = {
  memoryBytes: USUAL_SANDBOX.memoryMib * MIB,
  cpus: null,
  processes: USUAL_SANDBOX.processes,
  fileBytes: USUAL_SANDBOX.fileMib * MIB,
  diskBytes: USUAL_SANDBOX.diskMib * MIB,
};

/** The limits where some of them are set anew. */
export const limitsOf = (usual: Limits, settings: SandboxSettings): Limits => {
  const { memoryMib, cpus, processes, fileMib, diskMib } = settings;
  return {
    memoryBytes: memoryMib === undefined ? usual.memoryBytes : memoryMib * MIB,
    cpus: cpus ?? usual.cpus,
    processes: processes ?? usual.processes,
    fileBytes: fileMib === undefined ? usual.fileBytes : fileMib * MIB,
    diskBytes: diskMib === undefined ? usual.diskBytes : diskMib * MIB,
  };
};

/** Why a command was ended. */
export type ExceededLimit = 'out-of-memory' | 'disk-limit';

/** Which limit a command was ended for, as people read it; null: for none. */
export function exceeded(
  { outcome }: Pick<CommandResult, 'outcome'>,
  { timeoutMs }: Pick<Command, 'timeoutMs'>,
  { memoryBytes, diskBytes }: Limits,
): string | null {
  switch (outcome) {
    case 'timed-out':
      return `it did not end within ${Math.round(timeoutMs / 1000)} s`;
    case 'out-of-memory':
      return `it used more than ${Math.round(memoryBytes / MIB)} MiB of memory`;
    case 'disk-limit':
      return `it left more than ${Math.round(diskBytes / MIB)} MiB in its workspace and its home`;
    case 'hung':
      return 'it said nothing for too long';
    case 'output-limit':
      return 'it printed more than Baton reads';
    default:
      return null;
  }
}
