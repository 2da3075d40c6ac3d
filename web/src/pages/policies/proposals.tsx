import { Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useDecidePolicies } from '../../api/acts';
import { newIdempotencyKey } from '../../api/idempotency-key';
import type { PolicyVersion } from '../../api/schemas';
import { useHolds } from '../../components/may';
import { Problem } from '../../components/problem';
import { Ago } from '../../components/time';
import { VerdictButtons } from '../../components/verdict-buttons';
import { PolicyDiff } from './policy-diff';

const MAX_NOTE = 4_000;

interface ProposalsProps {
  readonly versions: readonly PolicyVersion[];
  /** What holds now. */
  readonly source: string;
}

/** What waits for an admin, with what it would change. */
export function Proposals({ versions, source }: ProposalsProps) {
  return versions
    .filter(({ status }) => status === 'proposed')
    .map((version) => <Proposal key={version.id} version={version} source={source} />);
}

function Proposal({ version, source }: { readonly version: PolicyVersion; readonly source: string }) {
  const { id, version: number, proposedBy, proposedAt, reason } = version;
  const isAdmin = useHolds('admin');
  return (
    <Paper
      component="section"
      withBorder
      p={{ base: 'sm', sm: 'lg' }}
      aria-labelledby={`proposal-${id}`}
      data-proposal={number}
    >
      <Stack gap="sm">
        <div>
          <Title order={2} size="h4" id={`proposal-${id}`}>
            Version {number} waits for an approval
          </Title>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {proposedBy} proposed it <Ago time={proposedAt} exact />: {reason}
          </Text>
        </div>
        <PolicyDiff from={source} to={version.source} />
        {isAdmin ? (
          <DecidePolicies version={version} />
        ) : (
          <Text size="sm">An admin decides it; until then what holds goes on to hold.</Text>
        )}
      </Stack>
    </Paper>
  );
}

function DecidePolicies({ version: { id, version: number } }: { readonly version: PolicyVersion }) {
  const [note, setNote] = useState('');
  const decide = useDecidePolicies();
  const press = (decision: 'approve' | 'reject') =>
    decide.mutate(
      { id, decision, note: note.trim(), key: newIdempotencyKey() },
      {
        onSuccess: () =>
          notifications.show(
            decision === 'approve'
              ? { color: 'green', title: 'Approved', message: `Version ${number} holds from now on.` }
              : { color: 'red', title: 'Rejected', message: `Version ${number} does not come to hold.` },
          ),
      },
    );
  const deciding = (decision: 'approve' | 'reject') => decide.isPending && decide.variables.decision === decision;
  return (
    <Stack gap="sm">
      <Text size="sm">
        Approve, and it holds from now on for all that is asked; an approval that is open stays as it was asked for. Who
        proposed it does not approve it, where another admin can.
      </Text>
      <Textarea
        label={`Note on version ${number}`}
        description="Optional"
        autosize
        minRows={1}
        maxLength={MAX_NOTE}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      {decide.error && <Problem title="It was not decided" error={decide.error} retry={null} />}
      <VerdictButtons of={`version ${number}`} deciding={deciding} onPress={press} />
    </Stack>
  );
}
