import { z } from 'zod';
import { getQuestion, listQuestions, waitingQuestions } from '../../db/question-views.js';
import { requireRunId } from '../../db/run-views.js';
import { uuid } from '../../schema/api/fields.js';
import { answer, answered, question, questionCount, questionPage, questionQuery } from '../../schema/api/question.js';
import { answerQuestion } from '../answer.js';
import { route } from '../route.js';

const tag = 'Questions';
const params = z.object({ id: uuid });
const words = (text: string | null | undefined): string | null => (text === '' ? null : (text ?? null));

export const questionRoutes = [
  route({
    method: 'get',
    path: '/questions',
    id: 'listQuestions',
    tag,
    summary: 'What agents and Baton ask of people, and what was answered',
    role: 'reader',
    query: questionQuery,
    response: questionPage,
    handle: ({ query: { run, ...filter }, principal, read }) =>
      read(async (tx) =>
        listQuestions(tx, { ...filter, ...(run !== undefined && { run: await requireRunId(tx, run) }) }, principal),
      ),
  }),
  route({
    method: 'get',
    path: '/questions/count',
    id: 'countQuestions',
    tag,
    summary: 'How many questions are open, and how many of them wait for you',
    role: 'reader',
    response: questionCount,
    handle: ({ principal, read }) =>
      read(async (tx) => {
        const { me, others } = await waitingQuestions(tx, principal);
        return { open: me.length + others.length, mine: me.length };
      }),
  }),
  route({
    method: 'get',
    path: '/questions/:id',
    id: 'getQuestion',
    tag,
    summary: 'One question',
    role: 'reader',
    params,
    response: question,
    handle: ({ params: { id }, principal, read }) => read((tx) => getQuestion(tx, id, principal)),
  }),
  route({
    method: 'post',
    path: '/questions/:id/answer',
    id: 'answerQuestion',
    tag,
    summary:
      'Answer a question. Where no reply comes in time (503 `decision-unknown`) the same Idempotency-Key can be sent again: it counts once',
    role: 'reviewer',
    action: 'question.answer',
    params,
    body: answer,
    response: answered,
    handle: (call, deps) => {
      const { option = null, text, reason } = call.body;
      const given = { option, text: words(text), reason: words(reason) };
      call.about(`question:${call.params.id}`, given);
      return answerQuestion(call, call.params.id, given, deps);
    },
  }),
];
