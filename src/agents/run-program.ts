import type { JsonObject } from '../domain/json.js';
import { keepable } from '../domain/keepable.js';
import type { ReadOnlyBind } from '../sandbox/policy.js';
import type { AgentEvent } from './agent-event.js';
import { brokenOff, type BrokenOff } from './broken-off.js';
import { ProgramWatch, tellStuck } from './coding/watch.js';
import type { AgentContext, AgentOutcome } from './harness.js';
import { JsonLines } from './json-lines.js';
import { Lines } from './lines.js';

export interface Program {
  readonly argv: readonly string[];
  readonly readOnly: readonly ReadOnlyBind[];
}

/**
 * Runs a program that speaks the JSON-lines protocol: the request on stdin, log, usage, checklist, what it does, and result
 * or question on stdout. One that gets nowhere is ended.
 */
export async function runProgram(
  { argv, readOnly }: Program,
  request: JsonObject,
  context: AgentContext,
): Promise<AgentOutcome> {
  const watch = new ProgramWatch(context.silenceMs);
  const lines = new JsonLines(watchedBy(watch, context));
  const errors = new Lines(context.log);
  const result = await context.execute(
    {
      argv,
      stdin: JSON.stringify(request),
      timeoutMs: context.timeoutMs,
      signal: AbortSignal.any([context.signal, watch.signal]),
      maxOutputBytes: 0,
      onOutput: (stream, chunk) => {
        watch.heard();
        if (stream === 'stdout') lines.push(chunk);
        else errors.push(chunk);
      },
    },
    { ...context.policy, readOnly: [...(context.policy.readOnly ?? []), ...readOnly] },
  );
  watch.close();
  lines.end();
  errors.end();
  const failed = (why: BrokenOff): AgentOutcome => ({ kind: 'failed', ...why, usage: lines.usage });
  if (watch.stuck && result.outcome === 'cancelled' && !context.signal.aborted)
    return failed({
      ...{ code: 'agent-stuck', retryable: true },
      message: keepable(tellStuck('The agent', watch.stuck)),
    });
  const broken = brokenOff(result, context);
  if (broken) return failed(broken);
  if (lines.fault) return failed({ code: lines.fault.code, message: lines.fault.message, retryable: true });
  const { answer, question, usage } = lines;
  return question ? { kind: 'asked', question, usage } : { kind: 'answered', answer: answer!, usage };
}

/**
 * Keeps what it says, and has it watched by what it does. Its marks of a checklist say nothing of that: who tells no more
 * may have done much between two that are the same.
 */
const watchedBy = (watch: ProgramWatch, { log, event, checklist, progress }: AgentContext) => ({
  log,
  checklist,
  event: (did: AgentEvent): void => {
    event(did);
    watch.see(did);
    if ('result' in did && did.result !== null) progress.turned();
  },
});
