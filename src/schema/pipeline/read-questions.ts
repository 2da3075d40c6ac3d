import { PAID_QUESTION_DEFAULTS, type QuestionSettings } from '../../domain/question.js';
import { quote, type Problems } from './diagnostic.js';
import { readDuration } from './duration.js';
import { type Field, readText } from './fields.js';

/** Words for them, of a step or of the pipeline as a whole. */
export const QUESTION_VOCABULARY = { onFailure: ['onFailure'], answerWithin: ['answerWithin'] } as const;

type QuestionFields = Readonly<Partial<Record<keyof typeof QUESTION_VOCABULARY, Field>>>;

/** How agents' steps ask people; null where nobody says, neither here nor as `usual`. */
export function readQuestions(
  { onFailure, answerWithin }: QuestionFields,
  usual: QuestionSettings | null,
  problems: Problems,
): QuestionSettings | null {
  if (!onFailure && !answerWithin) return usual;
  const { answerWithinMs, askOnFailure, askWhenBlocked } = usual ?? PAID_QUESTION_DEFAULTS;
  const asked = readOnFailure(onFailure, problems);
  return {
    answerWithinMs: readDuration(answerWithin, problems) ?? answerWithinMs,
    askOnFailure: asked ?? askOnFailure,
    askWhenBlocked: asked ?? askWhenBlocked ?? false,
  };
}

function readOnFailure(field: Field | undefined, problems: Problems): boolean | null {
  const text = readText(field, problems);
  if (!field || text === null) return null;
  if (text === 'ask' || text === 'fail') return text === 'ask';
  problems.error(
    'bad-value',
    field.value,
    `${quote(field.key)} is \`ask\` or \`fail\`, not ${quote(text)}`,
    problems.didYouMean(text, ['ask', 'fail']) ?? '`ask` asks people before the step fails',
  );
  return null;
}
