import { Alert, Stack, Text, Title } from '@mantine/core';
import { Info } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Approval } from '../../api/schemas';
import { Fact, Facts } from '../../components/facts';
import { Commit } from '../../components/commit';
import { FindingList } from '../../components/finding-list';
import { GateList } from '../../components/gate-list';
import { StatusBadge } from '../../components/status';
import { Ago } from '../../components/time';
import { APPROVAL_STATUS } from './approval-status';
import { DecideForm } from './decide-form';
import { DecisionList } from './decision-list';
import classes from './approvals.module.css';

interface ApprovalViewProps {
  readonly approval: Approval;
  /** Comes between the evidence and the decision: the change itself. */
  readonly children?: ReactNode;
}

/** What is asked and why, what is known of the change, and the decision. */
export function ApprovalView({ approval, children }: ApprovalViewProps) {
  const { status, policy, missing, canDecide, excluded, soleMember, change, refusal, decisions, expiresAt } = approval;
  const open = status === 'open';
  return (
    <Stack gap="md">
      <Facts>
        <Fact name="State">
          <StatusBadge status={APPROVAL_STATUS[status]} word={open ? 'waiting' : status} size="sm" />
        </Fact>
        <Fact name="Policy">{policyText(policy)}</Fact>
        {open && missing !== null && <Fact name="Still needs">{missing}</Fact>}
        {open && <Fact name="Who can decide">{canDecide.length === 0 ? 'nobody' : canDecide.map(({ handle }) => handle).join(', ')}</Fact>}
        {excluded.length > 0 && <Fact name="May not: the change is theirs">{excluded.join(', ')}</Fact>}
        {change?.commit != null && (
          <Fact name="Bound to">
            <Commit id={change.commit} />
            {change.branch !== null && ` on ${change.branch}`}
            {change.pullRequest !== null && `, pull request #${change.pullRequest}`}
          </Fact>
        )}
        {open && expiresAt !== null && (
          <Fact name="Ends without a decision">
            <Ago time={expiresAt} />
          </Fact>
        )}
      </Facts>
      {soleMember && (
        <Alert color="orange" variant="light" icon={<Info size={18} aria-hidden />}>
          Only owners of the agents that made this change could decide it, so they may. The decision is marked so.
        </Alert>
      )}
      {change && (
        <div className={classes['evidence']}>
          <Evidence title="Gates" empty="No gate ran on this change.">
            {change.gates.length > 0 && <GateList gates={change.gates} />}
          </Evidence>
          <Evidence title="Findings of reviews" empty="Reviews found nothing, or none ran.">
            {change.findings.length > 0 && <FindingList findings={change.findings} />}
          </Evidence>
        </div>
      )}
      {children}
      <DecisionList decisions={decisions} />
      {open && refusal === null && <DecideForm approval={approval} />}
      {open && refusal !== null && <Text size="sm">You cannot decide this: {refusal.message}.</Text>}
    </Stack>
  );
}

interface EvidenceProps {
  readonly title: string;
  readonly empty: string;
  readonly children: ReactNode;
}

const Evidence = ({ title, empty, children }: EvidenceProps) => (
  <section aria-label={title}>
    <Title order={3} size="h6" mb="xs">
      {title}
    </Title>
    {children === false ? (
      <Text size="sm" c="dimmed">
        {empty}
      </Text>
    ) : (
      children
    )}
  </section>
);

function policyText({ kind, approvers, atLeast }: Approval['policy']): string {
  const who = approvers.join(kind === 'all' ? ' and ' : ' or ');
  if (kind === 'all') return `every one of ${who}`;
  return atLeast === 1 ? who : `${atLeast} of ${who}`;
}
