import { withOrganisation, type Db, type Tx } from '../db/connection.js';
import { appendAudit } from '../db/audit.js';
import { addBlockers } from '../db/blockers.js';
import { appendEvent } from '../db/events.js';
import { tasksOfIssues } from '../db/issue-tasks.js';
import { getRepository, nextNumber, type Repository } from '../db/repositories.js';
import { startRuns } from '../db/event-runs.js';
import type { Actor } from '../db/schema.js';
import { openTask } from '../db/tasks.js';
import { BatonError } from '../domain/errors.js';
import { hasLabel, isSameLabel } from '../domain/label.js';
import type { JsonObject } from '../domain/json.js';
import type { Asker, Forge, NewIssue } from './forge.js';
import { localCreation } from './local-creation.js';
import { localConfiguration } from './local-configuration.js';
import { localChanges } from './local-changes.js';
import { localOrigin } from './local-origin.js';
import { localRemoval } from './local-removal.js';
import { localIssueComments } from './local-issue-comments.js';
import { localPullRequests } from './local-pull-requests.js';
import { observePushes } from './observe-pushes.js';
import { settleRepository } from './settle-repository.js';
import { tidyForge } from './tidy-forge.js';

export interface LocalForgeOptions {
  readonly db: Db;
  readonly dataDirectory: string;
}

/** The embedded forge: bare repositories in the data directory, everything else in PostgreSQL. */
export function createLocalForge({ db, dataDirectory }: LocalForgeOptions): Forge {
  return {
    openIssue: (issue) => withOrganisation(db, issue.principal.organisationId, (tx) => openIssue(tx, issue)),
    addLabels: ({ principal, repositoryId, number, labels, key }) =>
      withOrganisation(db, principal.organisationId, async (tx) => {
        const repository = await getRepository(tx, repositoryId);
        const issue = await requireIssue(tx, repository, number);
        const runs = await label(tx, principal, repository, issue, labels, key);
        await audit(tx, principal, 'issue.label', issueOf(repository, number), { labels: [...labels] });
        return { runs };
      }),
    removeLabel: ({ principal, repositoryId, number, label: name, key }) =>
      withOrganisation(db, principal.organisationId, async (tx) => {
        const repository = await getRepository(tx, repositoryId);
        const issue = await requireIssue(tx, repository, number);
        const labels = await unlabel(tx, principal, repository, issue, name, key);
        await audit(tx, principal, 'issue.unlabel', issueOf(repository, number), { label: name });
        return { labels };
      }),
    observePushes: (organisationId, repositoryId) => observePushes(db, organisationId, repositoryId),
    settleRepository: (organisationId, repositoryId) => settleRepository(db, organisationId, repositoryId),
    ...localCreation(db, dataDirectory),
    ...localConfiguration(db),
    ...localRemoval(db, dataDirectory),
    ...localChanges(db),
    ...localOrigin(db),
    tidy: () => tidyForge(db, dataDirectory),
    ...localIssueComments(db),
    ...localPullRequests(db),
  };
}

