import { Text } from '@mantine/core';
import type { Question } from '../../api/schemas';
import { Ago } from '../../components/time';
import classes from './questions.module.css';

/** What people answered, and when; nothing where nobody has. */
export function GivenAnswer({
  question: { answer, settledAt },
}: {
  readonly question: Pick<Question, 'answer' | 'settledAt'>;
}) {
  if (answer === null) return null;
  return (
    <Text size="sm" className={classes['text']} data-answered-by={answer.by}>
      {answer.by} answered <strong>{answer.option ?? answer.text}</strong>
      {answer.option !== null && answer.text !== null && `: ${answer.text}`}
      {answer.reason !== null && `, because: ${answer.reason}`}
      {settledAt !== null && (
        <>
          {' '}
          (<Ago time={settledAt} exact />)
        </>
      )}
    </Text>
  );
}
