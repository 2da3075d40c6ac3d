import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { MAX_EVENTS, useEventTail, type EventTail, type KeptEvent } from '../../api/event-tail';
import type { Attempt, Question } from '../../api/schemas';
import { Copy } from '../../components/copy';
import { LinkAnchor } from '../../components/links';
import { Problem } from '../../components/problem';
import { StatusBadge } from '../../components/status';
import { Ago, Duration } from '../../components/time';
import { filterEvents, isFiltered, type ActivityFilter, type ActivityOf } from './activity-filter';
import { AskedHere } from './asked-here';
import { BeganRow } from './began-row';
import { EventRow } from './event-row';
import { rowsOf, withoutBeginnings, type Row } from './rows';
import { SandboxSection } from './sandbox-section';
import { tellUsage, usageOf, type Usage } from './usage';
import classes from './activity.module.css';

interface AttemptActivityProps {
  readonly of: ActivityOf;
  readonly runId: string;
  readonly attempt: Attempt;
  /** Those that it ended with. */
  readonly questions: readonly Question[];
  readonly filter: ActivityFilter;
  /** Whether its events are shown to begin with; one that is not is asked for by a button. */
  readonly open: boolean;
  readonly onUsage: (attempt: number, usage: Usage | null) => void;
}

/** One attempt as it went: how it began, what its agent did, what it was refused and asked, and how it ended. */
export function AttemptActivity({ of, runId, attempt, questions, filter, open, onUsage }: AttemptActivityProps) {
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
      <AttemptHead attempt={attempt} usage={usage} titleId={title} />
      <SandboxSection of={of} runId={runId} attempt={attempt} />
      {!shown && file !== null ? (
        <Group>
          <Button size="xs" variant="default" onClick={() => show(true)}>
            Show what it did
          </Button>
        </Group>
      ) : (
        <Events attempt={attempt} step={of.step} tail={file === null ? null : tail} filter={filter} />
      )}
      <End attempt={attempt} />
      {questions.map((question) => (
        <AskedHere key={question.id} question={question} />
      ))}
    </Stack>
  );
}

function AttemptHead({
  attempt,
  usage,
  titleId,
}: {
  readonly attempt: Attempt;
  readonly usage: Usage | null;
  readonly titleId: string;
}) {
  const { agent, status, session, startedAt, endedAt } = attempt;
  return (
    <Group gap="sm">
      <Title order={3} size="h5" id={titleId}>
        Attempt {attempt.attempt}
      </Title>
      <StatusBadge status={status} size="sm" />
      <Text size="sm">
        {agent ? agent.name : 'an agent that is gone'} · <Duration from={startedAt} to={endedAt} />
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

/** What is drawn at first, and more at a time. */
const ROWS = 200;
/** How near to its end a list is for what is new to be followed. */
const NEAR_PX = 40;

interface EventsProps {
  readonly attempt: Attempt;
  readonly step: string;
  /** Null: it keeps no events. */
  readonly tail: EventTail | null;
  readonly filter: ActivityFilter;
}

function Events({ attempt, step, tail, filter }: EventsProps) {
  const [most, setMost] = useState(ROWS);
  const list = useRef<HTMLOListElement>(null);
  const follows = useRef(true);
  const told = tail?.events ?? NO_EVENTS;
  const events = useMemo(() => withoutBeginnings(told), [told]);
  const found = filterEvents(events, filter);
  const rows = rowsOf(attempt.executions, found);
  const drawn = rows.slice(-most);
  useEffect(() => {
    if (follows.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [events]);
  const earlier = rows.length - drawn.length;
  return (
    <Stack gap={6}>
      {tail && <Standing tail={tail} all={events.length} found={found.length} filtered={isFiltered(filter)} />}
      {tail?.error && <Problem title="What it did cannot be read" error={tail.error} retry={null} />}
      {tail?.loading && !tail.error && <Loader size="sm" aria-label={`Loading attempt ${attempt.attempt}`} />}
      {earlier > 0 && (
        <Group>
          <Button size="compact-sm" variant="default" onClick={() => setMost(most + ROWS)}>
            Show {Math.min(ROWS, earlier)} earlier ones of {NUMBER.format(earlier)}
          </Button>
        </Group>
      )}
      {drawn.length > 0 && (
        <ol
          ref={list}
          className={classes['events']}
          tabIndex={0}
          aria-label={`What happened in attempt ${attempt.attempt}`}
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
            follows.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
          }}
        >
          {drawn.map((row) => (
            <RowView key={row.key} row={row} attempt={attempt} step={step} />
          ))}
        </ol>
      )}
      {tail === null && <NoEvents attempt={attempt} />}
    </Stack>
  );
}

const NO_EVENTS: readonly KeptEvent[] = [];

function RowView({ row, attempt, step }: { readonly row: Row; readonly attempt: Attempt; readonly step: string }) {
  return row.kind === 'event' ? (
    <EventRow event={row.event} />
  ) : (
    <BeganRow attempt={attempt} step={step} index={row.index} execution={row.execution} />
  );
}

const NUMBER = new Intl.NumberFormat('en');

interface StandingProps {
  readonly tail: EventTail;
  readonly all: number;
  readonly found: number;
  readonly filtered: boolean;
}

function Standing({ tail: { cut, closed, loading }, all, found, filtered }: StandingProps) {
  if (loading) return null;
  const events = `${NUMBER.format(all)} event${all === 1 ? '' : 's'}`;
  return (
    // What grows each second is not read out each second.
    <Text size="sm" c="dimmed" role={closed ? 'status' : undefined}>
      {filtered ? `${NUMBER.format(found)} of ${events}` : events}
      {closed ? '' : ', and it goes on'}
      {cut && `. Only the newest are here, at most ${NUMBER.format(MAX_EVENTS)}: the download has all, filtered too.`}
    </Text>
  );
}

const NoEvents = ({ attempt: { status, artifacts } }: { readonly attempt: Attempt }) => (
  <Text size="sm" c="dimmed">
    {status === 'running' ? 'It has told nothing yet.' : 'It told nothing of what it did.'}{' '}
    {artifacts.some(({ kind }) => kind === 'log') && (
      <LinkAnchor to="." search={(before) => ({ ...before, tab: 'log' })} inherit underline="always">
        Its log
      </LinkAnchor>
    )}
  </Text>
);

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
