import { Paper, Text, Title } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { Approval, ApprovalPage } from '../../api/schemas';
import { LinkAnchor } from '../../components/links';
import { MoreButton } from '../../components/more-button';
import { runTitle } from '../../components/run-name';
import { StatusBadge } from '../../components/status';
import { Ago } from '../../components/time';
import { APPROVAL_STATUS } from './approval-status';
import { DecisionList } from './decision-list';
import classes from './approvals.module.css';

interface DecidedListProps {
  readonly query: UseInfiniteQueryResult<InfiniteData<ApprovalPage>>;
}

/** What was decided, or ended without a decision; the last first. */
export function DecidedList({ query }: DecidedListProps) {
  const approvals = query.data?.pages.flatMap(({ items }) => items) ?? [];
  if (approvals.length === 0) return null;
  return (
    <Paper component="section" withBorder px={{ base: 'sm', sm: 'lg' }} py="sm" aria-labelledby="decided">
      <Title order={2} size="h5" id="decided">
        Decided
      </Title>
      {approvals.map((approval) => (
        <Decided key={approval.id} approval={approval} />
      ))}
      <MoreButton query={query}>Show earlier ones</MoreButton>
    </Paper>
  );
}

function Decided({
  approval: { id, status, run, step, decisions, settledAt, requestedAt },
}: {
  readonly approval: Approval;
}) {
  return (
    <div className={classes['decided']} data-decided={id} data-status={status}>
      <span>
        <StatusBadge status={APPROVAL_STATUS[status]} word={status} />
      </span>
      <div>
        <LinkAnchor to="/runs/$run" params={{ run: String(run.number) }} search={{ step: step.id }} fw={600}>
          #{run.number} {runTitle(run)}
        </LinkAnchor>
        <Text size="sm" c="dimmed">
          {step.name}
        </Text>
        <DecisionList decisions={decisions} />
        <Text size="sm" style={{ overflowWrap: 'anywhere' }} data-since={run.status}>
          Since then: {run.briefing}
        </Text>
      </div>
      <Text size="sm" c="dimmed">
        <Ago time={settledAt ?? requestedAt} exact />
      </Text>
    </div>
  );
}
