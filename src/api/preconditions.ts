import { withOrganisation } from '../db/connection.js';
import { preconditionFacts } from '../db/precondition-facts.js';
import { getRepository } from '../db/repositories.js';
import { activePipelines } from '../db/triggers.js';
import { BatonError } from '../domain/errors.js';
import type { Plan } from '../domain/plan.js';
import { findPreconditions, tellPrecondition, type Precondition } from '../domain/preconditions.js';
import { startsOn } from '../domain/trigger.js';
import { repositoryChecks } from '../forge/repository-checks.js';
import type { MissingForRuns } from '../schema/api/missing-for-runs.js';
import type { ApiDeps } from './deps.js';

type Deps = Pick<ApiDeps, 'db'>;

/** Where a run would work. */
export interface Place {
  readonly organisationId: string;
  readonly projectId: string;
  readonly repositoryId: string | null;
}

export const placeOf = ({ organisationId, projectId, id }: Omit<Place, 'repositoryId'> & { id: string }): Place => ({
  organisationId,
  projectId,
  repositoryId: id,
});

const hasAgents = ({ steps }: Plan): boolean => steps.some(({ kind }) => kind !== 'action' && kind !== 'approval');

/** What is missing for a run of a plan, as far as the record, the workers' reports and the repository show it. */
async function missingFor({ db }: Deps, place: Place, plan: Plan): Promise<Precondition[]> {
  if (!hasAgents(plan)) return [];
  const { organisationId, projectId, repositoryId } = place;
  try {
    const { repository, ...facts } = await withOrganisation(db, organisationId, async (tx) => {
      const found = repositoryId === null ? null : await getRepository(tx, repositoryId);
      return { repository: found, ...(await preconditionFacts(tx, projectId, found?.name ?? null, plan)) };
    });
    const checks = repository && (await repositoryChecks(repository.remoteUrl, repository.defaultBranch));
    return findPreconditions({ ...facts, checks });
  } catch (error) {
    if (!(error instanceof BatonError) || error.code !== 'pipeline-not-active') throw error;
    const why = error.message.replace(/\.$/, '');
    return [{ severity: 'error', steps: [], why, fix: 'Activate it with `baton pipelines resume PIPELINE`' }];
  }
}

/**
 * Checks a run before anything is spent on it, whatever started it.
 * @throws BatonError `preconditions-failed` where it can only fail.
 */
export async function requirePreconditions(deps: Deps, place: Place, plan: Plan): Promise<void> {
  refuse(plan.name, await missingFor(deps, place, plan));
}

/** The same before a person starts a pipeline. Returns what may make the run fail. */
export async function checkPipeline(deps: Deps, place: Place, plan: Plan): Promise<MissingForRuns> {
  const missing = await missingFor(deps, place, plan);
  refuse(plan.name, missing);
  return toAnswer(plan.name, missing);
}

/** What is missing for a run, where nobody starts one. */
export const missingForPipeline = async (deps: Deps, place: Place, plan: Plan): Promise<MissingForRuns> =>
  toAnswer(plan.name, await missingFor(deps, place, plan));

/**
 * Checks the pipelines that labels start. Returns what is missing for them.
 * @throws BatonError `preconditions-failed` where every one of them can only fail.
 */
export async function checkLabels(deps: Deps, place: Place, labels: readonly string[]): Promise<MissingForRuns> {
  if (labels.length === 0) return [];
  const active = await withOrganisation(deps.db, place.organisationId, (tx) => activePipelines(tx, place.projectId));
  const started = active.filter(({ plan }) =>
    labels.some((label) =>
      plan.triggers.some((trigger) => startsOn(trigger, { type: 'issue.labeled', payload: { label } })),
    ),
  );
  const found = await Promise.all(
    started.map(async ({ name, plan }) => ({ name, missing: await missingFor(deps, place, plan) })),
  );
  if (found.length > 0 && found.every(({ missing }) => missing.some(isError)))
    refuse(found[0]!.name, found[0]!.missing);
  return found.flatMap(({ name, missing }) => toAnswer(name, missing));
}

const toAnswer = (pipeline: string, missing: readonly Precondition[]): MissingForRuns =>
  missing.map((one) => ({ pipeline, severity: one.severity, message: tellPrecondition(one) }));

const isError = ({ severity }: Precondition): boolean => severity === 'error';

function refuse(pipeline: string, missing: readonly Precondition[]): void {
  const errors = missing.filter(isError);
  if (errors.length === 0) return;
  throw new BatonError(
    'preconditions-failed',
    `A run of ${pipeline} would only fail. ${errors.map(tellPrecondition).join(' ')}`,
    { details: { pipeline, missing: missing.map((one) => ({ ...one, message: tellPrecondition(one) })) } },
  );
}
