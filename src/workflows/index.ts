export { expireAudit } from './expire-audit.js';
export { run } from './run.js';
export { step } from './step.js';
