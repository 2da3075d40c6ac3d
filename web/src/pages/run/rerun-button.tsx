import { Button, Group, JsonInput, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useRerunRun } from '../../api/acts';
import { newIdempotencyKey } from '../../api/idempotency-key';
import type { RunDetail, Step } from '../../api/schemas';
import { useHolds } from '../../components/may';
import { Problem } from '../../components/problem';
import { isOpen } from '../../components/status';
import { objectOf } from './object-of';

interface RerunButtonProps {
  readonly run: RunDetail;
  readonly step: Step;
}

/** Starts a new run that begins at a step of one that has ended; nothing for those who may not. */
export function RerunButton({ run, step }: RerunButtonProps) {
  const [asking, { open, close }] = useDisclosure(false);
  const may = useHolds('author');
  if (!may || isOpen(run.status) || step.item !== null) return null;
  return (
    <>
      <Button variant="default" size="xs" leftSection={<RotateCcw size={14} aria-hidden />} onClick={open}>
        Rerun from here
      </Button>
      <Modal
        opened={asking}
        onClose={close}
        title={`Rerun #${run.number} from ${step.name}?`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <RerunForm run={run} step={step} onClose={close} />
      </Modal>
    </>
  );
}

function RerunForm({ run, step, onClose }: RerunButtonProps & { readonly onClose: () => void }) {
  const [input, setInput] = useState('');
  const rerun = useRerunRun();
  const navigate = useNavigate();
  const parsed = objectOf(input);
  const send = (key: string) =>
    rerun.mutate(
      { run: run.id, from: step.id, input: parsed ?? {}, key },
      {
        onSuccess: ({ number }) => {
          onClose();
          void navigate({ to: '/runs/$run', params: { run: String(number) } });
        },
      },
    );
  return (
    <Stack>
      <Text size="sm">
        A new run takes over what was finished before {step.name}, on a branch of its own. This run and its branch stay
        as they are.
      </Text>
      <JsonInput
        label="Other input for this step (optional)"
        description='JSON with the parameters to replace, such as {"requirements": "…"}'
        autosize
        minRows={3}
        value={input}
        onChange={setInput}
        error={parsed === null ? 'This is not a JSON object: it begins with { and ends with }' : null}
      />
      {rerun.error && (
        <Problem title="It was not started" error={rerun.error} retry={() => send(rerun.variables.key)} />
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button
          loading={rerun.isPending}
          disabled={parsed === null}
          onClick={() => send(newIdempotencyKey())}
          data-autofocus
        >
          Start the rerun
        </Button>
      </Group>
    </Stack>
  );
}
