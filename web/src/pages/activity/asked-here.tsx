import { Group, Stack, Text } from '@mantine/core';
import type { Question } from '../../api/schemas';
import { LinkAnchor } from '../../components/links';
import { StatusBadge } from '../../components/status';
import { Ago } from '../../components/time';
import { stepKey } from '../run/step-key';
import classes from './activity.module.css';

/** A question where it was asked, with its answer, or the way to give one. */
export function AskedHere({ question }: { readonly question: Question }) {
  const { text, status, answer, askedBy, agent, askedAt, settledAt, run, step, refusal, canAnswer } = question;
  return (
    <Stack component="section" gap={4} className={classes['asked']} aria-label="Question" data-asked={question.id}>
      <Group gap="xs">
        <StatusBadge status={LOOKS[status]} word={status} size="sm" />
        <Text size="sm">
          {askedBy === 'agent' ? `${agent ?? 'The agent'} asked` : 'Baton asked'}, <Ago time={askedAt} exact />
        </Text>
      </Group>
      <Text size="sm" fw={600} className={classes['said'] ?? ''}>
        {text}
      </Text>
      {answer && (
        <Text size="sm" className={classes['said'] ?? ''}>
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
      )}
      {status === 'open' && (
        <Text size="sm">
          {refusal === null ? (
            <LinkAnchor
              to="/runs/$run"
              params={{ run: String(run.number) }}
              search={{ step: stepKey(step) }}
              inherit
              underline="always"
            >
              Answer it
            </LinkAnchor>
          ) : (
            `It waits for ${canAnswer.join(', ') || 'people who may answer it'}.`
          )}
        </Text>
      )}
    </Stack>
  );
}

const LOOKS = { open: 'waiting', answered: 'succeeded', expired: 'failed', cancelled: 'cancelled' } as const;
