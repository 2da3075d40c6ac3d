import { Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { agentAttemptsQuery, type AgentOf } from '../../api/queries';
import type { AgentAttempt } from '../../api/schemas';
import { tellCost } from '../../components/cost';
import { LinkAnchor } from '../../components/links';
import { MoreButton } from '../../components/more-button';
import { Problem } from '../../components/problem';
import { runTitle } from '../../components/run-name';
import { StatusBadge } from '../../components/status';
import { Ago, Duration } from '../../components/time';
import { stepKey } from '../run/step-key';
import classes from './agents.module.css';

/** What an agent worked on, the newest first. */
export function AgentAttempts({ of }: { readonly of: AgentOf }) {
  const query = useInfiniteQuery(agentAttemptsQuery(of));
  const attempts = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Paper component="section" withBorder p={{ base: 'sm', sm: 'md' }} aria-labelledby="attempts">
      <Stack gap="sm">
        <Title order={2} size="h4" id="attempts">
          Attempts
        </Title>
        {query.error && (
          <Problem
            title="Its attempts cannot be shown"
            error={query.error}
            retry={() => void query.refetch()}
            retrying={query.isRefetching}
          />
        )}
        {query.data && attempts.length === 0 && (
          <Text c="dimmed">
            It has not worked yet: a pipeline reaches it by its name, by one of its roles, or by what it can do.
          </Text>
        )}
        {attempts.length > 0 && (
          <Table.ScrollContainer
            minWidth={760}
            scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Attempts' } }}
          >
            <Table fz="sm" verticalSpacing={6}>
              <Table.Thead>
                <Table.Tr>
                  {['Run', 'Step', 'Outcome', 'Began', 'Took', 'Tokens', 'Cost'].map((name) => (
                    <Table.Th key={name}>{name}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {attempts.map((attempt) => (
                  <AttemptRow key={`${attempt.run.id}/${stepKey(attempt.step)}/${attempt.attempt}`} of={attempt} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        <MoreButton query={query}>Show earlier ones</MoreButton>
      </Stack>
    </Paper>
  );
}

const NUMBER = new Intl.NumberFormat('en');
const count = (tokens: number | null): string => (tokens === null ? 'unknown' : NUMBER.format(tokens));

function AttemptRow({ of }: { readonly of: AgentAttempt }) {
  const { run, step, attempt, status, error, startedAt, endedAt, tokensIn, tokensOut } = of;
  return (
    <Table.Tr data-agent-attempt={`${run.number}/${step.id}/${attempt}`}>
      <Table.Th scope="row" className={classes['run'] ?? ''}>
        <LinkAnchor
          to="/runs/$run"
          params={{ run: String(run.number) }}
          search={{ step: stepKey(step), tab: 'activity' }}
          inherit
        >
          #{run.number} {runTitle(run)}
        </LinkAnchor>
      </Table.Th>
      <Table.Td>
        {step.name}
        {step.item !== null && ` (${step.item + 1})`}, attempt {attempt}
      </Table.Td>
      <Table.Td>
        <StatusBadge status={status} size="sm" />
        {error && (
          <Text size="xs" title={error.message} mt={2}>
            {error.code}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Ago time={startedAt} />
      </Table.Td>
      <Table.Td>
        <Duration from={startedAt} to={endedAt} />
      </Table.Td>
      <Table.Td>
        {tokensIn === null && tokensOut === null ? 'unknown' : `${count(tokensIn)} in, ${count(tokensOut)} out`}
      </Table.Td>
      <Table.Td>{tellCost(of)}</Table.Td>
    </Table.Tr>
  );
}
