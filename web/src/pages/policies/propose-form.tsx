import { Button, Group, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { FilePen } from 'lucide-react';
import { useRef, useState, type SyntheticEvent } from 'react';
import { useProposePolicies } from '../../api/acts';
import { newIdempotencyKey } from '../../api/idempotency-key';
import { useHolds } from '../../components/may';
import { Problem } from '../../components/problem';
import { ReasonInput } from '../../components/reason-input';
import { faultsOf, type Fault } from './faults';
import classes from './policies.module.css';

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
  const field = useRef<HTMLTextAreaElement>(null);
  const propose = useProposePolicies();
  const faults = faultsOf(propose.error);
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
  const goTo = (line: number, column: number) => {
    const start =
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length +
      (line > 1 ? 1 : 0) +
      column -
      1;
    field.current?.focus();
    field.current?.setSelectionRange(start, start);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Textarea
          ref={field}
          label="policies.yaml"
          description={
            repository === null
              ? 'All that holds in the organisation'
              : `What ${repository} says on top of its organisation: only what is other there`
          }
          autosize
          minRows={8}
          maxRows={28}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '12.5px' } }}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          error={
            asked && text.trim() === ''
              ? 'Write what holds'
              : faults.length === 0
                ? null
                : `Not valid in ${faults.length === 1 ? 'one place' : `${faults.length} places`}; they are below`
          }
        />
        <Faults faults={faults} text={sent} onGo={goTo} />
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

interface FaultsProps {
  readonly faults: readonly Fault[];
  /** The text that they were found in. */
  readonly text: string;
  readonly onGo: (line: number, column: number) => void;
}

/** Each fault under the line that it is in. */
function Faults({ faults, text, onGo }: FaultsProps) {
  if (faults.length === 0) return null;
  const lines = text.split('\n');
  return (
    <Stack gap="xs" role="alert" aria-label="What is wrong with it">
      {faults.map(({ line, column, message }) => (
        <div key={`${line}:${column} ${message}`} data-fault={line ?? ''}>
          {line !== null && column !== null && (
            <>
              <Button variant="default" size="compact-xs" onClick={() => onGo(line, column)}>
                Line {line}, column {column}
              </Button>
              <pre className={classes['fault']}>
                {lines[line - 1]}
                {'\n'}
                {' '.repeat(column - 1)}^
              </pre>
            </>
          )}
          <Text size="sm" c="var(--mantine-color-error)" style={{ overflowWrap: 'anywhere' }}>
            {message}
          </Text>
        </div>
      ))}
    </Stack>
  );
}
