import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { agentQuery, agentQuestionsQuery, type AgentOf } from '../../api/queries';
import type { AgentDetail } from '../../api/schemas';
import { Fact, Facts } from '../../components/facts';
import { Loading } from '../../components/loading';
import { PageTitle } from '../../components/page-title';
import { Problem } from '../../components/problem';
import { AskedHere } from '../activity/asked-here';
import type { ActivityFilter } from '../activity/activity-filter';
import { AgentAttempts } from './agent-attempts';
import { AgentPolicy } from './agent-policy';
import { AgentStatus } from './agent-status';
import { CurrentWork } from './current-work';
import { HeldBack } from './held-back';

const route = getRouteApi('/agents/$agent');

/** One agent: what it does now, what it asks, what it is held to, and what it did. */
export function AgentPage() {
  const { agent: name } = route.useParams();
  const { project, ...filter } = route.useSearch();
  const navigate = useNavigate({ from: '/agents/$agent' });
  const of: AgentOf = { name, project };
  const { data, error, refetch, isRefetching } = useQuery(agentQuery(of));
  const filterBy = (wanted: ActivityFilter) =>
    void navigate({
      search: { ...(project !== undefined && { project }), ...wanted },
      replace: true,
      resetScroll: false,
    });
  return (
    <Stack gap="lg">
      <Group gap="sm">
        <PageTitle tab={name}>{name}</PageTitle>
        {data && <AgentStatus status={data.status} />}
      </Group>
      {error && !data && (
        <Problem title="The agent cannot be shown" error={error} retry={() => void refetch()} retrying={isRefetching} />
      )}
      {!data && !error && <Loading what="the agent" blocks={[60, 200, 200]} />}
      {data && (
        <>
          <AgentHead agent={data} />
          <HeldBack agent={data} />
          <OpenQuestionsOf agent={data} />
          <CurrentWork of={of} filter={filter} onFilter={filterBy} />
          <AgentPolicy agent={data} />
          <AgentAttempts of={of} />
        </>
      )}
    </Stack>
  );
}

function AgentHead({ agent }: { readonly agent: AgentDetail }) {
  const { description, project, adapter, kind, roles, riskLevel, capabilities, attempts, owner } = agent;
  return (
    <Stack gap="xs">
      {description !== '' && <Text>{description}</Text>}
      <Facts>
        <Fact name="Project">{project}</Fact>
        <Fact name="Adapter">
          {adapter} ({kind})
        </Fact>
        <Fact name="Roles">{roles.join(', ') || 'none'}</Fact>
        <Fact name="Can do">{capabilities.map(({ name }) => name).join(', ') || 'whatever it is asked'}</Fact>
        <Fact name="Acts">{riskLevel === 'AUTO' ? 'by itself' : 'only directly after an approval'}</Fact>
        <Fact name="Owner">{owner ?? 'the organisation'}</Fact>
        <Fact name="Attempts">
          {attempts.total} in all, {attempts.succeeded} succeeded, {attempts.running} at work
        </Fact>
      </Facts>
    </Stack>
  );
}

function OpenQuestionsOf({ agent: { id, name } }: { readonly agent: AgentDetail }) {
  const { data } = useQuery(agentQuestionsQuery(id));
  const questions = data?.items ?? [];
  if (questions.length === 0) return null;
  return (
    <Paper component="section" withBorder p={{ base: 'sm', sm: 'md' }} aria-labelledby="asks">
      <Stack gap="sm">
        <Title order={2} size="h4" id="asks">
          {name} waits for an answer
        </Title>
        {questions.map((question) => (
          <AskedHere key={question.id} question={question} />
        ))}
        {data?.next != null && <Text size="sm">More are open: they come up as these are answered.</Text>}
      </Stack>
    </Paper>
  );
}
