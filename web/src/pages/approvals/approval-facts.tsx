import { useQuery } from '@tanstack/react-query';
import { runQuery } from '../../api/queries';
import type { Approval } from '../../api/schemas';
import { CopyableCommit } from '../../components/commit';
import { Fact, Facts } from '../../components/facts';
import { StatusBadge } from '../../components/status';
import { Ago } from '../../components/time';
import { APPROVAL_STATUS } from './approval-status';
import { consequence } from './consequence';
import { RiskFacts } from './risk-facts';

/** Where an approval stands, what it lets happen, who can give it and what it binds. */
export function ApprovalFacts({ approval }: { readonly approval: Approval }) {
  const { status, risk, canDecide, excluded, change, expiresAt } = approval;
  const open = status === 'open';
  const { data: run } = useQuery({ ...runQuery(String(approval.run.number)), enabled: open });
  return (
    <Facts>
      {!open && (
        <Fact name="State">
          <StatusBadge status={APPROVAL_STATUS[status]} word={status} size="sm" />
        </Fact>
      )}
      {open && <Fact name="If you approve">{consequence(approval, run)}</Fact>}
      {risk && <RiskFacts risk={risk} />}
      {open && (
        <Fact name="Who can decide">{canDecide.length === 0 ? 'nobody' : canDecide.map(nameOf).join(', ')}</Fact>
      )}
      {excluded.length > 0 && <Fact name="May not: the change is theirs">{excluded.join(', ')}</Fact>}
      {open && expiresAt !== null && (
        <Fact name="Ends without a decision">
          <Ago time={expiresAt} exact />; then the run fails
        </Fact>
      )}
      {change?.commit != null && (
        <Fact name="For this change only">
          <CopyableCommit id={change.commit} />
          {change.branch !== null && ` on ${change.branch}`}
          {change.pullRequest !== null && `, pull request #${change.pullRequest}`}
        </Fact>
      )}
    </Facts>
  );
}

function nameOf({ handle, inPlaceOf, awayUntil }: Approval['canDecide'][number]): string {
  const notes = [
    ...(inPlaceOf.length > 0 ? [`for ${inPlaceOf.join(', ')}`] : []),
    ...(awayUntil === null ? [] : [`away until ${new Date(awayUntil).toLocaleDateString()}`]),
  ];
  return notes.length === 0 ? handle : `${handle} (${notes.join('; ')})`;
}