async function openIssue(tx: Tx, issue: NewIssue): Promise<{ id: string; number: number; runs: string[] }> {
  const { principal } = issue;
  const repository = await getRepository(tx, issue.repositoryId);
  const number = await nextNumber(tx, repository.id);
  const created = await appendEvent(tx, {
    organisationId: principal.organisationId,
    projectId: repository.projectId,
    key: `${issue.key}/created`,
    type: 'issue.created',
    repositoryId: repository.id,
    actor: personActor(principal),
    briefing: `${principal.handle} opened ${repository.name}#${number}: ${issue.title}`,
    payload: { number, title: issue.title, labels: [...issue.labels] },
  });
  if (created === null) throw new BatonError('opened-already', 'This issue was opened already, with the same key.');
  const { id } = await tx
    .insertInto('issues')
    .values({
      organisation_id: principal.organisationId,
      repository_id: repository.id,
      number,
      title: issue.title,
      body: issue.body,
      acceptance_criteria: issue.acceptanceCriteria,
      author_id: principal.personId,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await block(tx, issue, repository, id);
  const runs = await label(tx, principal, repository, { id, number, labels: [] }, issue.labels, issue.key);
  await audit(tx, principal, 'issue.open', issueOf(repository, number), {
    title: issue.title,
    labels: [...issue.labels],
  });
  return { id, number, runs };
}

/** Before its labels start anything: those runs wait. */
async function block(tx: Tx, issue: NewIssue, repository: Repository, issueId: string): Promise<void> {
  const { principal, blockedBy = [], key } = issue;
  const { organisationId, personId } = principal;
  const blockers = await tasksOfIssues(tx, repository, blockedBy, personId);
  if (blockers.length === 0) return;
  const { projectId, id: repositoryId } = repository;
  const { title, labels } = issue;
  const taskId = await openTask(tx, {
    organisationId,
    projectId,
    repositoryId,
    issueId,
    title,
    labels,
    requestedBy: personId,
  });
  await addBlockers(tx, { organisationId, projectId, taskId, actor: personActor(principal), key }, blockers);
}

async function requireIssue(
  tx: Tx,
  repository: Repository,
  number: number,
): Promise<{ readonly id: string; readonly number: number; readonly labels: string[] }> {
  const issue = await tx
    .selectFrom('issues')
    .select(['id', 'number', 'labels'])
    .where('repository_id', '=', repository.id)
    .where('number', '=', number)
    .forUpdate()
    .executeTakeFirst();
  if (!issue) throw new BatonError('issue-not-found', `The repository ${repository.name} has no issue #${number}.`);
  return issue;
}

async function unlabel(
  tx: Tx,
  principal: Asker,
  repository: Repository,
  issue: { readonly id: string; readonly number: number; readonly labels: string[] },
  name: string,
  key: string,
): Promise<string[]> {
  const labels = issue.labels.filter((known) => !isSameLabel(known, name));
  if (labels.length === issue.labels.length) {
    const has = labels.length === 0 ? 'none' : labels.join(', ');
    throw new BatonError('label-not-found', `${repository.name}#${issue.number} has no label ${name}; it has ${has}.`);
  }
  await tx.updateTable('issues').set({ labels }).where('id', '=', issue.id).execute();
  await appendEvent(tx, {
    organisationId: principal.organisationId,
    projectId: repository.projectId,
    key: `${key}/unlabel/${name}`,
    type: 'issue.unlabeled',
    repositoryId: repository.id,
    actor: personActor(principal),
    briefing: `${principal.handle} took the label ${name} off ${repository.name}#${issue.number}`,
    payload: { number: issue.number, label: name },
  });
  return labels;
}

/** Adds labels: each is an event, and when all are on the issue, each starts what it starts. */
async function label(
  tx: Tx,
  principal: Asker,
  repository: Repository,
  issue: { readonly id: string; readonly number: number; readonly labels: readonly string[] },
  labels: readonly string[],
  key: string,
): Promise<string[]> {
  const added: { label: string; eventId: number }[] = [];
  const wanted = labels.filter((name, index) => !hasLabel([...issue.labels, ...labels.slice(0, index)], name));
  for (const name of wanted) {
    const { numUpdatedRows } = await tx
      .updateTable('issues')
      .set((eb) => ({ labels: eb.fn<string[]>('array_append', ['labels', eb.val(name)]) }))
      .where('id', '=', issue.id)
      .where((eb) => eb.not(eb(eb.val(name), '=', eb.fn.any('labels'))))
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) continue;
    const eventId = await appendEvent(tx, {
      organisationId: principal.organisationId,
      projectId: repository.projectId,
      key: `${key}/label/${name}`,
      type: 'issue.labeled',
      repositoryId: repository.id,
      actor: personActor(principal),
      briefing: `${principal.handle} labelled ${repository.name}#${issue.number} ${name}`,
      payload: { number: issue.number, label: name },
    });
    if (eventId !== null) added.push({ label: name, eventId });
  }
  const { id, name, defaultBranch, projectId } = repository;
  const runs: string[] = [];
  for (const event of added) {
    const started = await startRuns(tx, {
      organisationId: principal.organisationId,
      projectId,
      repository: { id, name, defaultBranch },
      type: 'issue.labeled',
      payload: { number: issue.number, label: event.label },
      eventId: event.eventId,
      asker: principal,
      causedBy: null,
      trigger: { kind: 'label', label: event.label },
      subject: { kind: 'issue', issueId: issue.id },
    });
    runs.push(...started);
  }
  return runs;
}

const issueOf = ({ name }: Repository, number: number): string => `issue:${name}#${number}`;

/** In the transaction of the act itself: neither is there without the other. */
const audit = (tx: Tx, principal: Asker, action: string, resource: string, details: JsonObject): Promise<void> =>
  appendAudit(tx, {
    organisationId: principal.organisationId,
    actor: personActor(principal),
    action,
    resource,
    details,
    outcome: 'success',
    ...principal.origin,
  });

const personActor = ({ personId, handle }: Asker): Actor => ({ kind: 'person', id: personId, name: handle });
