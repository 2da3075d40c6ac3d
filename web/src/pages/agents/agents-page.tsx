import { Badge, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { agentsQuery, breakersQuery } from '../../api/queries';
import type { Agent } from '../../api/schemas';
import { Command } from '../../components/command';
import { Empty } from '../../components/empty';
import { LinkAnchor } from '../../components/links';
import { Loading } from '../../components/loading';
import { PageTitle } from '../../components/page-title';
import { Problem } from '../../components/problem';
import { AgentStatus } from './agent-status';
import { ProgramMatrix } from './program-matrix';

/** Who works here, and which programs can. */
export function AgentsPage() {
  const { data, error, refetch, isRefetching } = useQuery(agentsQuery);
  return (
    <Stack gap="xl">
      <Stack gap="md">
        <div>
          <PageTitle tab="Agents">Agents</PageTitle>
          <Text c="dimmed">Who works here, what each does now, and how its attempts went.</Text>
        </div>
        {error && !data && (
          <Problem
            title="The agents cannot be shown"
            error={error}
            retry={() => void refetch()}
            retrying={isRefetching}
          />
        )}
        {!data && !error && <Loading what="the agents" blocks={[40, 40, 40, 40]} />}
        {data?.items.length === 0 && (
          <Empty title="No agent is registered" action={<Command>bin/baton agents add claude</Command>}>
            Register a program that is on the workers’ hosts by its name, or any other agent by a file.
          </Empty>
        )}
        {data && data.items.length > 0 && <AgentTable agents={data.items} />}
        {data?.next != null && <Text size="sm">These are the first; bin/baton agents lists all of them.</Text>}
      </Stack>
      <Stack component="section" gap="md" aria-labelledby="programs">
        <div>
          <Title order={2} size="h4" id="programs">
            Programs
          </Title>
          <Text c="dimmed" size="sm">
            What Baton can use of each, in the version that its suite of tests ran. bin/baton doctor says which are on a
            worker’s host.
          </Text>
        </div>
        <ProgramMatrix />
      </Stack>
    </Stack>
  );
}

function AgentTable({ agents }: { readonly agents: readonly Agent[] }) {
  const { data: breakers } = useQuery(breakersQuery);
  const isHeldBack = ({ name, project }: Agent): boolean =>
    (breakers?.items ?? []).some(
      (breaker) => breaker.kind === 'agent' && breaker.name === name && (breaker.project ?? project) === project,
    );
  const several = new Set(agents.map(({ project }) => project)).size > 1;
  return (
    <Table.ScrollContainer minWidth={680} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Agents' } }}>
      <Table fz="sm" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {['Agent', ...(several ? ['Project'] : []), 'Now', 'Adapter', 'Roles', 'Attempts', 'Succeeded'].map(
              (name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {agents.map((agent) => (
            <Table.Tr key={agent.id} data-agent={agent.name}>
              <Table.Th scope="row">
                <LinkAnchor
                  to="/agents/$agent"
                  params={{ agent: agent.name }}
                  search={several ? { project: agent.project } : {}}
                  inherit
                >
                  {agent.name}
                </LinkAnchor>
              </Table.Th>
              {several && <Table.Td>{agent.project}</Table.Td>}
              <Table.Td>
                <Group gap={6}>
                  <AgentStatus status={agent.status} />
                  {isHeldBack(agent) && (
                    <Badge size="sm" variant="light" color="orange" tt="none">
                      held back
                    </Badge>
                  )}
                </Group>
              </Table.Td>
              <Table.Td>{agent.adapter}</Table.Td>
              <Table.Td>{agent.roles.join(', ') || 'none'}</Table.Td>
              <Table.Td>{agent.attempts.total}</Table.Td>
              <Table.Td>{agent.attempts.succeeded}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
