import { keepable } from '../../domain/keepable.js';
import { permissionQuestion } from '../../domain/permission-request.js';
import type { AgentOutcome, AgentRequest } from '../harness.js';
import type { CodingProgram, Conclusion } from './coding-program.js';
import { readAnswer } from './read-answer.js';

/** What an attempt comes to, by what its program said of its end. */
export function outcomeOf(
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
