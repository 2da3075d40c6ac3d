import { keepable } from '../../domain/keepable.js';
import { permissionQuestion } from '../../domain/permission-request.js';
import type { CommandResult } from '../../sandbox/command.js';
import { brokenOff } from '../broken-off.js';
import type { AgentContext, AgentOutcome, AgentRequest } from '../harness.js';
import type { CodingProgram, Conclusion } from './coding-program.js';
import { readAnswer } from './read-answer.js';
import { tellStuck, type ProgramWatch } from './watch.js';

/** How a program ended. */
interface End {
  readonly conclusion: Conclusion;
  readonly result: CommandResult;
  readonly stuck: ProgramWatch['stuck'];
  /** Whether it had said all that there was to say, and was ended for that. */
  readonly wasOver: boolean;
}

/** What an attempt comes to: by how its program ended, and else by what it said of that. */
export function outcomeOf(
  program: CodingProgram,
  { conclusion, result, stuck, wasOver }: End,
  request: AgentRequest,
  context: AgentContext,
): AgentOutcome {
  const { usage, session, verdict } = conclusion;
  const isEndedByUs = result.outcome === 'cancelled' && !context.signal.aborted;
  if (stuck && isEndedByUs) {
    const message = keepable(tellStuck(program.title, stuck));
    return { kind: 'failed', code: 'agent-stuck', message, retryable: true, usage, session };
  }
  const broken = wasOver && isEndedByUs ? null : brokenOff(result, context);
  // What the program itself says of its end tells more than its exit code.
  if (broken && (broken.code !== 'agent-exited' || verdict.kind === 'done' || verdict.kind === 'unsaid'))
    return { kind: 'failed', ...broken, usage, session };
  return outcomeBy(program, conclusion, request);
}

function outcomeBy(
  program: CodingProgram,
  { verdict, session, usage }: Conclusion,
  request: AgentRequest,
): AgentOutcome {
  const failed = (code: string, message: string, retryable: boolean): AgentOutcome => ({
    kind: 'failed',
    code,
    message: keepable(message),
    retryable,
    usage,
    session,
  });
  switch (verdict.kind) {
    case 'failed':
      return failed('agent-failed', `${program.title} failed: ${verdict.message}`, verdict.retryable);
    case 'limited':
      return {
        kind: 'limited',
        provider: program.provider,
        message: keepable(verdict.message),
        resetAtMs: verdict.resetAtMs,
        usage,
        session,
      };
    case 'unsaid':
      return failed('agent-output-invalid', `${program.title} ended without saying how.`, true);
    case 'asks': {
      const question = permissionQuestion(program.title, keepable(verdict.what), verdict.permission);
      return { kind: 'asked', question: { ...question, session }, usage, session };
    }
    case 'done': {
      const said = readAnswer(verdict.text, request.mode, session);
      if (typeof said !== 'string') return { ...said, usage };
      return failed('agent-output-invalid', `The last message of ${program.title} ${said}.`, true);
    }
  }
}
