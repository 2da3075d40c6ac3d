import { jobRoles } from '../db/people.js';
import { getQuestion } from '../db/question-views.js';
import { BatonError } from '../domain/errors.js';
import type { Answer } from '../domain/question.js';
import type { ApiDeps } from './deps.js';
import type { Call } from './route.js';
import { sendUpdate, type UpdateWords } from './send-update.js';

const WORDS: UpdateWords = {
  refused: 'answer-refused',
  unknown:
    'The step did not reply in time: no worker may be running. The answer may still count; send it again with the same Idempotency-Key to see.',
  ended: { code: 'question-not-open', message: 'The step has ended; there is nothing to answer any more.' },
};

/**
 * Brings a person's answer to the step that asks, which alone decides whether it counts. The update's id is made of the
 * request's key: sent again, it is the same update, and counts once.
 */
export async function answerQuestion(call: Call, id: string, given: Omit<Answer, 'by'>, deps: ApiDeps) {
  const { personId, handle } = call.principal;
  const { question, workflowId, roles } = await call.read(async (tx) => {
    const found = await getQuestion(tx, id, call.principal);
    const row = await tx
      .selectFrom('questions as q')
      .innerJoin('runs as r', 'r.id', 'q.run_id')
      .select(['q.workflow_id as workflowId', 'r.project_id as projectId'])
      .where('q.id', '=', id)
      .executeTakeFirstOrThrow();
    return { question: found, workflowId: row.workflowId, roles: await jobRoles(tx, row.projectId, personId) };
  });
  const answered = { question: id, option: given.option };
  if (question.status !== 'open') {
    // The reply to an earlier try was lost, but its answer was taken.
    const { answer } = question;
    if (call.again && answer?.by === handle && answer.option === given.option && answer.text === given.text)
      return answered;
    throw new BatonError(
      'question-not-open',
      `This question is ${question.status}; there is nothing to answer any more.`,
    );
  }
  const answer: Answer = { by: { id: personId, handle, roles }, ...given };
  await sendUpdate<undefined, [string, Answer]>(
    deps,
    { workflowId, name: 'answer', args: [id, answer], updateId: `${id}/${call.key}` },
    WORDS,
  );
  return answered;
}
