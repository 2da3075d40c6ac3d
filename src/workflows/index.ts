export { escalation } from './escalation.js';
export { expireAudit } from './expire-audit.js';
export { notice } from './notice.js';
export { run } from './run.js';
export { scheduledRun } from './scheduled-run.js';
export { step } from './step.js';
export { tddHandoff } from './tdd-handoff.js';
export { trial } from './trial.js';
