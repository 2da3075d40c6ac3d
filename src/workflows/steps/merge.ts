import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import { findAction } from '../../domain/catalogue.js';
import { jsonBytes, type Json } from '../../domain/json.js';
import { LANDING_BLOCKS, type LandingBlock } from '../../domain/landing.js';
import type { ActionStep, AgentStep, HandoffStep } from '../../domain/plan.js';
import { asksWhenBlocked } from '../../domain/blocked.js';
import { PAID_QUESTION_DEFAULTS } from '../../domain/question.js';
import { AGENT_RETRY } from '../../domain/retry.js';
import type { RepositoryRef } from '../../domain/run-input.js';
import type { LandingRequest } from '../../domain/work.js';
import { shortTurn, summary } from '../activities.js';
import type { Approvals } from '../approvals.js';
import { describeFailure } from '../failure.js';
import type { landing } from '../landing.js';
import type { RunState } from '../run-state.js';
import { runAction } from './action.js';
import { clear } from './approval.js';

/**
 * Lands the run's change. Where it cannot land people are asked, and the merge begins again after their answer; approvals
 * that a new commit has made void are asked for again. What was done before is not repeated.
 */
export async function runMerge(step: ActionStep, state: RunState, approvals: Approvals): Promise<Json> {
  let after = 0;
  for (let round = 1; ; round += 1) {
    try {
      return await runAction(step, state, null);
    } catch (error) {
      const { code, message } = describeFailure(error);
      const block = LANDING_BLOCKS[code];
      const repository = state.repositoryOf(step, null);
      const questions = step.questions ?? PAID_QUESTION_DEFAULTS;
      if (block === undefined || !repository || !asksWhenBlocked(questions)) throw error;
      const request = requestOf(step, state, { block, message, repository, after });
      const asked = await askAt(`${workflowInfo().workflowId}/${step.id}/landing-${round}`, request);
      if (asked.kind === 'end') throw error;
      after = asked.after;
      await clear(step, state, approvals);
    }
  }
}

async function askAt(workflowId: string, request: LandingRequest) {
  const start = () =>
    startChild<typeof landing>('landing', {
      workflowId,
      args: [request],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: summary(`${request.step.ref.name} · ${request.block}`),
    });
  const child = await shortTurn(start, jsonBytes(request as unknown as Json));
  return child.result();
}

interface Blocked {
  readonly block: LandingBlock;
  readonly message: string;
  readonly repository: RepositoryRef;
  readonly after: number;
}

/** The agent that changed the branch last may make it land, with the gates that its change passed. */
function requestOf(step: ActionStep, state: RunState, { block, message, repository, after }: Blocked): LandingRequest {
  const maker = state.request.plan.steps
    .filter((other) => isMaker(other) && state.agents.has(other.id))
    .findLast((other) => state.repositoryBefore(other)?.id === repository.id) as AgentStep | HandoffStep | undefined;
  const gates = maker?.kind === 'agent' ? maker.gates.filter(({ kind }) => kind !== 'red') : [];
  return {
    block,
    message,
    agentId: (maker && state.agents.get(maker.id)) ?? null,
    step: {
      ref: state.refOf(step.id),
      after,
      agent: maker ? { kind: 'same', step: maker.id } : { kind: 'any' },
      sameAs: (maker && state.agents.get(maker.id)) ?? null,
      resumes: null,
      action: maker?.kind === 'agent' ? maker.action : 'code.implement',
      params: maker?.map === null ? state.params(maker, null) : {},
      issue: state.request.input.issue,
      repository,
      branch: state.workBranch(repository),
      gates: gates.length > 0 ? gates : [{ kind: 'tests' }],
      optional: false,
      timeoutMs: maker?.timeoutMs ?? step.timeoutMs,
      retry: maker?.retry ?? AGENT_RETRY,
      questions: step.questions ?? PAID_QUESTION_DEFAULTS,
      ...(maker?.sandbox && { sandbox: maker.sandbox }),
      ...(maker?.contextTokens !== undefined && { contextTokens: maker.contextTokens }),
      reads: [],
    },
  };
}

const isMaker = (step: { readonly kind: string; readonly action?: string }): boolean =>
  step.kind === 'handoff' || (step.kind === 'agent' && findAction(step.action ?? '')?.by === 'agent-change');
