import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { newIdempotencyKey } from '../../api/idempotency-key';
import { useAcceptConfiguration, useRemoveRepository, type RepositoryOf } from '../../api/repository-setup';
import type { RepositoryProposal, Trial } from '../../api/schemas';
import { Problem } from '../../components/problem';
import { faultsOf } from '../../components/yaml-faults';

interface DecisionProps {
  readonly repository: RepositoryOf;
  readonly proposal: RepositoryProposal;
  readonly text: string;
  /** The latest one; it has ended. */
  readonly trial: Trial | undefined;
  /** Told of the text that was committed. */
  readonly onAccepted: (text: string) => void;
  /** Shows the faults of a text that was refused. */
  readonly onInvalid: (error: Error) => void;
}

/** Accepts the configuration, keeps the repository without it, or undoes the import. */
export function Decision({
  repository,
  proposal: { branch, existing },
  text,
  trial,
  onAccepted,
  onInvalid,
}: DecisionProps) {
  const navigate = useNavigate();
  const accept = useAcceptConfiguration(repository);
  const isTried = trial?.config === text && trial.status === 'done';
  const isPlaced = existing === text;
  const partial = isTried ? partOf(trial) : null;
  const acceptText = (config: string, leftOut: readonly string[]) =>
    accept.mutate(
      { config, replace: existing !== null, key: newIdempotencyKey() },
      {
        onSuccess: ({ branch: to, commit }) => {
          const without = leftOut.length === 0 ? '' : ` without ${leftOut.join(', ')}`;
          notifications.show({
            color: 'green',
            title: 'Accepted',
            message: `.baton/repository.yaml is committed to ${to}${without} (${commit.slice(0, 10)}).`,
          });
          onAccepted(config);
        },
        onError: onInvalid,
      },
    );
  const keepWithout = () => {
    notifications.show({
      color: 'green',
      title: `${repository.name} is added`,
      message: `${branch} has no .baton/repository.yaml. Open the repository again to add one.`,
    });
    void navigate({ to: '/repositories' });
  };
  return (
    <Paper component="section" withBorder p={{ base: 'sm', sm: 'lg' }} aria-labelledby="decision">
      <Stack gap="sm">
        <Title order={2} size="h4" id="decision">
          Decision
        </Title>
        {(!isPlaced || partial !== null) && (
          <Text size="sm" id="accept-hint">
            {hintOf(isTried, trial, partial, branch)}
          </Text>
        )}
        <Group gap="sm">
          {partial !== null && (
            <Button
              disabled={accept.isPending}
              aria-describedby="accept-hint"
              loading={accept.isPending && accept.variables.config === partial.config}
              onClick={() => acceptText(partial.config, partial.leftOut)}
            >
              {existing === null ? 'Accept only what passed' : 'Replace the file with what passed'}
            </Button>
          )}
          {!isPlaced && (
            <Button
              variant={trial?.passed ? 'filled' : 'default'}
              disabled={!isTried || accept.isPending}
              aria-describedby="accept-hint"
              loading={accept.isPending && accept.variables.config === text}
              onClick={() => acceptText(text, [])}
            >
              {existing === null ? 'Accept and commit' : 'Accept and replace the file'}
            </Button>
          )}
          {existing === null && (
            <Button variant="default" onClick={keepWithout}>
              Keep it without the file
            </Button>
          )}
          <Undo repository={repository} />
        </Group>
        {accept.error && faultsOf(accept.error, 'repository-config-invalid').length === 0 && (
          <Problem title="The configuration was not accepted" error={accept.error} retry={null} />
        )}
      </Stack>
    </Paper>
  );
}

/** The parts that passed where others did not; null: there are none to accept without the rest. */
function partOf({ passed, passedParts }: Trial) {
  const { config = null, leftOut = [] } = passedParts ?? {};
  return passed || config === null ? null : { config, leftOut };
}

function hintOf(isTried: boolean, trial: Trial | undefined, part: ReturnType<typeof partOf>, branch: string): string {
  if (!isTried) return 'Try this text before you accept it.';
  if (trial?.passed) return `Accepting it commits .baton/repository.yaml to ${branch} of Baton’s import, in your name.`;
  return part
    ? `Not everything passed. You can accept only what passed, without ${part.leftOut.join(', ')}. If you accept all of it, the gates of each change fail the same way.`
    : 'No part of it passed. If you accept it, the gates of each change fail the same way.';
}

/** Removes the import, after a second click. */
function Undo({ repository }: { readonly repository: RepositoryOf }) {
  const [asks, setAsks] = useState<boolean | null>(null);
  const navigate = useNavigate();
  const remove = useRemoveRepository(repository);
  const undo = () =>
    remove.mutate(
      { key: newIdempotencyKey() },
      {
        onSuccess: ({ name }) => {
          notifications.show({ color: 'green', title: 'Removed', message: `${name} is removed again.` });
          void navigate({ to: '/repositories' });
        },
      },
    );
  if (!asks)
    return (
      <Button variant="default" onClick={() => setAsks(true)} autoFocus={asks === false}>
        Undo: remove the repository
      </Button>
    );
  return (
    <Stack gap="xs" role="group" aria-label="Remove the repository">
      <Text size="sm">Remove {repository.name} from Baton? The original stays as it is.</Text>
      <Group gap="sm">
        <Button color="red" loading={remove.isPending} onClick={undo}>
          Remove {repository.name}
        </Button>
        <Button variant="default" onClick={() => setAsks(false)} autoFocus>
          Keep it
        </Button>
      </Group>
      {remove.error && <Problem title="The repository was not removed" error={remove.error} retry={null} />}
    </Stack>
  );
}
