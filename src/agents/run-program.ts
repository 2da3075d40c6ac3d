import type { JsonObject } from '../domain/json.js';
import type { ReadOnlyBind } from '../sandbox/policy.js';
import { brokenOff, type BrokenOff } from './broken-off.js';
import type { AgentContext, AgentOutcome } from './harness.js';
import { JsonLines } from './json-lines.js';

export interface Program {
  readonly argv: readonly string[];
  readonly readOnly: readonly ReadOnlyBind[];
}

/** Runs a program that speaks the JSON-lines protocol: the request on stdin, log, usage, checklist and result or question on stdout. */
export async function runProgram(
  { argv, readOnly }: Program,
  request: JsonObject,
  context: AgentContext,
): Promise<AgentOutcome> {
  const lines = new JsonLines(context.log, context.checklist);
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
  const failed = (why: BrokenOff): AgentOutcome => ({ kind: 'failed', ...why, usage: lines.usage });
  const broken = brokenOff(result, context);
  if (broken) return failed(broken);
  if (lines.fault) return failed({ code: lines.fault.code, message: lines.fault.message, retryable: true });
  const { answer, question, usage } = lines;
  return question ? { kind: 'asked', question, usage } : { kind: 'answered', answer: answer!, usage };
}
