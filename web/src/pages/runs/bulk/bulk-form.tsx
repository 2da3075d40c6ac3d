import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import type { useActInBulk } from '../../../api/acts';
import { newIdempotencyKey } from '../../../api/idempotency-key';
import { ProblemError } from '../../../api/problem-error';
import type { BulkPreview, BulkRun } from '../../../api/schemas';
import { Problem } from '../../../components/problem';
import { ReasonInput } from '../../../components/reason-input';
import { BULK, countOf } from './bulk-words';
import classes from './bulk.module.css';

interface BulkFormProps {
  readonly preview: BulkPreview;
  readonly act: ReturnType<typeof useActInBulk>;
  readonly onConfirm: (runs: readonly BulkRun[]) => void;
  readonly onClose: () => void;
}

/** The runs that it would touch, each with a tick that can be taken away, those that it would not, and the reason. */
export function BulkForm({ preview: { action, runs, more }, act, onConfirm, onClose }: BulkFormProps) {
  const [without, setWithout] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const able = runs.filter(({ refusal }) => refusal === null);
  const chosen = able.filter(({ id }) => !without.has(id));
  const left = runs.filter(({ refusal }) => refusal !== null);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setAsked(true);
    if (reason.trim() === '' || chosen.length === 0) return;
    onConfirm(runs);
    act.mutate({ action, runs: chosen.map(({ id }) => id), reason: reason.trim(), key: newIdempotencyKey() });
  };
  const toggle = (id: string) =>
    setWithout((before) => new Set(before.has(id) ? [...before].filter((each) => each !== id) : [...before, id]));
  if (able.length === 0)
    return (
      <Stack>
        <Text fw={600}>{runs.length === 0 ? 'No run is like that.' : 'None of them would be touched.'}</Text>
        <LeftAsTheyAre runs={left} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Group>
      </Stack>
    );
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <section aria-label="What it touches">
          <Text fw={600} size="sm" mb="xs">
            It touches {countOf(chosen.length)}
          </Text>
          <ul className={classes['runs']}>
            {able.map((run) => (
              <li key={run.id} data-touched={run.number}>
                <Checkbox
                  checked={!without.has(run.id)}
                  onChange={() => toggle(run.id)}
                  label={`#${run.number} ${run.pipeline}${run.repository === null ? '' : ` in ${run.repository}`}`}
                  description={run.from === null ? run.briefing : `from ${run.from}; ${run.briefing}`}
                />
              </li>
            ))}
          </ul>
        </section>
        {more && <Text size="sm">There are more: these are the newest. Do it again for the others.</Text>}
        <LeftAsTheyAre runs={left} />
        <ReasonInput
          description="It is kept with each of them, and told to everybody who follows it"
          value={reason}
          onChange={setReason}
          asked={asked}
        />
        {act.error && <NotDone act={act} error={act.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button
            type="submit"
            color={action === 'cancel' ? 'red' : ''}
            disabled={chosen.length === 0}
            loading={act.isPending}
          >
            {BULK[action].act} {countOf(chosen.length)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The same key: it does what is left, and nothing twice. */
function NotDone({ act, error }: Pick<BulkFormProps, 'act'> & { readonly error: Error }) {
  const unknown = error instanceof ProblemError && error.isPassing;
  return (
    <Problem
      title={unknown ? 'It is not known yet what became of all of them' : 'It was not done'}
      error={error}
      retry={unknown && act.variables ? () => act.mutate(act.variables) : null}
      retryWord="Send it again"
    />
  );
}

function LeftAsTheyAre({ runs }: { readonly runs: readonly BulkRun[] }) {
  if (runs.length === 0) return null;
  return (
    <section aria-label="What it does not touch">
      <Text fw={600} size="sm" mb="xs">
        It leaves {countOf(runs.length)} as {runs.length === 1 ? 'it is' : 'they are'}
      </Text>
      <ul className={classes['runs']}>
        {runs.map(({ id, number, pipeline, refusal }) => (
          <li key={id} data-left={number}>
            <Text size="sm">
              #{number} {pipeline}: {refusal?.message}
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
