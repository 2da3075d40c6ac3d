import type { JsonObject } from '../domain/json.js';
import { keepable } from '../domain/keepable.js';
import type { ReadOnlyBind } from '../sandbox/policy.js';
import type { AgentContext, AgentOutcome } from './harness.js';
import { JsonLines } from './json-lines.js';

export interface Program {
  readonly argv: readonly string[];
  readonly readOnly: readonly ReadOnlyBind[];
}

/** Runs a program that speaks the JSON-lines protocol: the request on stdin, log, usage and result on stdout. */
export async function runProgram(
  { argv, readOnly }: Program,
  request: JsonObject,
  context: AgentContext,
): Promise<AgentOutcome> {
  const lines = new JsonLines(context.log);
  const result = await context.execute(
    {
      argv,
      stdin: JSON.stringify(request),
      timeoutMs: context.timeoutMs,
      signal: context.signal,
      maxOutputBytes: 0,
      onOutput: (stream, chunk) => {
        if (stream === 'stdout') lines.push(chunk);
        else context.log(chunk.toString('utf8').trimEnd());
      },
    },
    { ...context.policy, readOnly: [...(context.policy.readOnly ?? []), ...readOnly] },
  );
  lines.end();
  const failed = (code: string, message: string, retryable: boolean): AgentOutcome => ({
    kind: 'failed',
    code,
    message,
    retryable,
    usage: lines.usage,
  });
  switch (result.outcome) {
    case 'cancelled':
      return failed('cancelled', 'The attempt was cancelled.', false);
    case 'timed-out':
      return failed('agent-timed-out', `The agent did not end within ${Math.round(context.timeoutMs / 1000)} s.`, true);
    case 'out-of-memory':
      return failed(
        'agent-out-of-memory',
        `The agent used more than ${Math.round(context.policy.memoryBytes / 1024 ** 2)} MiB.`,
        true,
      );
    case 'output-limit':
      return failed('agent-output-too-large', 'The agent printed more than Baton keeps.', true);
    case 'exited':
      if (result.exitCode !== 0)
        return failed(
          'agent-exited',
          `The agent ended with exit code ${result.exitCode}: ${keepable(result.tail.trim().slice(-500))}`,
          true,
        );
      if (lines.fault) return failed(lines.fault.code, lines.fault.message, true);
      return { kind: 'answered', answer: lines.answer!, usage: lines.usage };
  }
}
