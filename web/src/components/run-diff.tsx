import { Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ProblemError } from '../api/problem-error';
import { diffQuery } from '../api/queries';
import { DiffView } from './diff-view';
import { Problem } from './problem';

interface RunDiffProps {
  readonly run: string;
  /** The whole run where left out. */
  readonly step?: string;
  /** What the diff is of: another one, another diff. */
  readonly version: string;
}

/** What a run, or one of its steps, changed. */
export function RunDiffView({ run, step, version }: RunDiffProps) {
  const { data, error, isPending, refetch, isRefetching } = useQuery(diffQuery(run, step, version));
  if (isPending) return <Loader size="sm" aria-label="Loading the change" />;
  if (error instanceof ProblemError && error.code === 'change-not-found')
    return <Text c="dimmed">{error.message}</Text>;
  if (error)
    return (
      <Problem title="The change cannot be shown" error={error} retry={() => void refetch()} retrying={isRefetching} />
    );
  return <DiffView change={data} />;
}
