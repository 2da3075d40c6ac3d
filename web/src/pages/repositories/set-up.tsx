import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { CircleCheck, Play, Square } from 'lucide-react';
import { useState } from 'react';
import { newIdempotencyKey } from '../../api/idempotency-key';
import { isTrialOpen, useCancelTrial, useStartTrial, type RepositoryOf } from '../../api/repository-setup';
import type { RepositoryProposal, Trial } from '../../api/schemas';
import { Command } from '../../components/command';
import { useHolds } from '../../components/may';
import { Problem } from '../../components/problem';
import { YamlEditor } from '../../components/yaml-editor';
import { faultsOf } from '../../components/yaml-faults';
import { Decision } from './decision';
import { TrialView } from './trial-view';

interface SetUpProps {
  readonly repository: RepositoryOf;
  readonly proposal: RepositoryProposal;
  /** Newest first. */
  readonly trials: readonly Trial[];
}

const INVALID = 'repository-config-invalid';

/** The configuration to edit, its trial, and the decision about it. */
export function SetUp({ repository, proposal, trials }: SetUpProps) {
  const { existing, branch } = proposal;
  const [trial] = trials;
  const [text, setText] = useState(() => textToBeginWith(proposal, trial));
  const mayDecide = useHolds('admin');
  const start = useStartTrial(repository);
  const cancel = useCancelTrial(repository);
  const [refused, setRefused] = useState<Error | null>(null);
  const [checked, setChecked] = useState('');
  const faults = faultsOf(refused, INVALID);
  const isOpen = trial !== undefined && isTrialOpen(trial);
  const check = (error: Error | null) => {
    setRefused(error);
    setChecked(text);
  };
  const startTrial = () =>
    start.mutate({ config: text, key: newIdempotencyKey() }, { onSettled: (_, error) => check(error) });
  const others = [
    ...(existing === null || existing === text ? [] : [{ label: `Use the file on ${branch}`, of: existing }]),
    ...(proposal.text === text ? [] : [{ label: 'Use the proposal', of: proposal.text }]),
  ];
  return (
    <>
      <Paper component="section" withBorder p={{ base: 'sm', sm: 'lg' }} aria-labelledby="configuration">
        <Stack gap="sm">
          <Title order={2} size="h4" id="configuration">
            Configuration
          </Title>
          <YamlEditor
            label=".baton/repository.yaml"
            description={
              existing === null
                ? `Proposed by Baton; ${branch} has no such file yet. Edit it if something is wrong.`
                : `${branch} has this file already. Edit it, try it, and accept it to replace the file.`
            }
            value={text}
            onChange={setText}
            readOnly={!mayDecide}
            faults={faults}
            checked={checked}
            error={text.trim() === '' ? 'Enter a configuration, or use the proposal' : null}
          />
          {mayDecide ? (
            <Group gap="sm">
              {isOpen ? (
                <Button
                  variant="default"
                  leftSection={<Square size={16} aria-hidden />}
                  loading={cancel.isPending}
                  onClick={() => cancel.mutate({ id: trial.id, key: newIdempotencyKey() })}
                >
                  Stop the trial
                </Button>
              ) : (
                <Button
                  leftSection={<Play size={16} aria-hidden />}
                  loading={start.isPending}
                  disabled={text.trim() === ''}
                  onClick={startTrial}
                >
                  {trial === undefined ? 'Try it in the sandbox' : 'Try again'}
                </Button>
              )}
              {others.map(({ label, of }) => (
                <Button key={label} variant="default" onClick={() => setText(of)}>
                  {label}
                </Button>
              ))}
            </Group>
          ) : (
            <Text size="sm" c="dimmed">
              Only admins may try or accept a configuration: a set-up may use the network of the server.
            </Text>
          )}
          {start.error && faultsOf(start.error, INVALID).length === 0 && (
            <Problem title="The trial did not start" error={start.error} retry={null} />
          )}
          {cancel.error && <Problem title="The trial was not stopped" error={cancel.error} retry={null} />}
        </Stack>
      </Paper>
      {trial && <TrialView trial={trial} />}
      {existing !== null && existing === text && (
        <Paper withBorder p={{ base: 'sm', sm: 'lg' }}>
          <Stack gap="xs">
            <Group gap={8} role="status" wrap="nowrap">
              <CircleCheck size={18} aria-hidden style={{ color: 'var(--status-green)', flex: 'none' }} />
              <Text size="sm">{branch} has this configuration. Continue with a first issue:</Text>
            </Group>
            <Command>{`bin/baton issue create --repo ${repository.name} --title "What you need"`}</Command>
          </Stack>
        </Paper>
      )}
      {mayDecide && !isOpen && (
        <Decision
          repository={repository}
          proposal={proposal}
          text={text}
          trial={trial}
          onAccepted={setText}
          onInvalid={check}
        />
      )}
    </>
  );
}

/** A text that was tried on this commit comes first: the page continues where it was left. */
function textToBeginWith({ commit, existing, text }: RepositoryProposal, trial: Trial | undefined): string {
  return trial?.commit === commit ? trial.config : (existing ?? text);
}
