import { Button, Group, Paper, Stack, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { FilePen } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { useProposePolicies } from '../../api/acts';
import { newIdempotencyKey } from '../../api/idempotency-key';
import { useHolds } from '../../components/may';
import { Problem } from '../../components/problem';
import { ReasonInput } from '../../components/reason-input';
import { YamlEditor } from '../../components/yaml-editor';
import { faultsOf } from '../../components/yaml-faults';

interface ProposeFormProps {
  readonly repository: string | null;
  /** What holds now, to begin with. */
  readonly source: string;
}

/** Proposes another text; for admins. */
export function ProposeForm({ repository, source }: ProposeFormProps) {
  const [open, setOpen] = useState(false);
  const may = useHolds('admin');
  if (!may) return null;
  if (!open)
    return (
      <Group>
        <Button variant="default" leftSection={<FilePen size={16} aria-hidden />} onClick={() => setOpen(true)}>
          Propose a change
        </Button>
      </Group>
    );
  return (
    <Paper component="section" withBorder p={{ base: 'sm', sm: 'lg' }} aria-labelledby="propose">
      <Title order={2} size="h4" id="propose" mb="sm">
        Propose a change
      </Title>
      <Editor repository={repository} source={source} onClose={() => setOpen(false)} />
    </Paper>
  );
}

function Editor({ repository, source, onClose }: ProposeFormProps & { readonly onClose: () => void }) {
  const [text, setText] = useState(source);
  const [sent, setSent] = useState('');
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const propose = useProposePolicies();
  const faults = faultsOf(propose.error, 'policies-invalid');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setAsked(true);
    if (reason.trim() === '' || text.trim() === '') return;
    setSent(text);
    propose.mutate(
      { repository, source: text, reason: reason.trim(), key: newIdempotencyKey() },
      {
        onSuccess: () => {
          notifications.show({ color: 'green', title: 'Proposed', message: 'It holds when an admin approves it.' });
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <YamlEditor
          label="policies.yaml"
          description={
            repository === null
              ? 'All that holds in the organisation'
              : `What ${repository} says on top of its organisation: only what is other there`
          }
          value={text}
          onChange={setText}
          faults={faults}
          checked={sent}
          error={asked && text.trim() === '' ? 'Write what holds' : null}
        />
        <ReasonInput
          description="Whoever approves it reads it, and it is kept"
          value={reason}
          onChange={setReason}
          asked={asked}
        />
        {propose.error && faults.length === 0 && (
          <Problem title="It was not proposed" error={propose.error} retry={null} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" loading={propose.isPending}>
            Propose it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
