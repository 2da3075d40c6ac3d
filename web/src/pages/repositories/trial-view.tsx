import { Alert, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { isTrialOpen } from '../../api/repository-setup';
import type { Trial, TrialPhase } from '../../api/schemas';
import { CheckItem } from '../../components/check-item';
import { Disclosure } from '../../components/disclosure';
import { Duration, formatDuration } from '../../components/time';
import { LogView } from '../run/step-logs';

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

function Phase({ phase: { name, status, startedAt, durationMs, ...said } }: { readonly phase: TrialPhase }) {
  return (
    <CheckItem
      {...said}
      name={name}
      title={PHASE_NAMES[name] ?? name}
      status={status}
      about={durationMs === null ? <Duration from={startedAt} to={null} /> : formatDuration(durationMs)}
      open={status !== 'pass'}
    />
  );
}
