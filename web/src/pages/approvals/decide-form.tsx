import { Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useId, useRef, useState } from 'react';
import { useDecide, type Decide } from '../../api/acts';
import { newIdempotencyKey } from '../../api/idempotency-key';
import { ProblemError } from '../../api/problem-error';
import type { Approval } from '../../api/schemas';
import { Problem } from '../../components/problem';
import { VerdictButtons } from '../../components/verdict-buttons';
import classes from './approvals.module.css';

const MAX_NOTE = 4_000;

/** Approve or reject. A rejection says why: those who go on with it have nothing else. */
export function DecideForm({ approval: { id, run, step } }: { readonly approval: Approval }) {
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const title = useId();
  const decide = useDecide();
  const send = (act: Decide) => decide.mutate(act, { onSuccess: ({ state, missing }) => tell(run, state, missing) });
  const press = (decision: Decide['decision']) => {
    if (decision === 'reject' && note.trim() === '') {
      setMissing(true);
      field.current?.focus();
      return;
    }
    send({ approval: id, decision, note: note.trim(), key: newIdempotencyKey() });
  };
  const deciding = (decision: Decide['decision']) => decide.isPending && decide.variables.decision === decision;
  return (
    <section className={classes['decide']} aria-labelledby={title}>
      <Stack gap="sm">
        <Text fw={600} id={title}>
          Your decision on {step.name}
        </Text>
        <Text size="sm">
          Approve, and run #{run.number} goes on as soon as nothing else is needed. Reject, and it ends here; it can be
          repeated from any step.
        </Text>
        <Textarea
          ref={field}
          label="Note"
          description="Optional to approve, needed to reject"
          placeholder="What you looked at, or what has to change"
          autosize
          minRows={2}
          maxLength={MAX_NOTE}
          value={note}
          onChange={({ currentTarget }) => {
            setNote(currentTarget.value);
            setMissing(false);
          }}
          error={missing ? 'Say why you reject: the note goes to whoever takes it up again.' : null}
        />
        {decide.error && (
          <Problem
            title={unknown(decide.error) ? 'It is not known yet whether this counts' : 'It was not decided'}
            error={decide.error}
            // The same key: sent again, it counts once.
            retry={unknown(decide.error) ? () => send(decide.variables) : null}
            retryWord="Send it again"
          />
        )}
        <VerdictButtons deciding={deciding} onPress={press} />
      </Stack>
    </section>
  );
}

const unknown = (error: Error): boolean => error instanceof ProblemError && error.isPassing;

function tell(
  { number: run, paused }: Approval['run'],
  state: 'open' | 'approved' | 'rejected',
  missing: string | null,
): void {
  const messages = {
    open: { color: 'blue', title: 'Your decision counts', message: `Run #${run} still needs ${missing ?? 'others'}.` },
    approved: {
      color: 'green',
      title: 'Approved',
      message: `Run #${run} goes on${paused ? ' once somebody resumes it' : ''}.`,
    },
    rejected: { color: 'red', title: 'Rejected', message: `Run #${run} ends with your note.` },
  } as const;
  notifications.show(messages[state]);
}
