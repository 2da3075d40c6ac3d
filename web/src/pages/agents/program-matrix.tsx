import { Code, Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Check, Minus } from 'lucide-react';
import { agentProgramsQuery } from '../../api/queries';
import type { AgentPrograms } from '../../api/schemas';
import { LinkAnchor } from '../../components/links';
import { Loading } from '../../components/loading';
import { Problem } from '../../components/problem';
import classes from './agents.module.css';

type Program = AgentPrograms[number];
type Ability = keyof Program['abilities'];

const ABILITIES = [
  ['resume', 'Resumes', 'Its conversation goes on in a later attempt, on any worker'],
  ['approvals', 'Asks first', 'It can ask people before it acts, and end meanwhile (askFor)'],
  ['usage', 'Tokens', 'It tells how many it used'],
  ['cost', 'Cost', 'It tells what that cost'],
  ['cancel', 'Cancels', 'It ends within seconds when its run is cancelled, with all that it started'],
  ['structuredOutput', 'Structured', 'It answers in the shape that is asked for'],
  ['mcp', 'Tools', 'It is given Baton’s tools (MCP)'],
] as const satisfies readonly (readonly [Ability, string, string])[];

/** Program by ability, with the version that was tested, and who is registered of each. */
export function ProgramMatrix() {
  const { data, error, refetch, isRefetching } = useQuery(agentProgramsQuery);
  if (error && !data)
    return (
      <Problem
        title="The programs cannot be shown"
        error={error}
        retry={() => void refetch()}
        retrying={isRefetching}
      />
    );
  if (!data) return <Loading what="the programs" blocks={[240]} />;
  return (
    <Table.ScrollContainer
      minWidth={980}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Programs and what Baton can use of each' } }}
    >
      <Table fz="sm" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Program</Table.Th>
            <Table.Th>Tested</Table.Th>
            {ABILITIES.map(([ability, word, says]) => (
              <Table.Th key={ability} title={says}>
                {word}
              </Table.Th>
            ))}
            <Table.Th>Registered</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.items.map((program) => (
            <ProgramRow key={program.name} program={program} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ProgramRow({ program }: { readonly program: Program }) {
  const { name, title, testedVersion, proof, needsTrust, abilities, agents } = program;
  return (
    <Table.Tr data-program={name}>
      <Table.Th scope="row">
        {title}
        {needsTrust !== null && (
          <Text size="xs" c="dimmed" maw={220}>
            {needsTrust === true
              ? 'Runs only with trustRepository: true'
              : `With ${needsTrust.join(', ')} in the repository it runs only with trustRepository: true`}
          </Text>
        )}
      </Table.Th>
      <Table.Td className={classes['version'] ?? ''}>
        {testedVersion}
        {proof && (
          <Text size="xs" c="dimmed">
            by its {proof}
          </Text>
        )}
      </Table.Td>
      {ABILITIES.map(([ability]) => (
        <Table.Td key={ability} data-ability={ability}>
          <Can can={abilities[ability]} />
        </Table.Td>
      ))}
      <Table.Td>
        {agents.length === 0 ? (
          <Code fz="xs">bin/baton agents add {name}</Code>
        ) : (
          <Group gap={8}>
            {agents.map((agent) => (
              <LinkAnchor
                key={`${agent.project}/${agent.name}`}
                to="/agents/$agent"
                params={{ agent: agent.name }}
                search={{ project: agent.project }}
                size="sm"
              >
                {agent.name}
              </LinkAnchor>
            ))}
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

const Can = ({ can }: { readonly can: boolean }) => (
  <span className={classes['can']} data-can={can}>
    {can ? <Check size={14} aria-hidden /> : <Minus size={14} aria-hidden />} {can ? 'yes' : 'no'}
  </span>
);
