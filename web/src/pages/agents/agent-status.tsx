import type { Agent, StepStatus } from '../../api/schemas';
import { StatusBadge } from '../../components/status';

/** An agent looks as a step does that is in such a state. */
const LOOKS: Readonly<Record<Agent['status'], StepStatus>> = {
  idle: 'pending',
  working: 'running',
  'waiting-for-input': 'waiting',
  blocked: 'waiting',
  errored: 'failed',
  paused: 'cancelled',
  offline: 'skipped',
};

/** What an agent does now. */
export const AgentStatus = ({ status }: Pick<Agent, 'status'>) => (
  <StatusBadge status={LOOKS[status]} word={status.replaceAll('-', ' ')} size="sm" />
);
