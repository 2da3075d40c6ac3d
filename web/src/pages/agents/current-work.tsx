import { Paper, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { agentAttemptsQuery, runQuery, type AgentOf } from '../../api/queries';
import type { AgentAttempt } from '../../api/schemas';
import { LinkAnchor } from '../../components/links';
import { Loading } from '../../components/loading';
import { Problem } from '../../components/problem';
import { runTitle } from '../../components/run-name';
import type { ActivityFilter } from '../activity/activity-filter';
import { StepActivity } from '../activity/step-activity';
import { stepKey } from '../run/step-key';

interface CurrentWorkProps {
  readonly of: AgentOf;
  readonly filter: ActivityFilter;
  readonly onFilter: (filter: ActivityFilter) => void;
}

/** What an agent does now, live; where it does nothing, what it did last. */
export function CurrentWork({ of, filter, onFilter }: CurrentWorkProps) {
  const { data } = useInfiniteQuery(agentAttemptsQuery(of));
  const attempts = data?.pages.flatMap(({ items }) => items) ?? [];
  const working = attempts.filter(({ status }) => status === 'running');
  const shown = working.length > 0 ? working : attempts.slice(0, 1);
  return shown.map((attempt) => (
    <Work
      key={`${attempt.run.id}/${stepKey(attempt.step)}/${attempt.attempt}`}
      of={attempt}
      filter={filter}
      onFilter={onFilter}
    />
  ));
}

interface WorkProps extends Omit<CurrentWorkProps, 'of'> {
  readonly of: AgentAttempt;
}

function Work({ of: { run: of, step: place, attempt, status }, filter, onFilter }: WorkProps) {
  const runKey = String(of.number);
  const { data: run, error, refetch, isRefetching } = useQuery(runQuery(runKey));
  const step = run?.steps.find((each) => stepKey(each) === stepKey(place));
  const title = `work-${of.id}-${stepKey(place)}`;
  return (
    <Paper component="section" withBorder p={{ base: 'sm', sm: 'md' }} aria-labelledby={title}>
      <Stack gap="sm">
        <div>
          <Title order={2} size="h4" id={title}>
            {status === 'running' ? 'At work now' : 'What it did last'}
          </Title>
          <Text size="sm">
            {place.name} of{' '}
            <LinkAnchor
              to="/runs/$run"
              params={{ run: runKey }}
              search={{ step: stepKey(place), tab: 'activity' }}
              inherit
              underline="always"
            >
              #{of.number} {runTitle(of)}
            </LinkAnchor>
          </Text>
        </div>
        {error && !run && (
          <Problem
            title="Its work cannot be shown"
            error={error}
            retry={() => void refetch()}
            retrying={isRefetching}
          />
        )}
        {!run && !error && <Loading what="its work" blocks={[90, 200]} />}
        {run && step && (
          <StepActivity run={run} runKey={runKey} step={step} only={attempt} filter={filter} onFilter={onFilter} />
        )}
      </Stack>
    </Paper>
  );
}
