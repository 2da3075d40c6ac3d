import { Alert, Code, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { isTrialOpen } from '../../api/repository-setup';
import type { Trial, TrialPhase } from '../../api/schemas';
import { VERDICT_LOOK } from '../../components/gate-list';
import { Disclosure } from '../../components/disclosure';
import { StatusIcon } from '../../components/status';
import { Duration, formatDuration } from '../../components/time';
import { LogView } from '../run/step-logs';

/** The exit code of a shell that does not find a program. */
const NOT_FOUND = 127;

/** One trial: each phase with its time and what the gate would say, and the log as it grows. */
export function TrialView({ trial }: { readonly trial: Trial }) {
  const { phases, error, logArtifact, createdAt, endedAt } = trial;
  const isOpen = isTrialOpen(trial);
  return (
    <Paper
      component="section"
      withBorder
      p={{ base: 'sm', sm: 'lg' }}
      aria-labelledby="trial"
      data-trial={trial.status}
    >
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h4" id="trial">
            Trial in the sandbox
          </Title>
          <Text size="sm" c="dimmed">
            started by {trial.requestedBy}, <Duration from={createdAt} to={endedAt} />
          </Text>
        </Group>
        <Group gap={8} role="status" wrap="nowrap">
          {isOpen && <Loader size="xs" aria-hidden />}
          <Text size="sm" fw={600}>
            {outcomeOf(trial)}
          </Text>
        </Group>
        {error && (
          <Alert color="red" variant="light" icon={<TriangleAlert size={18} aria-hidden />} title="The trial failed">
            {error.message}
          </Alert>
        )}
        {phases.length > 0 && (
          <Stack component="ol" gap="sm" m={0} p={0} style={{ listStyle: 'none' }} aria-label="Phases">
            {phases.map((phase) => (
              <Phase key={phase.name} phase={phase} />
            ))}
          </Stack>
        )}
        {logArtifact !== null &&
          (isOpen ? (
            <LogView key={logArtifact} artifact={{ id: logArtifact, name: 'Log of the trial' }} />
          ) : (
            <Disclosure label="Log of the trial">
              <LogView key={logArtifact} artifact={{ id: logArtifact, name: 'Log of the trial' }} />
            </Disclosure>
          ))}
      </Stack>
    </Paper>
  );
}

function outcomeOf({ status, phases, passed }: Trial): string {
  const failing = phases.filter((phase) => phase.status !== 'pass').map(({ name }) => PHASE_NAMES[name] ?? name);
  switch (status) {
    case 'pending':
      return 'Waiting for a worker. If this lasts, start one: bin/baton doctor shows what runs.';
    case 'running':
      return failing.length === 0 ? 'Running.' : `Running: ${failing.at(-1)}.`;
    case 'cancelled':
      return 'The trial was stopped. Try again when you are ready.';
    case 'failed':
      return 'The trial could not be completed. Fix the cause below and try again.';
    case 'done':
      if (phases.length === 0) return 'Nothing to try: the configuration has no command. Add a test command.';
      return passed ? 'Everything passed.' : `Did not pass: ${failing.join(', ')}. Correct the file and try again.`;
  }
}

const PHASE_NAMES: Readonly<Record<string, string>> = { setup: 'set-up', typecheck: 'type check' };

function Phase({ phase }: { readonly phase: TrialPhase }) {
  const { name, status, startedAt, durationMs, command, exitCode, summary, tail, mend } = phase;
  return (
    <li data-phase={name} data-verdict={status}>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <PhaseIcon status={status} />
        <Stack gap={2} style={{ minWidth: 0, flex: 1 }}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            <Text span fw={600} inherit>
              {PHASE_NAMES[name] ?? name}: {status}
            </Text>
            {summary !== '' && ` — ${summary}`}
            <Text span inherit c="dimmed">
              {' · '}
              {durationMs === null ? <Duration from={startedAt} to={null} /> : formatDuration(durationMs)}
            </Text>
          </Text>
          {mend !== null && <Text size="sm">How to fix it: {mend}</Text>}
          {exitCode === NOT_FOUND && (
            <Text size="sm">
              A program of this command is not installed where the worker runs. bin/baton doctor lists what is found.
            </Text>
          )}
          {command !== null && status !== 'running' && (
            <Disclosure label="Command and the end of its output" open={status !== 'pass'}>
              <Text size="xs" mb={4} style={{ overflowWrap: 'anywhere' }}>
                <Code>{command}</Code> {exitCode !== null && `ended with ${exitCode}`}
              </Text>
              <Code block fz="xs" mah={280} style={{ overflow: 'auto' }} tabIndex={0}>
                {tail === '' ? 'It printed nothing.' : tail}
              </Code>
            </Disclosure>
          )}
        </Stack>
      </Group>
    </li>
  );
}

function PhaseIcon({ status }: Pick<TrialPhase, 'status'>) {
  if (status === 'running') return <StatusIcon status="running" size={18} />;
  const { icon: Icon, colour } = VERDICT_LOOK[status];
  return <Icon size={18} aria-hidden style={{ color: `var(--status-${colour})`, flex: 'none', marginTop: 2 }} />;
}
