import { Skeleton, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { openApprovalsQuery, recentApprovalsQuery } from '../../api/queries';
import { Empty } from '../../components/empty';
import { PageTitle } from '../../components/page-title';
import { Problem } from '../../components/problem';
import { ApprovalCard } from './approval-card';
import { DecidedList } from './decided-list';

/** What people have to decide: what waits for me first, the longest waiting on top. */
export function ApprovalsPage() {
  const { data, error, refetch, isRefetching } = useQuery(openApprovalsQuery);
  const recent = useQuery(recentApprovalsQuery);
  const open = data?.items.toReversed() ?? [];
  const mine = open.filter(({ refusal }) => refusal === null);
  const others = open.filter(({ refusal }) => refusal !== null);
  const decided = recent.data?.items.filter(({ status }) => status !== 'open') ?? [];
  return (
    <Stack gap="lg">
      <PageTitle tab={mine.length === 0 ? 'Approvals' : `(${mine.length}) Approvals`}>Approvals</PageTitle>
      {!data && error && (
        <Problem
          title="The approvals cannot be shown"
          error={error}
          retry={() => void refetch()}
          retrying={isRefetching}
        />
      )}
      {!data && !error && <Skeleton height={240} aria-busy aria-label="Loading the approvals" />}
      {data && mine.length === 0 && (
        <Empty title="Nothing waits for you">
          A run asks here when its pipeline has a step that a person decides. This page shows it by itself when one
          does.
        </Empty>
      )}
      {mine.map((approval) => (
        <ApprovalCard key={approval.id} approval={approval} />
      ))}
      {others.length > 0 && (
        <Stack component="section" gap="md">
          <Title order={2} size="h4">
            Waiting for others
          </Title>
          {others.map((approval) => (
            <ApprovalCard key={approval.id} approval={approval} />
          ))}
        </Stack>
      )}
      <DecidedList approvals={decided} />
    </Stack>
  );
}
