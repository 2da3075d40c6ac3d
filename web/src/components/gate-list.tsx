import { Stack } from '@mantine/core';
import type { GateResult } from '../api/schemas';
import { CheckItem } from './check-item';
import { Commit } from './commit';
import { formatDuration } from './time';

interface GateListProps {
  readonly gates: readonly GateResult[];
  /** The commit that a decision is about: what was run on another is marked. */
  readonly about?: string | null;
}

/** What each gate said, and of which commit. */
export function GateList({ gates, about = null }: GateListProps) {
  return (
    <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
      {gates.map(({ gate, verdict, commit, at, durationMs, ...said }) => (
        <CheckItem
          key={`${gate}/${commit}/${at}`}
          {...said}
          name={gate}
          status={verdict}
          about={
            <>
              run on <Commit id={commit} />
              {about !== null && commit !== about && ', an earlier commit,'} in {formatDuration(durationMs)}
            </>
          }
        />
      ))}
    </Stack>
  );
}
