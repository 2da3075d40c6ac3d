import { z } from 'zod';
import { listOverrides } from '../../db/override-views.js';
import { listPullRequests } from '../../db/pull-request-views.js';
import { requireProject } from '../../db/project-views.js';
import { findRequestedRun } from '../../db/requested-run.js';
import { requestRerun } from '../../db/reruns.js';
import { getRun, graphOf, listRuns, requireRunId } from '../../db/run-views.js';
import { listSteps } from '../../db/step-views.js';
import { findRepository } from '../../db/repositories.js';
import { activePipelines, requestRun } from '../../db/triggers.js';
import { BatonError } from '../../domain/errors.js';
import type { JsonObject } from '../../domain/json.js';
import { cancellation } from '../../schema/api/override.js';
import { cancelled, createdRun, newRun, rerun, runDetail, runPage, runQuery } from '../../schema/api/run.js';
import type { ApiDeps } from '../deps.js';
import { overrideRun } from '../override.js';
import { checkPipeline } from '../preconditions.js';
import { route, type Call } from '../route.js';

const tag = 'Runs';
export const runParams = z.object({
  id: z.string().min(1).max(1000).describe('Id, number or workflow id (percent-encoded)'),
});

const MAX_PULL_REQUESTS = 1_000;
const CUT = `Only the newest ${MAX_PULL_REQUESTS} pull requests are shown; GET /api/trace has all of a run.`;

export const runRoutes = [
  route({
    method: 'get',
    path: '/runs',
    id: 'listRuns',
    tag,
    summary: 'Runs, newest first',
    role: 'reader',
    query: runQuery,
    response: runPage,
    handle: ({ query, read }) => read((tx) => listRuns(tx, query)),
  }),
  route({
    method: 'post',
    path: '/runs',
    id: 'createRun',
    tag,
    summary: 'Start a pipeline by hand',
    role: 'author',
    action: 'run.create',
    body: newRun,
    status: 201,
    response: createdRun,
    handle: async (call, deps) => {
      const { pipeline, repository, issue, context, project } = call.body;
      const missing = call.again ? [] : await checkRun(call, deps);
      const run = await onceByKey(call, () =>
        call.write(async (tx) => {
          const { id: projectId } = await requireProject(tx, project);
          const made = await requestRun(tx, {
            principal: call.principal,
            projectId,
            pipeline,
            ...(repository !== undefined && { repository }),
            ...(issue !== undefined && { issue }),
            context: context as JsonObject,
            key: call.key,
          });
          call.about(`run:${made.id}`, { number: made.number, pipeline });
          return made;
        }),
      );
      deps.dispatcher.wake();
      return { ...created(run), missing };
    },
  }),
  route({
    method: 'get',
    path: '/runs/:id',
    id: 'getRun',
    tag,
    summary: 'One run: its steps, attempts, gates, costs, artifacts, approvals, lineage and graph',
    role: 'reader',
    params: runParams,
    response: runDetail,
    handle: ({ params, principal, read }) =>
      read(async (tx) => {
        const id = await requireRunId(tx, params.id);
        const { plan, ...run } = await getRun(tx, id);
        const { items: pullRequests, next } = await listPullRequests(tx, { runId: id, limit: MAX_PULL_REQUESTS });
        const details = await listSteps(tx, id, principal);
        const warnings = next === null ? run.warnings : [...run.warnings, CUT];
        const overrides = await listOverrides(tx, id);
        return { ...run, ...details, graph: graphOf(plan), pullRequests, warnings, overrides };
      }),
  }),
  route({
    method: 'post',
    path: '/runs/:id/cancel',
    id: 'cancelRun',
    tag,
    summary: 'Cancel a run: its agents are stopped, its steps clean up',
    role: 'author',
    action: 'run.cancel',
    auditsItself: true,
    params: runParams,
    body: cancellation,
    status: 202,
    response: cancelled,
    handle: async (call, deps) => {
      const runId = await call.read((tx) => requireRunId(tx, call.params.id));
      const { reason } = call.body;
      call.about(`run:${runId}`, { reason });
      await overrideRun(call, { runId, override: { kind: 'cancel' }, reason, key: call.key }, deps);
      const { id, number, status } = await call.read((tx) => getRun(tx, runId));
      return { id, number, status };
    },
  }),
  route({
    method: 'post',
    path: '/runs/:id/rerun',
    id: 'rerunRun',
    tag,
    summary: 'Start a new run that takes over what was finished before a step',
    role: 'author',
    action: 'run.rerun',
    params: runParams,
    body: rerun,
    status: 201,
    response: createdRun,
    handle: async (call, deps) => {
      const { from, input } = call.body;
      const run = await onceByKey(call, () =>
        call.write(async (tx) => {
          const runId = await requireRunId(tx, call.params.id);
          const made = await requestRerun(tx, {
            principal: call.principal,
            runId,
            from,
            params: input as JsonObject,
            key: call.key,
          });
          call.about(`run:${made.id}`, { number: made.number, rerunOf: runId, from });
          return made;
        }),
      );
      deps.dispatcher.wake();
      return { ...created(run), missing: [] };
    },
  }),
];

const created = ({ id, number }: { id: string; number: number }) => ({ id, number, url: `/api/runs/${number}` });

/** What the pipeline that is asked for needs. Names that are not known are refused where the run is made. */
async function checkRun({ body, principal, read }: Call<unknown, unknown, z.infer<typeof newRun>>, deps: ApiDeps) {
  const found = await read(async (tx) => {
    const { id: projectId } = await requireProject(tx, body.project);
    const pipeline = (await activePipelines(tx, projectId)).find(({ name }) => name === body.pipeline);
    const repository = body.repository === undefined ? null : await findRepository(tx, projectId, body.repository);
    return { projectId, pipeline, repository };
  });
  const { projectId, pipeline, repository } = found;
  if (!pipeline || (body.repository !== undefined && !repository)) return [];
  const place = { organisationId: principal.organisationId, projectId, repositoryId: repository?.id ?? null };
  return checkPipeline(deps, place, pipeline.plan);
}

/** A request whose answer was lost with its process finds the run that it made. */
async function onceByKey(
  call: Call,
  make: () => Promise<{ id: string; number: number }>,
): Promise<{ id: string; number: number }> {
  try {
    return await make();
  } catch (error) {
    const made =
      error instanceof BatonError &&
      error.code === 'requested-already' &&
      (await call.read((tx) => findRequestedRun(tx, call.key)));
    if (!made) throw error;
    return made;
  }
}
