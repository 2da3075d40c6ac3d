import { Button, Group, NativeSelect, Paper, Stack, TextInput, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type SyntheticEvent } from 'react';
import { useOpenAbsence } from '../../api/acts';
import { newIdempotencyKey } from '../../api/idempotency-key';
import { Problem } from '../../components/problem';

interface AwayFormProps {
  /** Handles of those who may stand in. */
  readonly delegates: readonly string[];
}

/** Says from when to when, and who decides meanwhile. */
export function AwayForm({ delegates }: AwayFormProps) {
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [delegate, setDelegate] = useState('');
  const [note, setNote] = useState('');
  const [asked, setAsked] = useState(false);
  const open = useOpenAbsence();
  const wrong = faultOf(from, until);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setAsked(true);
    if (wrong !== null) return;
    open.mutate(
      {
        from: from === '' ? null : new Date(from).toISOString(),
        until: new Date(until).toISOString(),
        delegate: delegate === '' ? null : delegate,
        note: note.trim(),
        key: newIdempotencyKey(),
      },
      {
        onSuccess: () => {
          notifications.show({ color: 'green', title: 'Noted', message: 'Approvals name it beside you.' });
          for (const clear of [setFrom, setUntil, setDelegate, setNote]) clear('');
          setAsked(false);
        },
      },
    );
  };
  return (
    <Paper component="section" withBorder p={{ base: 'sm', sm: 'lg' }} aria-labelledby="say-away">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Title order={2} size="h5" id="say-away">
            Say that you are away
          </Title>
          <Group align="flex-start" grow preventGrowOverflow={false}>
            <TextInput
              type="datetime-local"
              label="From"
              description="Left out: now"
              value={from}
              onChange={({ currentTarget }) => setFrom(currentTarget.value)}
            />
            <TextInput
              type="datetime-local"
              label="Until"
              description="In your own time zone"
              required
              value={until}
              onChange={({ currentTarget }) => setUntil(currentTarget.value)}
              error={asked ? wrong : null}
            />
          </Group>
          <NativeSelect
            label="Who decides for you"
            description="Left out: what waits for you waits until you are back"
            value={delegate}
            onChange={({ currentTarget }) => setDelegate(currentTarget.value)}
            data={[{ value: '', label: 'nobody' }, ...delegates]}
          />
          <TextInput
            label="Note"
            description="Optional"
            maxLength={1000}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          {open.error && <Problem title="It was not noted" error={open.error} retry={null} />}
          <Group>
            <Button type="submit" loading={open.isPending}>
              I am away
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

/** What is wrong with the times; null when nothing is. */
function faultOf(from: string, until: string): string | null {
  if (until === '') return 'Say until when';
  const end = Date.parse(until);
  if (end <= Date.now()) return 'That is over already';
  return from !== '' && end <= Date.parse(from) ? 'That is before it begins' : null;
}
