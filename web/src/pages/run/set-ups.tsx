import { Alert, Group, Stack, Text, Title } from '@mantine/core';
import type { SetUp, Step } from '../../api/schemas';
import { StatusBadge } from '../../components/status';
import { Duration } from '../../components/time';
import { LogView } from './step-logs';
import classes from './run.module.css';

/** How the worktrees of a step were made ready: each set-up that ran with its time, and its output while it runs. */
export function SetUps({ step: { setUps } }: { readonly step: Step }) {
  const ran = setUps.filter(({ status }) => status !== 'cached');
  const cached = setUps.length - ran.length;
  if (setUps.length === 0) return null;
  return (
    <Stack component="section" gap="xs" aria-labelledby="set-up">
      <Title order={3} size="h6" id="set-up">
        Set-up
      </Title>
      {ran.map((setUp) => (
        <SetUpView key={`${setUp.attempt}/${setUp.purpose}/${setUp.commit}`} setUp={setUp} />
      ))}
      {cached > 0 && (
        <Text size="sm" c="dimmed">
          {cached === 1 ? 'Taken over from the cache once.' : `Taken over from the cache ${cached} times.`}
        </Text>
      )}
    </Stack>
  );
}

function SetUpView({ setUp }: { readonly setUp: SetUp }) {
  const { attempt, purpose, command, network, status, error, log, startedAt, endedAt } = setUp;
  return (
    <Stack gap="xs" data-set-up={status}>
      <Group gap="sm">
        {status !== 'cached' && <StatusBadge status={status} size="sm" />}
        <Text size="sm">
          {`Attempt ${attempt}, for the ${purpose}: `}
          <code>{command}</code>
          {network === 'host' && ', with the host’s network'}
          {' · '}
          <Duration from={startedAt} to={endedAt} />
        </Text>
      </Group>
      {error !== null && (
        <Alert color="red" variant="light" title="The set-up failed">
          <pre className={classes['lines']}>{error}</pre>
        </Alert>
      )}
      {status === 'running' && log !== null && <LogView artifact={{ id: log, name: 'Output of the set-up' }} />}
    </Stack>
  );
}
