import type { Approval, StepStatus } from '../../api/schemas';

/** An approval looks as its step does. */
export const APPROVAL_STATUS: Readonly<Record<Approval['status'], StepStatus>> = {
  open: 'waiting',
  approved: 'succeeded',
  rejected: 'failed',
  expired: 'failed',
  cancelled: 'cancelled',
};
