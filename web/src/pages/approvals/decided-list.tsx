import { Paper, Text, Title } from '@mantine/core';
import type { Approval } from '../../api/schemas';
import { LinkAnchor } from '../../components/links';
import { runTitle } from '../../components/run-name';
import { StatusBadge } from '../../components/status';
import { Ago } from '../../components/time';
import { APPROVAL_STATUS } from './approval-status';
import { DecisionList } from './decision-list';
import classes from './approvals.module.css';

const SHOWN = 10;

/** What was decided lately. */
export function DecidedList({ approvals }: { readonly approvals: readonly Approval[] }) {
  if (approvals.length === 0) return null;
  return (
    <Paper component="section" withBorder px={{ base: 'sm', sm: 'lg' }} py="sm" aria-labelledby="decided">
      <Title order={2} size="h5" id="decided">
        Decided
      </Title>
      {approvals.slice(0, SHOWN).map((approval) => (
        <Decided key={approval.id} approval={approval} />
      ))}
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
        <LinkAnchor to="/runs/$run" params={{ run: String(run.number) }} fw={600}>
          #{run.number} {runTitle(run)}
        </LinkAnchor>
        <Text size="sm" c="dimmed">
          {step.name}
        </Text>
        <DecisionList decisions={decisions} />
      </div>
      <Text size="sm" c="dimmed">
        <Ago time={settledAt ?? requestedAt} />
      </Text>
    </div>
  );
}
