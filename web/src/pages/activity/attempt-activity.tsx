import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useEventTail } from '../../api/event-tail';
import type { Attempt, Question, RunDetail } from '../../api/schemas';
import { Copy } from '../../components/copy';
import { LinkAnchor } from '../../components/links';
import { StatusBadge } from '../../components/status';
import { Ago, Duration } from '../../components/time';
import type { ActivityFilter, ActivityOf } from './activity-filter';
import { AskedHere } from './asked-here';
import { AttemptEvents } from './attempt-events';
import { SandboxSection } from './sandbox-section';
import { tellUsage, usageOf, type Usage } from './usage';
import classes from './activity.module.css';

interface AttemptActivityProps {
  readonly of: ActivityOf;
  readonly run: Pick<RunDetail, 'id' | 'project'>;
  readonly attempt: Attempt;
  /** Those that it ended with. */
  readonly questions: readonly Question[];
  readonly filter: ActivityFilter;
  /** Whether its events are shown to begin with; one that is not is asked for by a button. */
  readonly open: boolean;
  readonly onUsage: (attempt: number, usage: Usage | null) => void;
}

/** One attempt as it went: how it began, what its agent did, what it was refused and asked, and how it ended. */
export function AttemptActivity({ of, run, attempt, questions, filter, open, onUsage }: AttemptActivityProps) {
  const [shown, show] = useState(open);
  const file = attempt.artifacts.find(({ kind, name }) => kind === 'events' && name === 'events.ndjson')?.id ?? null;
  const tail = useEventTail(shown ? file : null);
  const usage = usageOf(attempt, tail.events);
  const told = JSON.stringify(usage);
  useEffect(() => onUsage(attempt.attempt, JSON.parse(told) as Usage | null), [onUsage, attempt.attempt, told]);
  const title = `attempt-${attempt.attempt}`;
  return (
    <Stack
      component="section"
      gap="xs"
      className={classes['attempt']}
      aria-labelledby={title}
      data-attempt={attempt.attempt}
    >
      <AttemptHead attempt={attempt} project={run.project} usage={usage} titleId={title} />
      <SandboxSection of={of} runId={run.id} attempt={attempt} />
      {!shown && file !== null ? (
        <Group>
          <Button size="xs" variant="default" onClick={() => show(true)}>
            Show what it did
          </Button>
        </Group>
      ) : (
        <AttemptEvents of={of} attempt={attempt} tail={file === null ? null : tail} filter={filter} />
      )}
      <End attempt={attempt} />
      {questions.map((question) => (
        <AskedHere key={question.id} question={question} />
      ))}
    </Stack>
  );
}

interface AttemptHeadProps {
  readonly attempt: Attempt;
  readonly project: string;
  readonly usage: Usage | null;
  readonly titleId: string;
}

function AttemptHead({ attempt, project, usage, titleId }: AttemptHeadProps) {
  const { agent, status, session, startedAt, endedAt } = attempt;
  return (
    <Group gap="sm">
      <Title order={3} size="h5" id={titleId}>
        Attempt {attempt.attempt}
      </Title>
      <StatusBadge status={status} size="sm" />
      <Text size="sm">
        {agent ? (
          <LinkAnchor
            to="/agents/$agent"
            params={{ agent: agent.name }}
            search={{ project }}
            inherit
            underline="always"
          >
            {agent.name}
          </LinkAnchor>
        ) : (
          'an agent that is gone'
        )}{' '}
        · <Duration from={startedAt} to={endedAt} />
      </Text>
      <Text size="sm" data-usage={attempt.attempt}>
        {usage !== null ? tellUsage(usage) : status === 'running' ? 'usage not told yet' : 'usage unknown'}
      </Text>
      {session !== null && (
        <Group gap={2} wrap="nowrap" component="span">
          <Text size="sm" span className={classes['said'] ?? ''}>
            conversation <code className={classes['code']}>{session}</code>
          </Text>
          <Copy value={session} what="the name of the conversation" />
        </Group>
      )}
    </Group>
  );
}

function End({ attempt: { status, error, resumeAt, summary } }: { readonly attempt: Attempt }) {
  if (status === 'running') return null;
  return (
    <Text size="sm" className={classes['said'] ?? ''} data-ended={status}>
      <strong>{ENDS[status]}</strong>
      {error && ` (${error.code}): ${error.message}`}
      {!error && summary !== '' && `: ${summary}`}
      {status === 'limited' && resumeAt !== null && (
        <>
          {' '}
          It may go on <Ago time={resumeAt} exact />.
        </>
      )}
    </Text>
  );
}

const ENDS: Readonly<Record<Exclude<Attempt['status'], 'running'>, string>> = {
  asked: 'Ended with a question',
  limited: 'Its provider took no more',
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
