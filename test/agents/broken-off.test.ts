import { brokenOff } from '../../src/agents/broken-off.js';
import type { AgentContext } from '../../src/agents/harness.js';
import type { CommandResult } from '../../src/sandbox/command.js';

const limits = { timeoutMs: 1_000, policy: {} } as AgentContext;
const exited = (tail: string, exitCode = 3) =>
  brokenOff({ outcome: 'exited', exitCode, tail } as CommandResult, limits)?.message;

describe('a program that ends with an exit code', () => {
  it('is told with the end of what it said, in the words of its log', () => {
    const printed = [
      '{"type":"log","message":"reading the code"}',
      '{"type":"usage","inputTokens":3}',
      'Error: no model answers',
      '{"type":"log","message":"giving up"}',
      '',
    ].join('\n');
    expect(exited(printed)).toBe(
      'The agent ended with exit code 3: reading the code\nError: no model answers\ngiving up',
    );
  });

  it('is told without it where it said nothing', () => {
    expect(exited('{"type":"usage","inputTokens":3}\n')).toBe('The agent ended with exit code 3, and said nothing.');
  });

  it('is nothing to be told with exit code 0', () => {
    expect(exited('x', 0)).toBeUndefined();
  });
});
