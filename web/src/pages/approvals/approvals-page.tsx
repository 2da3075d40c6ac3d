import { Stack, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import {
  approvalCountQuery,
  questionCountQuery,
  settledApprovalsQuery,
  waitingApprovalsQuery,
} from '../../api/queries';
import { Empty } from '../../components/empty';
import { Loading } from '../../components/loading';
import { MoreButton } from '../../components/more-button';
import { PageTitle } from '../../components/page-title';
import { Problem } from '../../components/problem';
import { OpenQuestions } from '../questions/open-questions';
import { ApprovalCard } from './approval-card';
import { DecidedList } from './decided-list';

/** What people have to decide: what waits for me first, the riskiest on top, of those the longest waiting. */
export function ApprovalsPage() {
  const { data: counted } = useQuery(approvalCountQuery);
  const { data: asked } = useQuery(questionCountQuery);
  const mine = useInfiniteQuery(waitingApprovalsQuery('me'));
  const others = useInfiniteQuery(waitingApprovalsQuery('others'));
  const settled = useInfiniteQuery(settledApprovalsQuery);
  const failed = [mine, others, settled].filter(({ isLoadingError }) => isLoadingError);
  const [first] = failed;
  const toDecide = mine.data?.pages.flatMap(({ items }) => items);
  const waiting = others.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Stack gap="lg">
      <PageTitle tab={counted?.mine ? `(${counted.mine}) Approvals` : 'Approvals'}>Approvals</PageTitle>
      {first?.error && (
        <Problem
          title="The approvals cannot be shown"
          error={first.error}
          retry={() => void Promise.all(failed.map(({ refetch }) => refetch()))}
          retrying={failed.some(({ isRefetching }) => isRefetching)}
        />
      )}
      <OpenQuestions waiting="me" />
      {mine.isPending && <Loading what="the approvals" blocks={[96, 320]} />}
      {toDecide?.length === 0 && asked?.mine === 0 && (
        <Empty title="Nothing waits for you">
          A run asks here when its pipeline has a step that a person decides. This page shows it by itself when one
          does.
        </Empty>
      )}
      {toDecide?.map((approval, index) => (
        <ApprovalCard key={approval.id} approval={approval} isNext={index === 0} />
      ))}
      <MoreButton query={mine}>Show more that wait for you</MoreButton>
      <OpenQuestions waiting="others" />
      {waiting.length > 0 && (
        <Stack component="section" gap="md" aria-labelledby="waiting-for-others">
          <Title order={2} size="h4" id="waiting-for-others">
            Waiting for others
          </Title>
          {waiting.map((approval) => (
            <ApprovalCard key={approval.id} approval={approval} isNext={false} />
          ))}
          <MoreButton query={others}>Show more that wait for others</MoreButton>
        </Stack>
      )}
      <DecidedList query={settled} />
    </Stack>
  );
}
