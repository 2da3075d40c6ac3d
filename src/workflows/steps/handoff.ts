import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import { BatonError } from '../../domain/errors.js';
import { jsonBytes, type Json } from '../../domain/json.js';
import { pickOutput } from '../../domain/output.js';
import type { HandoffStep } from '../../domain/plan.js';
import { PAID_QUESTION_DEFAULTS } from '../../domain/question.js';
import type { HandoffRequest } from '../../domain/work.js';
import { record, shortTurn, summary } from '../activities.js';
import type { RunState } from '../run-state.js';
import type { tddHandoff } from '../tdd-handoff.js';

/** Test-driven work as one step of a plan; its phases are the step's items. */
export async function runHandoff(step: HandoffStep, state: RunState): Promise<Json> {
  const repository = state.repositoryOf(step, null);
  if (!repository)
    throw new BatonError(
      'no-repository',
      `The step ${step.name} needs a repository: name one in the step, or start the run on one.`,
    );
  // First: people may give the step to another agent meanwhile.
  const branch = await state.chooseWorkBranch(repository);
  const ref = state.refOf(step.id);
  const reassigned = state.reassigned.of(step.id);
  const request: HandoffRequest = {
    ref,
    tester: step.tester,
    developer: step.developer,
    reassigned,
    integration: step.integration,
    params: state.params(step, null),
    issue: state.request.input.issue,
    repository,
    branch,
    timeoutMs: step.timeoutMs,
    retry: step.retry,
    questions: step.questions ?? PAID_QUESTION_DEFAULTS,
    ...(step.sandbox && { sandbox: step.sandbox }),
    ...(step.contextTokens !== undefined && { contextTokens: step.contextTokens }),
  };
  await record.recordStep({ ref, status: 'running', input: request.params });
  const start = () =>
    startChild<typeof tddHandoff>('tddHandoff', {
      workflowId: `${workflowInfo().workflowId}/${step.id}`,
      args: [request],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: summary(`${step.name} · test-driven`),
    });
  const child = await shortTurn(start, jsonBytes(request as unknown as Json));
  const { commit, phases } = await state.reassigned.resultOf(child, step.id, reassigned.length);
  const developer = phases.findLast(({ by }) => by === 'developer');
  if (developer) state.agents.set(step.id, developer.agentId);
  const output = { commit, phases: phases.map((phase) => ({ ...phase })) };
  await record.recordStep({ ref, status: 'succeeded', output });
  return pickOutput(output, step.reads);
}
