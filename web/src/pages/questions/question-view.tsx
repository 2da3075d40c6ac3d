import { Group, Stack, Text } from '@mantine/core';
import type { Question, StepStatus } from '../../api/schemas';
import { StatusBadge } from '../../components/status';
import { Ago } from '../../components/time';
import { AnswerForm } from './answer-form';
import { GivenAnswer } from './given-answer';
import classes from './questions.module.css';

/** A question looks as its step does. */
const STATUS: Readonly<Record<Question['status'], StepStatus>> = {
  open: 'waiting',
  answered: 'succeeded',
  expired: 'failed',
  cancelled: 'cancelled',
};

/** What is asked, and its answer; or the means to give one, or who has them. */
export function QuestionView({ question }: { readonly question: Question }) {
  const { status, askedBy, agent, text, askedAt, expiresAt, refusal, options } = question;
  const [first, ...more] = text.split('\n');
  return (
    <Stack gap="sm" component="section" aria-label="Question" className={classes['question']}>
      <Group gap="sm">
        <StatusBadge status={STATUS[status]} word={status} size="sm" />
        <Text size="sm">
          {askedBy === 'agent' ? `${agent ?? 'An agent'} asks` : 'Baton asks'}, <Ago time={askedAt} exact />
        </Text>
        {status === 'open' && (
          <Text size="sm">
            open until <Ago time={expiresAt} exact />
          </Text>
        )}
      </Group>
      <div>
        <Text fw={600} className={classes['text']}>
          {first}
        </Text>
        {more.length > 0 && (
          <Text size="sm" className={classes['text']}>
            {more.join('\n')}
          </Text>
        )}
      </div>
      {status === 'open' && refusal === null ? (
        <AnswerForm key={question.id} question={question} />
      ) : (
        <ul>
          {options.map(({ name, says }) => (
            <li key={name}>
              <Text size="sm">
                <strong>{name}</strong>: {says}
              </Text>
            </li>
          ))}
        </ul>
      )}
      {status === 'open' && refusal !== null && <WhoAnswers question={question} />}
      <GivenAnswer question={question} />
    </Stack>
  );
}

const WhoAnswers = ({ question: { canAnswer, refusal } }: { readonly question: Question }) => (
  <Text size="sm">
    {refusal?.message}. {canAnswer.length > 0 && `It can be answered by ${canAnswer.join(', ')}.`}
  </Text>
);
