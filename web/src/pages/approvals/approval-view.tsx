import { Alert, Stack, Text, Title } from '@mantine/core';
import { Info } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Approval } from '../../api/schemas';
import { FindingList } from '../../components/finding-list';
import { GateList } from '../../components/gate-list';
import { ApprovalFacts } from './approval-facts';
import { DecideForm } from './decide-form';
import { DecisionList } from './decision-list';
import { Discussion } from './discussion';
import { RequirementList } from './requirement-list';
import classes from './approvals.module.css';

interface ApprovalViewProps {
  readonly approval: Approval;
  /** The change itself, where there is room for it: beside the rest, or on a telephone before the decision. */
  readonly children?: ReactNode;
}

/** What is asked and why, what is known of the change, and the decision. */
export function ApprovalView({ approval, children }: ApprovalViewProps) {
  const facts = <ApprovalFacts approval={approval} />;
  const evidence = (approval.soleMember || approval.change !== null) && <Evidence approval={approval} />;
  const decision = <Decision approval={approval} />;
  if (children === undefined || children === false) {
    return (
      <Stack gap="md">
        {facts}
        {evidence}
        {decision}
      </Stack>
    );
  }
  return (
    <Stack gap="md">
      {facts}
      <div className={classes['halves']}>
        <div className={classes['change']}>{children}</div>
        <div className={classes['aside']}>
          <div className={classes['evidence']}>{evidence}</div>
          <div className={classes['decision']}>{decision}</div>
        </div>
      </div>
    </Stack>
  );
}

function Evidence({ approval }: { readonly approval: Approval }) {
  const { soleMember, change } = approval;
  return (
    <Stack gap="md">
      {soleMember && (
        <Alert color="orange" variant="light" icon={<Info size={18} aria-hidden />}>
          Only owners of the agents that made this change could decide it, so they may. The decision is marked so.
        </Alert>
      )}
      {change && (
        <>
          <Part title="Gates" empty="No gate ran on this change.">
            {change.gates.length > 0 && <GateList gates={change.gates.toReversed()} about={change.commit} />}
          </Part>
          <Part title="Findings of reviews" empty="Reviews found nothing, or none ran.">
            {change.findings.length > 0 && <FindingList findings={change.findings} />}
          </Part>
        </>
      )}
    </Stack>
  );
}

function Decision({ approval }: { readonly approval: Approval }) {
  const { status, refusal, decisions } = approval;
  const open = status === 'open';
  return (
    <Stack gap="md">
      <RequirementList approval={approval} />
      <DecisionList decisions={decisions} />
      {open && refusal === null && <DecideForm approval={approval} />}
      {open && refusal !== null && <Text size="sm">You cannot decide this: {refusal.message}.</Text>}
      <Discussion approval={approval} may={open && refusal?.code !== 'role-too-low'} />
    </Stack>
  );
}

interface PartProps {
  readonly title: string;
  readonly empty: string;
  readonly children: ReactNode;
}

const Part = ({ title, empty, children }: PartProps) => (
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
