import { expireAudit } from '../db/audit.js';
import type { Activities } from '../domain/work.js';
import { recordComment } from './approvals/record-comment.js';
import { recordDecision } from './approvals/record-decision.js';
import { requestApproval } from './approvals/request-approval.js';
import { settleApproval } from './approvals/settle-approval.js';
import { chooseBranch } from './choose-branch.js';
import { findOrchestrator, takeAdvice } from './advice.js';
import { assignAgent } from './assign-agent.js';
import { beginEscalation } from './escalations/begin-escalation.js';
import { endEscalation } from './escalations/end-escalation.js';
import { escalate } from './escalations/escalate.js';
import { failAttempt } from './attempt/attempt-record.js';
import type { ActivityDeps } from './deps.js';
import { draftResolution } from './draft-resolution.js';
import { endRun } from './end-run.js';
import { finishStep } from './finish-step.js';
import { judgeReview } from './judge-review.js';
import { buryNotice } from './notices/bury-notice.js';
import { holdNotice } from './notices/hold-notice.js';
import { sendNotice } from './notices/send-notice.js';
import { joinItems } from './join-items.js';
import { openChildRun } from './open-child-run.js';
import { publishCommit } from './publish-commit.js';
import { answerQuestion, askQuestion, closeQuestion } from './questions.js';
import { runAction } from './run-action.js';
import { runAttempt } from './attempt/run-attempt.js';
import { runGates } from './run-gates.js';
import { startScheduledRun } from './start-scheduled-run.js';
import { recordOverride } from './record-override.js';
import { recordStep } from './steps.js';
import { takeBranch } from './take-branch.js';
import { takeOver } from './take-over.js';
import { endTrial } from './trial/end-trial.js';
import { tryConfig } from './trial/try-config.js';
import { withNetwork } from './with-network.js';

const DAY_MS = 24 * 3600_000;

/** Everything that workflows may call, standing on `deps`. */
export const createActivities = (deps: ActivityDeps): Activities => activitiesOf(withNetwork(deps));

const activitiesOf = (deps: ActivityDeps): Activities => ({
  runAction: runAction(deps),
  assignAgent: assignAgent(deps),
  runAttempt: runAttempt(deps),
  runGates: runGates(deps),
  judgeReview: judgeReview(deps),
  failAttempt: failAttempt(deps),
  findOrchestrator: findOrchestrator(deps),
  takeAdvice: takeAdvice(deps),
  publishCommit: publishCommit(deps),
  chooseBranch: chooseBranch(deps),
  takeBranch: takeBranch(deps),
  draftResolution: draftResolution(deps),
  finishStep: finishStep(deps),
  askQuestion: askQuestion(deps),
  answerQuestion: answerQuestion(deps),
  closeQuestion: closeQuestion(deps),
  recordStep: recordStep(deps),
  joinItems: joinItems(deps),
  takeOver: takeOver(deps),
  requestApproval: requestApproval(deps),
  recordDecision: recordDecision(deps),
  recordComment: recordComment(deps),
  settleApproval: settleApproval(deps),
  recordOverride: recordOverride(deps),
  openChildRun: openChildRun(deps),
  endRun: endRun(deps),
  beginEscalation: beginEscalation(deps),
  escalate: escalate(deps),
  endEscalation: endEscalation(deps),
  holdNotice: holdNotice(deps),
  sendNotice: sendNotice(deps),
  buryNotice: buryNotice(deps),
  tryConfig: tryConfig(deps),
  endTrial: endTrial(deps),
  startScheduledRun: startScheduledRun(deps),
  expireAudit: ({ olderThanDays }) => expireAudit(deps.db, new Date(Date.now() - olderThanDays * DAY_MS)),
});
