import { BatonError } from '../domain/errors.js';
import { isJsonObject, jsonBytes, type Json, type JsonObject } from '../domain/json.js';
import { pipelineNamedBy, type OutsideEventType } from '../domain/outside-event.js';
import { PLAN_LIMITS } from '../domain/plan.js';
import type { RepositoryRef } from '../domain/run-input.js';
import { slugify } from '../domain/slug.js';
import { startsOn } from '../domain/trigger.js';
import { cutText } from '../domain/text.js';
import type { Tx } from './connection.js';
import { startRuns } from './event-runs.js';
import { appendEvent } from './events.js';
import type { Actor } from './schema.js';
import { activePipelines, type Asker } from './triggers.js';

/** An event of another system, whose sender is known. */
export interface OutsideEvent {
  readonly organisationId: string;
  readonly projectId: string;
  /** Who sent it: the same id of the same source is the same event. */
  readonly source: string;
  readonly actor: Actor;
  /** Whom its runs are for; null: whoever saved the pipeline. */
  readonly asker: Asker | null;
  readonly id: string;
  readonly type: OutsideEventType;
  /** The repository that it names beside its payload. */
  readonly repository?: string | undefined;
  readonly payload: JsonObject;
}

export interface TakenEvent {
  /** Whether it was taken before: then these are the runs that it started then. */
  readonly duplicate: boolean;
  readonly runs: readonly { readonly id: string; readonly number: number; readonly pipeline: string }[];
}

/**
 * Takes an event once: its row and one run for each active pipeline that it starts are written together.
 * @throws BatonError `context-too-large`, `repository-not-found`, `repository-missing`, `pipeline-not-found`
 */
export async function takeOutsideEvent(tx: Tx, event: OutsideEvent): Promise<TakenEvent> {
  const { organisationId, projectId, type, payload } = event;
  const key = `outside/${event.source}/${event.id}`;
  if (jsonBytes(payload) > PLAN_LIMITS.contextBytes)
    throw new BatonError('context-too-large', `The payload of an event is at most ${PLAN_LIMITS.contextBytes} bytes.`);
  const repository = await repositoryOf(tx, event);
  const eventId = await appendEvent(tx, {
    organisationId,
    projectId,
    key,
    type,
    repositoryId: repository?.id ?? null,
    actor: event.actor,
    briefing: briefingOf(event),
    payload,
  });
  if (eventId === null) {
    const known = await tx.selectFrom('events').select('id').where('key', '=', key).executeTakeFirstOrThrow();
    return { duplicate: true, runs: await runsOf(tx, known.id) };
  }
  await requireSubject(tx, event);
  await startRuns(tx, {
    organisationId,
    projectId,
    repository,
    type,
    payload,
    eventId,
    asker: event.asker,
    causedBy: null,
    trigger: { kind: 'event', type, source: event.source },
    subject: { kind: 'change', name: slugify(type), context: contextOf(event, repository) },
  });
  return { duplicate: false, runs: await runsOf(tx, eventId) };
}

/** `workflow.trigger.<name>` starts a pipeline by name: one that is not there is the sender's mistake. */
async function requireSubject(tx: Tx, { projectId, type, payload }: OutsideEvent): Promise<void> {
  const name = pipelineNamedBy(type);
  if (name === null) return;
  const { workflowName } = payload;
  if (
    workflowName !== undefined &&
    workflowName !== name &&
    (typeof workflowName !== 'string' || slugify(workflowName) !== name)
  )
    throw new BatonError(
      'invalid-request',
      `/payload/workflowName: is ${JSON.stringify(workflowName)}, and the type names ${name}.`,
    );
  const active = await activePipelines(tx, projectId);
  const isThere = active.some(
    (pipeline) =>
      pipeline.name === name ||
      slugify(pipeline.name) === name ||
      pipeline.plan.triggers.some((trigger) => startsOn(trigger, { type, payload })),
  );
  if (!isThere)
    throw new BatonError(
      'pipeline-not-found',
      `This project has no active pipeline ${name}. List those it has with \`baton pipelines\`.`,
    );
}

/** What the runs know as `context`: the payload; of `workflow.trigger.<name>` the context in it. */
function contextOf({ type, payload }: OutsideEvent, repository: RepositoryRef | null): JsonObject {
  if (pipelineNamedBy(type) !== null)
    return isJsonObject(payload['context'] ?? null) ? (payload['context'] as JsonObject) : {};
  if (!type.startsWith('graph.') || !repository) return payload;
  return { repositoryPath: repository.name, previousCommit: null, ...payload };
}

/**
 * The repository that an event is about: the one it names, else the only one of the project. An event about code that
 * could be of several repositories is refused.
 */
async function repositoryOf(
  tx: Tx,
  { projectId, type, repository: named, payload }: OutsideEvent,
): Promise<RepositoryRef | null> {
  const rows = await tx
    .selectFrom('repositories')
    .select(['id', 'name', 'default_branch as defaultBranch', 'remote_url as remoteUrl'])
    .where('project_id', '=', projectId)
    .where('removed_at', 'is', null)
    .orderBy('name')
    .execute();
  const known = rows.map(({ name }) => name).join(', ');
  const inPayload = nameIn(payload['repository']) ?? nameIn(payload['repo']);
  const wanted = named ?? inPayload;
  const texts = [wanted, nameIn(payload['repositoryPath']), nameIn(payload['repositoryUrl'])];
  for (const text of texts) {
    const found = text === undefined ? undefined : rows.find((row) => isNamed(row, text));
    if (found) return { id: found.id, name: found.name, defaultBranch: found.defaultBranch };
    if (text !== undefined && text === wanted)
      throw new BatonError(
        'repository-not-found',
        `This project has no repository ${text.slice(0, 200)}; it has ${known}.`,
      );
  }
  const [only] = rows;
  if (only && rows.length === 1) return { id: only.id, name: only.name, defaultBranch: only.defaultBranch };
  if (!type.startsWith('graph.')) return null;
  throw new BatonError(
    'repository-missing',
    `Which repository ${type} is about is not said: name one of ${known} as \`repository\`.`,
  );
}

const nameIn = (value: Json | undefined): string | undefined => {
  const text = value !== undefined && isJsonObject(value) ? value['name'] : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
};

/** By its name, its address, or a path or an address that ends in its name. */
function isNamed({ name, remoteUrl }: { readonly name: string; readonly remoteUrl: string }, text: string): boolean {
  const last = text
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split(/[/\\:]/)
    .at(-1);
  return text === name || text === remoteUrl || last === name;
}

const runsOf = (tx: Tx, eventId: number): Promise<TakenEvent['runs']> =>
  tx
    .selectFrom('runs as r')
    .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
    .select(['r.id', 'r.number', 'p.name as pipeline'])
    .where((eb) => eb(eb.ref('r.trigger', '->>').key('event'), '=', String(eventId)))
    .where((eb) => eb(eb.ref('r.trigger', '->>').key('kind'), '=', 'event'))
    .orderBy('r.number')
    .execute();

function briefingOf({ source, type, payload }: OutsideEvent): string {
  const about =
    nameIn(payload['filePath']) ??
    nameIn(payload['symbol']) ??
    nameIn(payload['severity']) ??
    nameIn(payload['status']);
  const text = about === undefined ? '' : `: ${about.replace(/[\s\p{Cc}]+/gu, ' ')}`;
  return cutText(`${source} sent ${type}${text}`, 200);
}
