import { z } from 'zod';
import type { Tx } from '../../db/connection.js';
import { knownNames, listPipelines, listPipelineVersions, requirePipeline } from '../../db/pipeline-views.js';
import { savePipeline, setPipelineState } from '../../db/pipelines.js';
import { schedulesOf } from '../../db/scheduled-runs.js';
import { requireProject } from '../../db/project-views.js';
import { BatonError } from '../../domain/errors.js';
import { name, projectQuery } from '../../schema/api/fields.js';
import {
  changedPipeline,
  newPipeline,
  pipeline,
  pipelinePage,
  pipelineQuery,
  pipelineState,
  pipelineToValidate,
  pipelineVersionPage,
  pipelineVersionQuery,
  savedPipeline,
  validation,
} from '../../schema/api/pipeline.js';
import { compilePipeline } from '../../schema/pipeline/compile-pipeline.js';
import type { ApiDeps } from '../deps.js';
import { route } from '../route.js';
import { DEFAULT_CATCH_UP_MS, nextTime } from '../schedules.js';

const tag = 'Pipelines';
const params = z.object({ name });

export const pipelineRoutes = [
  route({
    method: 'get',
    path: '/pipelines',
    id: 'listPipelines',
    tag,
    summary: 'Pipelines by name',
    role: 'reader',
    query: pipelineQuery,
    response: pipelinePage,
    handle: async ({ query, read }, deps) => {
      const { items, next } = await read((tx) => listPipelines(tx, query));
      return { items: await Promise.all(items.map((item) => withSchedules(item, deps))), next };
    },
  }),
  route({
    method: 'post',
    path: '/pipelines',
    id: 'savePipeline',
    tag,
    summary: 'Keep a new version of a pipeline; runs keep the version that they began with',
    role: 'author',
    action: 'pipeline.save',
    auditsItself: true,
    body: newPipeline,
    status: 201,
    response: savedPipeline,
    handle: ({ body, principal, about, write }) =>
      write(async (tx) => {
        const { source, file, activate, project } = body;
        const { id: projectId } = await requireProject(tx, project);
        const compilation = await compile(tx, projectId, source, file);
        if (compilation.kind === 'refused') throw refusal(compilation.diagnostics);
        const { plan, unavailable, warnings } = compilation;
        about(`pipeline:${plan.name}`);
        const saved = await savePipeline(tx, { principal, projectId, source, plan, unavailable, activate });
        const { state } = await requirePipeline(tx, projectId, saved.name);
        return { ...saved, state, warnings };
      }),
  }),
  route({
    method: 'post',
    path: '/pipelines/validate',
    id: 'validatePipeline',
    tag,
    summary: 'Every error and warning of a pipeline at once, with line, column and a hint; nothing is kept',
    role: 'reader',
    body: pipelineToValidate,
    response: validation,
    handle: ({ body: { source, file, project }, read }) =>
      read(async (tx) => {
        const { id: projectId } = await requireProject(tx, project);
        const compilation = await compile(tx, projectId, source, file);
        if (compilation.kind === 'refused') {
          return { valid: false, name: null, steps: null, unavailable: [], diagnostics: compilation.diagnostics };
        }
        const { plan, unavailable, warnings } = compilation;
        return { valid: true, name: plan.name, steps: plan.steps.length, unavailable, diagnostics: warnings };
      }),
  }),
  // Behind the addresses that are no name: the first that fits answers.
  route({
    method: 'get',
    path: '/pipelines/:name',
    id: 'getPipeline',
    tag,
    summary: 'One pipeline, as its newest version is',
    role: 'reader',
    params,
    query: projectQuery,
    response: pipeline,
    handle: async ({ params: of, query, read }, deps) => {
      const { items } = await read(async (tx) => {
        const project = await requireProject(tx, query.project);
        await requirePipeline(tx, project.id, of.name);
        return listPipelines(tx, { project: project.name, name: of.name, limit: 1 });
      });
      return withSchedules(items[0]!, deps);
    },
  }),
  route({
    method: 'get',
    path: '/pipelines/:name/versions',
    id: 'listPipelineVersions',
    tag,
    summary: 'Every version of a pipeline, newest first',
    role: 'reader',
    params,
    query: pipelineVersionQuery,
    response: pipelineVersionPage,
    handle: ({ params: of, query, read }) =>
      read(async (tx) => listPipelineVersions(tx, (await requireProject(tx, query.project)).id, of.name, query)),
  }),
  route({
    method: 'post',
    path: '/pipelines/:name/state',
    id: 'setPipelineState',
    tag,
    summary: 'Activate, draft or archive a pipeline: only active ones start runs',
    role: 'author',
    action: 'pipeline.state',
    auditsItself: true,
    params,
    body: pipelineState,
    response: changedPipeline,
    handle: ({ params: of, body: { state, project }, principal, about, write }) => {
      about(`pipeline:${of.name}`, { state });
      return write(async (tx) => {
        const { id: projectId } = await requireProject(tx, project);
        await requirePipeline(tx, projectId, of.name);
        await setPipelineState(tx, { principal, projectId, name: of.name, state });
        return { name: of.name, state };
      });
    },
  }),
];

type Listed = Awaited<ReturnType<typeof listPipelines>>['items'][number];

/** A pipeline with its schedules, and when each comes next. */
async function withSchedules({ id, ...listed }: Listed, deps: ApiDeps) {
  const schedules = listed.state === 'archived' ? [] : schedulesOf(listed.triggers);
  return {
    ...listed,
    schedules: await Promise.all(
      schedules.map(async ({ kind: _, overlap, catchUpMs, repository, ...when }, index) => ({
        ...when,
        overlap: overlap ?? ('skip' as const),
        catchUpMs: catchUpMs ?? DEFAULT_CATCH_UP_MS,
        repository: repository ?? null,
        paused: listed.state === 'draft',
        nextAt: listed.state === 'draft' ? null : await nextTime(deps, id, index),
      })),
    ),
  };
}

const compile = async (tx: Tx, projectId: string, source: string, file: string) =>
  compilePipeline(source, { file, known: await knownNames(tx, projectId) });

type Diagnostics = Extract<ReturnType<typeof compilePipeline>, { kind: 'refused' }>['diagnostics'];

function refusal(diagnostics: Diagnostics): BatonError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  return new BatonError(
    'pipeline-invalid',
    `The pipeline has ${count}: ${errors[0]?.message ?? 'it cannot be read'}.`,
    {
      details: {
        errors: errors.map(({ pointer, message, hint, line, column }) => ({
          pointer: `/source#${pointer}`,
          message: `${line}:${column} ${message}${hint === null ? '' : ` (${hint})`}`,
        })),
        diagnostics,
      },
    },
  );
}
