import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineUpdate,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import {
  answerersOf,
  MAX_PERMISSION_REQUESTS,
  MAX_QUESTIONS,
  refuseAnswer,
  type Answer,
  type GivenAnswer,
  type Question,
  type QuestionActivities,
} from '../domain/question.js';
import type { AgentStepRequest } from '../domain/work.js';
import { record } from './activities.js';
import { failWith } from './failure.js';

export const answer = defineUpdate<undefined, [question: string, answer: Answer]>('answer');

type Asker = Pick<Parameters<QuestionActivities['askQuestion']>[0], 'by' | 'agent' | 'attempt'>;

interface Open {
  readonly id: string;
  readonly question: Question;
  /** Made, so that nobody answers twice while the first is being written. */
  made: Answer | null;
  /** Written: what the step goes on with. */
  written: Answer | null;
}

/** Written also where the step is cancelled meanwhile: a question that is opened late would stay open. */
const whole = (write: () => Promise<void>): Promise<void> => CancellationScope.nonCancellable(write);

/** The questions of one step, one at a time. An answer counts, and is confirmed, when it is written. */
export function openQuestions({ ref, questions }: Pick<AgentStepRequest, 'ref' | 'questions'>) {
  const answerers = answerersOf(ref.run.requestedBy);
  let open: Open | null = null;
  let asked = 0;
  let requested = 0;

  const find = (id: string, given: Answer): Open => {
    const refused =
      open?.id !== id || open.made !== null
        ? { code: 'question-not-open', message: 'This question is answered already, or not open any more' }
        : refuseAnswer(open.question, answerers, given);
    if (refused) throw ApplicationFailure.nonRetryable(refused.message, refused.code);
    return open!;
  };

  setHandler(
    answer,
    async (id, given) => {
      const of = find(id, given);
      of.made = given;
      try {
        await whole(() => record.answerQuestion({ ref, id, answer: given }));
      } catch (error) {
        of.made = null;
        throw error;
      }
      of.written = given;
      return undefined;
    },
    // Validators run synchronously: an async one could never refuse.
    { validator: (id: string, given: Answer) => void find(id, given) },
  );

  /** Asks, and waits for the answer as long as the step says; null where nobody gave one. */
  async function ask(question: Question, asker: Asker): Promise<GivenAnswer | null> {
    if (question.permission) requested += 1;
    else if (asker.by === 'agent') asked += 1;
    if (asked > MAX_QUESTIONS || requested > MAX_PERMISSION_REQUESTS) {
      const message = `${ref.name} has asked ${asked > MAX_QUESTIONS ? MAX_QUESTIONS : MAX_PERMISSION_REQUESTS} questions; it may ask no more`;
      throw failWith({ code: 'too-many-questions', message });
    }
    const id = uuid4();
    const own: Open = (open = { id, question, made: null, written: null });
    const { workflowId } = workflowInfo();
    const expiresAtMs = Date.now() + questions.answerWithinMs;
    try {
      await whole(() => record.askQuestion({ ref, id, question, answerers, ...asker, workflowId, expiresAtMs }));
      // An answer that was made in time counts, also where it is still being written.
      if (!(await condition(() => own.written !== null, Math.max(expiresAtMs - Date.now(), 1))))
        await condition(() => own.written !== null || own.made === null);
      if (own.written === null) {
        await record.closeQuestion({ ref, id, outcome: 'expired' });
        return null;
      }
      const { by, ...given } = own.written;
      const { text: asks, permission } = question;
      return { question: asks, ...given, by: by.handle, ...(permission && { permission }) };
    } catch (error) {
      await whole(() => record.closeQuestion({ ref, id, outcome: 'cancelled' }));
      throw error;
    } finally {
      open = null;
    }
  }

  return { ask };
}

export type Questions = ReturnType<typeof openQuestions>;
