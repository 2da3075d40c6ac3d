import { Alert, Group, Stack, Text, Title } from '@mantine/core';
import type { Attempt } from '../../api/schemas';
import { CopyableCommit } from '../../components/commit';
import { tellCost } from '../../components/cost';
import { Fact, Facts } from '../../components/facts';
import { FindingList } from '../../components/finding-list';
import { GateList } from '../../components/gate-list';
import { LinkAnchor } from '../../components/links';
import { StatusBadge } from '../../components/status';
import { Ago, Duration } from '../../components/time';
import { ArtifactLinks } from './artifact-links';
import classes from './run.module.css';

const NUMBER = new Intl.NumberFormat('en');

interface AttemptViewProps {
  readonly attempt: Attempt;
  /** That its agent is of. */
  readonly project: string;
}

/** One try of an agent, and the evidence of it. */
export function AttemptView({ attempt: of, project }: AttemptViewProps) {
  const { attempt, agent, status, summary, error, gates, findings, artifacts, commit, startedAt, endedAt } = of;
  return (
    <Stack component="article" gap="sm" className={classes['attempt']} aria-label={`Attempt ${attempt}`}>
      <Group gap="sm">
        <Title order={3} size="h5">
          Attempt {attempt}
        </Title>
        <StatusBadge status={status} size="sm" />
      </Group>
      <Facts>
        <Fact name="Agent">
          {agent === null ? (
            'unknown'
          ) : (
            <LinkAnchor to="/agents/$agent" params={{ agent: agent.name }} search={{ project }} inherit>
              {agent.name}
            </LinkAnchor>
          )}
        </Fact>
        <Fact name="Started">
          <Ago time={startedAt} exact />
        </Fact>
        <Fact name={endedAt === null ? 'Running for' : 'Took'}>
          <Duration from={startedAt} to={endedAt} />
        </Fact>
        <Fact name="Commit">{commit === null ? 'none' : <CopyableCommit id={commit} />}</Fact>
        <Fact name="Tokens">{tokens(of)}</Fact>
        <Fact name="Cost">{tellCost(of)}</Fact>
        <Fact name="Network">{of.network === 'none' ? 'none' : 'the host’s, for its set-up'}</Fact>
      </Facts>
      {summary !== '' && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {summary}
        </Text>
      )}
      {error && (
        <Alert color="red" variant="light" title={`Sent back: ${error.code}`}>
          <pre className={classes['lines']}>{error.message}</pre>
        </Alert>
      )}
      {gates.length > 0 && (
        <Title order={4} size="h6">
          Gates
        </Title>
      )}
      <GateList gates={gates} />
      {findings.length > 0 && (
        <Title order={4} size="h6">
          Findings
        </Title>
      )}
      <FindingList findings={findings} />
      <ArtifactLinks artifacts={artifacts} />
    </Stack>
  );
}

function tokens({ tokensIn, tokensOut }: Attempt): string {
  if (tokensIn === null && tokensOut === null) return 'unknown';
  const count = (tokens: number | null) => (tokens === null ? 'unknown' : NUMBER.format(tokens));
  return `${count(tokensIn)} in, ${count(tokensOut)} out`;
}
