import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { runQuery } from '../../api/queries';
import type { RunDetail, Step } from '../../api/schemas';
import type { ActivityFilter } from './activity-filter';
import { ActivityFilters } from './activity-filters';
import { AttemptActivity } from './attempt-activity';
import { tellTotal, type Usage } from './usage';

/** An attempt at work is read again as often: that its files appear is no event. */
const LOOK_AGAIN_MS = 1_500;
/** So many of the newest attempts show what they did without being asked. */
const OPEN = 3;

interface StepActivityProps {
  readonly run: RunDetail;
  /** What the run was asked for by. */
  readonly runKey: string;
  readonly step: Step;
  readonly filter: ActivityFilter;
  readonly onFilter: (filter: ActivityFilter) => void;
  /** Only this attempt; left out: all. */
  readonly only?: number;
}

/** What the agents of a step did, attempt by attempt, so that a conversation can be followed from one to the next. */
export function StepActivity({ run, runKey, step, filter, onFilter, only }: StepActivityProps) {
  const attempts = step.attempts.filter(({ attempt }) => only === undefined || attempt === only);
  const working = attempts.at(-1)?.status === 'running';
  useQuery({ ...runQuery(runKey), refetchInterval: working ? LOOK_AGAIN_MS : false });
  const [live, setLive] = useState<Readonly<Record<number, Usage | null>>>({});
  const take = useCallback(
    (attempt: number, usage: Usage | null) => setLive((before) => ({ ...before, [attempt]: usage })),
    [],
  );
  if (attempts.length === 0)
    return (
      <Text c="dimmed">
        {step.status === 'pending'
          ? 'No agent has begun here yet: what it does will appear here, live.'
          : 'No agent works in this step; what Baton did is under Output and Log.'}
      </Text>
    );
  const of = { run: run.number, step: step.id, item: step.item, ...(only !== undefined && { attempt: only }) };
  return (
    <Stack gap="md">
      <ActivityFilters of={of} filter={filter} onFilter={onFilter} />
      {attempts.length > 1 && (
        <Text size="sm" data-total>
          <strong>{attempts.length} attempts together:</strong>{' '}
          {tellTotal(attempts.map(({ attempt }) => live[attempt] ?? null))}
        </Text>
      )}
      {attempts.map((attempt, index) => (
        <AttemptActivity
          key={attempt.attempt}
          of={of}
          run={run}
          attempt={attempt}
          questions={step.questions.filter((question) => question.attempt === attempt.attempt)}
          filter={filter}
          open={index >= attempts.length - OPEN}
          onUsage={take}
        />
      ))}
    </Stack>
  );
}
