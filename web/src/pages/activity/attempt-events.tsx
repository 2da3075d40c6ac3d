import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { MAX_EVENTS, type EventTail, type KeptEvent } from '../../api/event-tail';
import type { Attempt } from '../../api/schemas';
import { LinkAnchor } from '../../components/links';
import { Problem } from '../../components/problem';
import { stepKey } from '../run/step-key';
import { filterEvents, isFiltered, type ActivityFilter, type ActivityOf } from './activity-filter';
import { BeganRow } from './began-row';
import { EventRow } from './event-row';
import { rowsOf, withoutBeginnings, type Row } from './rows';
import classes from './activity.module.css';

/** What is drawn at first, and more at a time. */
const ROWS = 200;
/** How near to its end a list is for what is new to be followed. */
const NEAR_PX = 40;

interface AttemptEventsProps {
  readonly of: ActivityOf;
  readonly attempt: Attempt;
  /** Null: it keeps no events. */
  readonly tail: EventTail | null;
  readonly filter: ActivityFilter;
}

/** What an attempt's agent did, between where it was begun: its end, as it grows, and more where that is asked. */
export function AttemptEvents({ of, attempt, tail, filter }: AttemptEventsProps) {
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
            <RowView key={row.key} row={row} attempt={attempt} step={of.step} />
          ))}
        </ol>
      )}
      {tail === null && <NoEvents of={of} attempt={attempt} />}
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

interface NoEventsProps {
  readonly of: ActivityOf;
  readonly attempt: Attempt;
}

const NoEvents = ({ of: { run, step, item }, attempt: { status, artifacts } }: NoEventsProps) => (
  <Text size="sm" c="dimmed">
    {status === 'running' ? 'It has told nothing yet.' : 'It told nothing of what it did.'}{' '}
    {artifacts.some(({ kind }) => kind === 'log') && (
      <LinkAnchor
        to="/runs/$run"
        params={{ run: String(run) }}
        search={{ step: stepKey({ id: step, item }), tab: 'log' }}
        inherit
        underline="always"
      >
        Its log
      </LinkAnchor>
    )}
  </Text>
);
