import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import { requiredActions } from '../../domain/checklist.js';
import { jsonBytes, type Json } from '../../domain/json.js';
import type { AgentRef, AgentStep } from '../../domain/plan.js';
import { PAID_QUESTION_DEFAULTS, QUESTION_DEFAULTS } from '../../domain/question.js';
import { findAction } from '../../domain/catalogue.js';
import type { AgentStepRequest } from '../../domain/work.js';
import { shortTurn, summary } from '../activities.js';
import type { Item, RunState } from '../run-state.js';
import type { step as stepWorkflow } from '../step.js';
import { runAction } from './action.js';

/** What an agent does: a workflow of its own, so that attempts and gates have a page and a history of their own. */
export async function runAgentStep(step: AgentStep, state: RunState, item: Item | null): Promise<Json> {
  const repository = state.repositoryOf(step, item);
  // Notices and reports need none.
  if (!repository) return runAction(step, state, item);
  // First: people may give the step to another agent meanwhile.
  const branch = await state.chooseWorkBranch(repository);
  const given = state.reassigned.of(step.id);
  const newest = given.at(-1);
  const agent: AgentRef = newest ? { kind: 'named', name: newest.agent } : step.agent;
  const request: AgentStepRequest = {
    ref: state.refOf(step.id, item?.index),
    agent,
    sameAs: agent.kind === 'same' ? (state.agents.get(agent.step) ?? null) : null,
    resumes: agent.kind === 'same' ? agent.step : null,
    action: step.action,
    params: state.params(step, item),
    issue: state.request.input.issue,
    repository,
    branch,
    gates: step.gates,
    optional: false,
    timeoutMs: step.timeoutMs,
    retry: step.retry,
    // Capabilities of an agent's own may be services, which cost nothing.
    questions: step.questions ?? (findAction(step.action) ? PAID_QUESTION_DEFAULTS : QUESTION_DEFAULTS),
    ...(step.checklist && {
      checklist: requiredActions(
        step.name,
        step.checklist.map((text) => state.render(text, item)),
      ),
    }),
    ...(step.sandbox && { sandbox: step.sandbox }),
    ...(step.contextTokens !== undefined && { contextTokens: step.contextTokens }),
    reads: step.reads,
  };
  const start = () =>
    startChild<typeof stepWorkflow>('step', {
      workflowId: `${workflowInfo().workflowId}/${step.id}${item ? `/${item.index}` : ''}`,
      args: [request],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: summary(`${step.name} · ${step.action}`),
    });
  const child = await shortTurn(start, jsonBytes(request as unknown as Json));
  const { output, agentId } = await state.reassigned.resultOf(child, step.id, given.length);
  state.agents.set(step.id, agentId);
  return output;
}
