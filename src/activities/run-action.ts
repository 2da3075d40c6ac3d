import type { Json } from '../domain/json.js';
import { pickOutput } from '../domain/output.js';
import { BatonError } from '../domain/errors.js';
import type { ActionRequest, ActionResult } from '../domain/work.js';
import { agentService } from './actions/agent-service.js';
import { audit } from './actions/audit.js';
import { commentIssue } from './actions/comment-issue.js';
import { createBranch } from './actions/create-branch.js';
import { createIssues } from './actions/create-issues.js';
import { createPullRequest } from './actions/create-pull-request.js';
import { generateReport } from './actions/generate-report.js';
import { listRepositories } from './actions/list-repositories.js';
import { merge } from './actions/merge.js';
import { outdatedDependencies } from './actions/outdated-dependencies.js';
import { reviewPullRequest } from './actions/review-pull-request.js';
import { notifyEmail, notifySlack, notifyWebhook } from './actions/notify.js';
import { cancellation } from './cancellation.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import { changeStep, completeStep } from './steps.js';

/** One of the things that Baton does itself. Done twice it has the effect of once. */
export type Action = (deps: ActivityDeps, request: ActionRequest) => Promise<ActionEffect>;

export interface ActionEffect {
  readonly output: Json;
  /** What the run's branch stands at after it. */
  readonly commit?: string;
  /** Where the action made the run's branch. */
  readonly branch?: string;
}

const noop: Action = () => Promise.resolve({ output: {} });

const ACTIONS: Readonly<Record<string, Action>> = {
  'git.createBranch': createBranch,
  'github.createPR': createPullRequest,
  'github.comment': commentIssue,
  'github.merge': merge,
  'github.review': reviewPullRequest,
  'notify.slack': notifySlack,
  'notify.email': notifyEmail,
  'notify.webhook': notifyWebhook,
  'github.createIssues': createIssues,
  'audit.secrets': audit('secrets'),
  'audit.sast': audit('sast'),
  'audit.dependencies': audit('dependencies'),
  'report.generate': generateReport,
  'project.repositories': listRepositories,
  'dependencies.outdated': outdatedDependencies,
  'flow.noop': noop,
};

/** Runs a plain step: its row and events are written around it, in the same activity. */
export const runAction =
  (deps: ActivityDeps) =>
  async (request: ActionRequest): Promise<ActionResult> => {
    const { ref, params, reads } = request;
    const act = request.agent ? agentService(request.agent) : ACTIONS[request.action];
    if (!act) throw new BatonError('not-there-yet', `The action ${request.action} is not there yet.`);
    const { organisationId } = ref.run;
    cancellation().throwIfAborted();
    const { output, commit, branch } = await shownWhileItLasts(
      () => persist(deps, organisationId, (tx) => changeStep(tx, ref, { status: 'running', input: params })),
      act(deps, request),
    );
    const picked = pickOutput(output, reads);
    await persist(deps, organisationId, async (tx) => {
      await completeStep(tx, ref, params, { status: 'succeeded', output, commit: commit ?? null });
      if (branch !== undefined && request.repository?.id === ref.run.repository?.id) {
        await tx
          .updateTable('runs')
          .set({ branch })
          .where('id', '=', ref.run.runId)
          .where('branch', 'is', null)
          .execute();
      }
    });
    return { output: picked, branch: branch ?? null };
  };

/** What is over sooner than this is written down once, with its beginning and its end. */
const SHOWN_AFTER_MS = 25;

/** Says that a step has begun unless it is over in the blink of an eye; one that fails is always said to have begun. */
async function shownWhileItLasts<T>(show: () => Promise<void>, work: Promise<T>): Promise<T> {
  const over = work.then(
    () => true,
    () => false,
  );
  const blink = new Promise<'lasts'>((resolve) => setTimeout(resolve, SHOWN_AFTER_MS, 'lasts').unref());
  if ((await Promise.race([over, blink])) !== true) await show();
  return work;
}
