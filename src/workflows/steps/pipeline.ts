import {
  CancellationScope,
  CancelledFailure,
  isCancellation,
  ParentClosePolicy,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { BatonError } from '../../domain/errors.js';
import { jsonBytes, type Json } from '../../domain/json.js';
import type { PipelineStep } from '../../domain/plan.js';
import type { RunRequest } from '../../domain/run-input.js';
import { record, shortTurn, summary } from '../activities.js';
import { describeFailure, failWith } from '../failure.js';
import type { run } from '../run.js';
import type { Item, RunState } from '../run-state.js';
import { runAttributes } from '../search-attributes.js';

/** A pipeline may call another, which may call another, this deep. */
const MAX_DEPTH = 5;

/** Another pipeline as a step: a run of its own, with a row, a page and a lineage. */
export async function runPipeline(step: PipelineStep, state: RunState, item: Item | null): Promise<Json> {
  const { input, children } = state.request;
  const depth = input.depth + 1;
  if (depth > MAX_DEPTH)
    throw new BatonError(
      'pipelines-too-deep',
      `Pipelines call each other more than ${MAX_DEPTH} deep: ${step.pipeline}.`,
    );
  const { version, plan } = children[step.pipeline]!;
  const ref = state.refOf(step.id, item?.index);
  const repository = state.repositoryOf(step, item);
  const context = state.params(step, item);
  const workflowId = `${workflowInfo().workflowId}/${step.id}${item ? `/${item.index}` : ''}`;

  await record.recordStep({ ref, status: 'running', input: context });
  const opened = await record.openChildRun({
    ref,
    pipeline: step.pipeline,
    version,
    context,
    repository,
    workflowId,
    branchSuffix: input.branchSuffix,
    depth,
  });
  const request: RunRequest = {
    input: {
      ...input,
      runId: opened.runId,
      number: opened.number,
      pipeline: { name: step.pipeline, version },
      repository,
      context,
      rerun: null,
      depth,
    },
    plan,
    children,
  };
  await inTime(step, opened.number, () => runChild(request, workflowId, input.number));
  const output = { runId: opened.runId, number: opened.number, status: 'succeeded' };
  await record.recordStep({ ref, status: 'succeeded', output });
  return output;
}

async function runChild(request: RunRequest, workflowId: string, calledBy: number): Promise<void> {
  const { input } = request;
  const start = () =>
    startChild<typeof run>('run', {
      workflowId,
      args: [request],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: summary(`#${input.number} ${input.pipeline.name}, called by #${calledBy}`),
      typedSearchAttributes: runAttributes(input),
    });
  const child = await shortTurn(start, jsonBytes(request as unknown as Json));
  await child.result();
}

/** Waits for the child run; it is cancelled with its parent, or because the step's time is over. */
async function inTime(step: PipelineStep, number: number, runChild: () => Promise<void>): Promise<void> {
  const outer = CancellationScope.current();
  const scope = new CancellationScope({ cancellable: true, timeout: step.timeoutMs });
  const failure = await scope.run(runChild).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  if (outer.consideredCancelled) throw new CancelledFailure(`#${number} was cancelled with the run that called it`);
  if (scope.consideredCancelled) {
    const message = `#${number} ${step.pipeline} did not end in the time that ${step.name} gives it`;
    throw failWith({ code: 'timed-out', message });
  }
  if (!failure) return;
  const how = isCancellation(failure.error) ? 'was cancelled' : `failed: ${describeFailure(failure.error).message}`;
  throw failWith({ code: 'child-failed', message: `#${number} ${step.pipeline} ${how}` });
}
