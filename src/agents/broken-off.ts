import { tellEnd } from '../domain/command-failure.js';
import { keepable } from '../domain/keepable.js';
import { isJsonObject } from '../domain/json.js';
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
    case 'hung': {
      const words = lastWords(result.tail);
      const message = `The agent ${tellEnd(result)}.${words === '' ? '' : ` Its last lines:\n${words}`}`;
      return { code: 'safety-net-triggered', message, retryable: true };
    }
    case 'timed-out': {
      const message = `The agent did not end within ${Math.round(timeoutMs / 1000)} s.`;
      return { code: 'agent-timed-out', message, retryable: true };
    }
    case 'out-of-memory': {
      const message = `The agent used more than ${Math.round(policy.limits.memoryBytes / 1024 ** 2)} MiB.`;
      return { code: 'agent-out-of-memory', message, retryable: true };
    }
    case 'disk-limit': {
      const message = `The agent left more than ${Math.round(policy.limits.diskBytes / 1024 ** 2)} MiB in its worktree and its home.`;
      return { code: 'agent-disk-full', message, retryable: true };
    }
    case 'output-limit':
      return { code: 'agent-output-too-large', message: 'The agent printed more than Baton keeps.', retryable: true };
    case 'exited': {
      if (result.exitCode === 0) return null;
      const words = lastWords(result.tail);
      const message = `The agent ended with exit code ${result.exitCode}${words === '' ? ', and said nothing.' : `: ${words}`}`;
      return { code: 'agent-exited', message, retryable: true };
    }
  }
}

const LAST_WORDS = 500;

/** The end of what a program printed, as people read it: the messages of its log, and what is no line of the protocol. */
function lastWords(printed: string): string {
  const words = printed.split('\n').flatMap((line) => {
    const said = parseLine(line);
    if (!isJsonObject(said)) return [line];
    return typeof said['message'] === 'string' ? [said['message']] : [];
  });
  return keepable(words.join('\n').trim().slice(-LAST_WORDS));
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
