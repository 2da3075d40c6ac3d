import { createRun, markDispatched } from '../db/runs.js';
import { issueContext } from '../db/issues.js';
import type { Activities } from '../domain/work.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';

/** The row of a run that another run's step calls; found again by its workflow id. */
export const openChildRun =
  (deps: ActivityDeps): Activities['openChildRun'] =>
  ({ ref, pipeline, version, context, repository, workflowId, branchSuffix, depth }) =>
    persist(deps, ref.run.organisationId, async (tx) => {
      const find = () =>
        tx
          .selectFrom('runs')
          .select(['id as runId', 'number'])
          .where('workflow_id', '=', workflowId)
          .executeTakeFirst();
      const known = await find();
      if (known) return known;
      const parent = await tx
        .selectFrom('runs as r')
        .innerJoin('people as p', 'p.id', 'r.requested_by')
        .select(['r.issue_id', 'r.priority', 'p.id as personId', 'p.handle'])
        .where('r.id', '=', ref.run.runId)
        .executeTakeFirstOrThrow();
      const called = await tx
        .selectFrom('pipelines as p')
        .innerJoin('pipeline_versions as v', 'v.pipeline_id', 'p.id')
        .select(['p.id', 'p.name', 'v.version', 'v.plan'])
        .where('p.project_id', '=', ref.run.projectId)
        .where('p.name', '=', pipeline)
        .where('v.version', '=', version)
        .executeTakeFirstOrThrow();
      const created = await createRun(tx, {
        organisationId: ref.run.organisationId,
        projectId: ref.run.projectId,
        workflowId,
        pipeline: called,
        repository,
        issue:
          parent.issue_id === null ? null : { id: parent.issue_id, context: await issueContext(tx, parent.issue_id) },
        context,
        priority: parent.priority,
        taskId: ref.run.taskId,
        trigger: { kind: 'pipeline', run: ref.run.runId, step: ref.step },
        requestedBy: { id: parent.personId, handle: parent.handle },
        parentId: ref.run.runId,
        branchSuffix,
        depth,
      });
      await markDispatched(tx, created!.id);
      return { runId: created!.id, number: created!.number };
    });
