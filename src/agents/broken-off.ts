import { keepable } from '../domain/keepable.js';
import type { CommandResult } from '../sandbox/command.js';
import type { AgentContext } from './harness.js';

export interface BrokenOff {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** Why a program of an agent did not come to its own good end; null where it did. */
export function brokenOff(
  result: CommandResult,
  { timeoutMs, policy }: Pick<AgentContext, 'timeoutMs' | 'policy'>,
): BrokenOff | null {
  switch (result.outcome) {
    case 'cancelled':
      return { code: 'cancelled', message: 'The attempt was cancelled.', retryable: false };
    case 'timed-out': {
      const message = `The agent did not end within ${Math.round(timeoutMs / 1000)} s.`;
      return { code: 'agent-timed-out', message, retryable: true };
    }
    case 'out-of-memory': {
      const message = `The agent used more than ${Math.round(policy.memoryBytes / 1024 ** 2)} MiB.`;
      return { code: 'agent-out-of-memory', message, retryable: true };
    }
    case 'output-limit':
      return { code: 'agent-output-too-large', message: 'The agent printed more than Baton keeps.', retryable: true };
    case 'exited': {
      if (result.exitCode === 0) return null;
      const end = keepable(result.tail.trim().slice(-500));
      const message = `The agent ended with exit code ${result.exitCode}: ${end}`;
      return { code: 'agent-exited', message, retryable: true };
    }
  }
}
