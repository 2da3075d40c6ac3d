import { useQuery } from '@tanstack/react-query';
import { approvalDiffQuery } from '../../api/queries';
import type { Approval } from '../../api/schemas';
import { ChangeView } from '../../components/change-view';

/** The very change that a decision is about, whoever made it in whichever run. */
export const ApprovedChange = ({ approval: { id, change } }: { readonly approval: Approval }) => (
  <ChangeView query={useQuery(approvalDiffQuery(id, change?.commit ?? ''))} />
);
