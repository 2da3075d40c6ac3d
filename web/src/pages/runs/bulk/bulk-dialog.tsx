import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useActInBulk } from '../../../api/acts';
import { bulkPreviewQuery, type RunFilter } from '../../../api/queries';
import type { BulkAction, BulkResult, BulkRun } from '../../../api/schemas';
import { Loading } from '../../../components/loading';
import { Problem } from '../../../components/problem';
import { BulkForm } from './bulk-form';
import { BULK, filterWords } from './bulk-words';
import { BulkOutcomes } from './bulk-outcomes';

interface BulkDialogProps {
  readonly action: BulkAction;
  readonly filter: RunFilter;
  readonly onClose: () => void;
}

/** First what it would touch, then, when it was done, what became of each. */
export function BulkDialog({ action, filter, onClose }: BulkDialogProps) {
  const preview = useQuery(bulkPreviewQuery(action, filter));
  const act = useActInBulk();
  // As it was when it was confirmed: what happens since does not take names from under the outcome.
  const [seen, setSeen] = useState<readonly BulkRun[]>([]);
  if (act.data) return <Done result={act.data} runs={seen} onClose={onClose} />;
  return (
    <Stack>
      <Text size="sm">
        {filterWords(action, filter)}, as on the page. {BULK[action].what}
      </Text>
      {preview.isPending && <Loading what="what it would touch" blocks={[48, 48]} />}
      {preview.isLoadingError && (
        <Problem
          title="It cannot be said what it would touch"
          error={preview.error}
          retry={() => void preview.refetch()}
        />
      )}
      {preview.data && (
        <BulkForm preview={preview.data} act={act} onConfirm={(runs) => setSeen(runs)} onClose={onClose} />
      )}
    </Stack>
  );
}

interface DoneProps {
  readonly result: BulkResult;
  readonly runs: readonly BulkRun[];
  readonly onClose: () => void;
}

const Done = ({ result, runs, onClose }: DoneProps) => (
  <Stack>
    <BulkOutcomes result={result} runs={runs} onClose={onClose} />
    <Group justify="flex-end">
      <Button onClick={onClose} data-autofocus>
        Done
      </Button>
    </Group>
  </Stack>
);
