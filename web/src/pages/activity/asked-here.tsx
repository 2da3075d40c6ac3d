import { Group, Stack, Text } from '@mantine/core';
import type { Question } from '../../api/schemas';
import { LinkAnchor } from '../../components/links';
import { StatusBadge } from '../../components/status';
import { Ago } from '../../components/time';
import { GivenAnswer } from '../questions/given-answer';
import { stepKey } from '../run/step-key';
import classes from './activity.module.css';

/** A question where it was asked, with its answer, or the way to give one. */
export function AskedHere({ question }: { readonly question: Question }) {
  const { text, status, askedBy, agent, askedAt, run, step, refusal, canAnswer } = question;
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
      <GivenAnswer question={question} />
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
