import { Loader, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { ProblemError } from '../api/problem-error';
import type { RunDiff } from '../api/schemas';
import { DiffView } from './diff-view';
import { Problem } from './problem';

/** A change as it is asked for: on its way, not there, or file by file. */
export function ChangeView({ query }: { readonly query: UseQueryResult<RunDiff> }) {
  const { data, error, refetch, isRefetching } = query;
  if (data) return <DiffView change={data} />;
  if (error instanceof ProblemError && error.code === 'change-not-found')
    return <Text c="dimmed">{error.message}</Text>;
  if (error) {
    return (
      <Problem title="The change cannot be shown" error={error} retry={() => void refetch()} retrying={isRefetching} />
    );
  }
  return <Loader size="sm" aria-label="Loading the change" />;
}
