import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Ban } from 'lucide-react';
import { useCancelRun } from '../../api/acts';
import { newIdempotencyKey } from '../../api/idempotency-key';
import type { RunDetail } from '../../api/schemas';
import { useHolds } from '../../components/may';
import { Problem } from '../../components/problem';
import { isOpen } from '../../components/status';

/** Cancels a run that is open, once that is confirmed; nothing for those who may not. */
export function CancelButton({ run: { id, number, status } }: { readonly run: RunDetail }) {
  const [asking, { open, close }] = useDisclosure(false);
  const cancel = useCancelRun();
  const may = useHolds('author');
  if (!may || !isOpen(status)) return null;
  const send = (key: string) => cancel.mutate({ run: id, key }, { onSuccess: close });
  return (
    <>
      <Button variant="default" leftSection={<Ban size={16} aria-hidden />} onClick={open}>
        Cancel the run
      </Button>
      <Modal
        opened={asking}
        onClose={close}
        title={`Cancel run #${number}?`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack>
          <Text size="sm">
            Its agents are stopped and its steps clean up. What was committed stays on its branch, and the run can be
            repeated from any step.
          </Text>
          {cancel.error && (
            <Problem title="It was not cancelled" error={cancel.error} retry={() => send(cancel.variables.key)} />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              Let it run
            </Button>
            <Button color="red" loading={cancel.isPending} onClick={() => send(newIdempotencyKey())}>
              Cancel the run
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
