import { Text } from '@mantine/core';
import type { BulkResult, BulkRun } from '../../../api/schemas';
import { LinkAnchor } from '../../../components/links';
import { BULK, countOf } from './bulk-words';
import classes from './bulk.module.css';

interface BulkOutcomesProps {
  readonly result: BulkResult;
  readonly runs: readonly BulkRun[];
  readonly onClose: () => void;
}

/** What became of each run. */
export function BulkOutcomes({ result: { action, runs: outcomes }, runs, onClose }: BulkOutcomesProps) {
  const done = outcomes.filter(({ outcome }) => outcome === 'done').length;
  const { done: became } = BULK[action];
  return (
    <section aria-label="What became of them" role="status">
      <Text fw={600} mb="xs">
        Done to {countOf(done)}
        {done < outcomes.length && `; ${outcomes.length - done} left as before`}
      </Text>
      <ul className={classes['runs']}>
        {outcomes.map(({ id, outcome, rerun, refusal }) => {
          const run = runs.find((each) => each.id === id);
          return (
            <li key={id} data-outcome={outcome}>
              <Text size="sm">
                <RunLink number={run?.number} onClose={onClose} /> {run?.pipeline}:{' '}
                {refusal ? `left as it is: ${refusal.message}` : became}
                {rerun !== null && (
                  <>
                    {' as '}
                    <RunLink number={rerun} onClose={onClose} />
                  </>
                )}
              </Text>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const RunLink = ({ number, onClose }: { readonly number: number | undefined; readonly onClose: () => void }) => (
  <LinkAnchor to="/runs/$run" params={{ run: String(number) }} inherit underline="always" onClick={onClose}>
    #{number}
  </LinkAnchor>
);
