import { BatonError } from '../domain/errors.js';
import type { Plan } from '../domain/plan.js';
import { appendAudit } from './audit.js';
import type { Tx } from './connection.js';
import { newestVersions } from './newest-version.js';
import type { Principal } from './people.js';
import { announceSchedules } from './schedules.js';

export interface SavePipeline {
  readonly principal: Pick<Principal, 'organisationId' | 'personId' | 'handle' | 'origin'>;
  readonly projectId: string;
  readonly source: string;
  readonly plan: Plan;
  /** Names that the pipeline uses and that are not there yet. */
  readonly unavailable: readonly string[];
  readonly activate: boolean;
}

/** Keeps a new version of a pipeline; the same source again is the same version. */
export async function savePipeline(tx: Tx, save: SavePipeline): Promise<{ name: string; version: number }> {
  const { principal, plan, projectId } = save;
  if (save.activate) refuseUnavailable(plan.name, save.unavailable);
  await tx
    .insertInto('pipelines')
    .values({ organisation_id: principal.organisationId, project_id: projectId, name: plan.name, state: 'draft' })
    .onConflict((conflict) => conflict.columns(['project_id', 'name']).doNothing())
    .execute();
  const pipeline = await tx
    .selectFrom('pipelines')
    .select(['id', 'version'])
    .where('project_id', '=', projectId)
    .where('name', '=', plan.name)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const newest = await tx
    .selectFrom('pipeline_versions')
    .select('source')
    .where('pipeline_id', '=', pipeline.id)
    .where('version', '=', pipeline.version)
    .executeTakeFirst();
  const version = newest?.source === save.source ? pipeline.version : pipeline.version + 1;
  if (version !== pipeline.version) {
    await tx
      .insertInto('pipeline_versions')
      .values({
        organisation_id: principal.organisationId,
        pipeline_id: pipeline.id,
        version,
        source: save.source,
        plan: JSON.stringify(plan),
        unavailable: [...save.unavailable],
        created_by: principal.personId,
      })
      .execute();
  }
  await tx
    .updateTable('pipelines')
    .set({ version, ...(save.activate && { state: 'active' as const }) })
    .where('id', '=', pipeline.id)
    .execute();
  await announceSchedules(tx);
  await audit(tx, principal, 'pipeline.save', plan.name, { version, active: save.activate });
  return { name: plan.name, version };
}

export interface PipelineStateChange {
  readonly principal: SavePipeline['principal'];
  readonly projectId: string;
  readonly name: string;
  readonly state: 'active' | 'draft' | 'archived';
}

/** Only active pipelines start runs. One that uses what is not there yet cannot be activated. */
export async function setPipelineState(
  tx: Tx,
  { principal, projectId, name, state }: PipelineStateChange,
): Promise<void> {
  const pipeline = await newestVersions(tx)
    .select(['p.id', 'v.unavailable'])
    .where('p.project_id', '=', projectId)
    .where('p.name', '=', name)
    .executeTakeFirst();
  if (!pipeline) throw new BatonError('pipeline-not-found', `This project has no pipeline ${name}.`);
  if (state === 'active') refuseUnavailable(name, pipeline.unavailable);
  await tx.updateTable('pipelines').set({ state }).where('id', '=', pipeline.id).execute();
  await announceSchedules(tx);
  await audit(tx, principal, 'pipeline.state', name, { state });
}

function refuseUnavailable(name: string, unavailable: readonly string[]): void {
  if (unavailable.length === 0) return;
  throw new BatonError(
    'not-there-yet',
    `The pipeline ${name} cannot be activated: ${unavailable.join(', ')} ${unavailable.length === 1 ? 'is' : 'are'} not there yet.`,
    { details: { unavailable } },
  );
}

const audit = (
  tx: Tx,
  principal: SavePipeline['principal'],
  action: string,
  name: string,
  details: Record<string, string | number | boolean>,
) =>
  appendAudit(tx, {
    organisationId: principal.organisationId,
    actor: { kind: 'person', id: principal.personId, name: principal.handle },
    action,
    resource: `pipeline:${name}`,
    details,
    outcome: 'success',
    ...principal.origin,
  });
