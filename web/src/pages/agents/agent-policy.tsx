import { Paper, Stack, Text, Title } from '@mantine/core';
import type { AgentDetail } from '../../api/schemas';
import { Disclosure } from '../../components/disclosure';
import { Fact, Facts } from '../../components/facts';
import { formatDuration } from '../../components/time';
import { formatSize } from '../activity/confinement-words';

const MIB = 1024 * 1024;
const NUMBER = new Intl.NumberFormat('en');

/** What an agent is held to: its sandbox, what it may reach, touch and ask. */
export function AgentPolicy({ agent }: { readonly agent: AgentDetail }) {
  const { policy } = agent;
  return (
    <Paper component="section" withBorder p={{ base: 'sm', sm: 'md' }} aria-labelledby="policy">
      <Stack gap="sm">
        <div>
          <Title order={2} size="h4" id="policy">
            Policy
          </Title>
          <Text size="sm" c="dimmed">
            As it is registered; a step may say otherwise. What was in force is shown with each attempt.
          </Text>
        </div>
        {policy === null ? (
          <Text size="sm">Its entry is not such as its adapter takes: register it anew with baton agents add.</Text>
        ) : (
          <>
            <Sandbox policy={policy} />
            <Facts>
              <Fact name="Network">{networkOf(agent)}</Fact>
              <Fact name="Provider">{policy.provider ?? 'none that is known'}</Fact>
              {policy.model !== null && <Fact name="Model">{policy.model}</Fact>}
              {policy.contextTokens !== null && (
                <Fact name="Is told at most">{NUMBER.format(policy.contextTokens)} tokens</Fact>
              )}
              <Fact name="Asks people before">{policy.askFor.join(', ') || 'nothing'}</Fact>
              <Fact name="Repository’s settings for its program">
                {policy.trustRepository ? 'heeded' : 'not heeded'}
              </Fact>
            </Facts>
          </>
        )}
        <Permissions agent={agent} />
      </Stack>
    </Paper>
  );
}

function networkOf({ adapter, policy }: AgentDetail): string {
  const hosts = policy?.hosts ?? [];
  if (hosts.length > 0) return `only ${hosts.join(', ')}`;
  return adapter === 'role' ? 'that of whoever holds the role' : 'none';
}

function Sandbox({ policy: { sandbox } }: { readonly policy: NonNullable<AgentDetail['policy']> }) {
  if (sandbox === null) return <Text size="sm">No program of its own runs: it needs no sandbox.</Text>;
  return (
    <Facts>
      <Fact name="Memory">{formatSize(sandbox.memoryMib * MIB)}</Fact>
      <Fact name="CPUs">{sandbox.cpus ?? 'what is free'}</Fact>
      <Fact name="Processes">{NUMBER.format(sandbox.processes)}</Fact>
      <Fact name="One file">{formatSize(sandbox.fileMib * MIB)}</Fact>
      <Fact name="Disk">{formatSize(sandbox.diskMib * MIB)}</Fact>
      <Fact name="Time">
        {sandbox.timeoutMs === null ? 'as long as its step has' : formatDuration(sandbox.timeoutMs)}
      </Fact>
    </Facts>
  );
}

const listed = (names: readonly string[]): string => names.join(', ') || 'none';

function Permissions({ agent: { permissions, territory } }: { readonly agent: AgentDetail }) {
  const { repositories, may, files, limits } = permissions;
  return (
    <Disclosure label="Permissions and territory" open>
      <Facts>
        <Fact name="Repositories">{listed(repositories.allowed)}</Fact>
        <Fact name="Never in">{listed(repositories.denied)}</Fact>
        <Fact name="Creates branches">{may.createBranch ? 'yes' : 'no'}</Fact>
        <Fact name="Changes CI">{may.changeCi ? 'yes' : 'no'}</Fact>
        <Fact name="Never changes">{listed(files.never)}</Fact>
        <Fact name="Changes only if people approve">{listed(files.approval)}</Fact>
        <Fact name="Tokens a task">
          {limits.tokensPerTask === null ? 'as many as it takes' : NUMBER.format(limits.tokensPerTask)}
        </Fact>
        <Fact name="Files a commit">{limits.filesPerCommit ?? 'as many as it takes'}</Fact>
        {territory.map(({ role, globs }) => (
          <Fact key={role} name={`Territory as ${role}`}>
            {globs?.join(', ') ?? 'anywhere'}
          </Fact>
        ))}
      </Facts>
    </Disclosure>
  );
}
