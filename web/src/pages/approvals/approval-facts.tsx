import type { Approval } from '../../api/schemas';
import { CopyableCommit } from '../../components/commit';
import { Fact, Facts } from '../../components/facts';
import { StatusBadge } from '../../components/status';
import { Ago } from '../../components/time';
import { APPROVAL_STATUS } from './approval-status';

/** Where an approval stands, who can give it and what it binds. */
export function ApprovalFacts({ approval }: { readonly approval: Approval }) {
  const { status, policy, missing, canDecide, excluded, change, expiresAt } = approval;
  const open = status === 'open';
  return (
    <Facts>
      {!open && (
        <Fact name="State">
          <StatusBadge status={APPROVAL_STATUS[status]} word={status} size="sm" />
        </Fact>
      )}
      {open && missing !== null ? (
        <Fact name="Still needs">{missing}</Fact>
      ) : (
        <Fact name="Policy">{policyText(policy)}</Fact>
      )}
      {open && (
        <Fact name="Who can decide">
          {canDecide.length === 0 ? 'nobody' : canDecide.map(({ handle }) => handle).join(', ')}
        </Fact>
      )}
      {excluded.length > 0 && <Fact name="May not: the change is theirs">{excluded.join(', ')}</Fact>}
      {open && expiresAt !== null && (
        <Fact name="Ends without a decision">
          <Ago time={expiresAt} exact />
        </Fact>
      )}
      {change?.commit != null && (
        <Fact name="Bound to">
          <CopyableCommit id={change.commit} />
          {change.branch !== null && ` on ${change.branch}`}
          {change.pullRequest !== null && `, pull request #${change.pullRequest}`}
        </Fact>
      )}
    </Facts>
  );
}

function policyText({ kind, approvers, atLeast }: Approval['policy']): string {
  const who = approvers.join(kind === 'all' ? ' and ' : ' or ');
  if (kind === 'all') return `every one of ${who}`;
  return atLeast === 1 ? who : `${atLeast} of ${who}`;
}
