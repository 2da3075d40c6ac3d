import { withOrganisation, type Db, type Tx } from '../db/connection.js';
import { appendAudit } from '../db/audit.js';
import { openEscalation } from '../db/escalations.js';
import { startRuns } from '../db/event-runs.js';
import { appendEvent } from '../db/events.js';
import { getRepository, nextNumber } from '../db/repositories.js';
import type { Actor } from '../db/schema.js';
import type { Asker } from '../db/triggers.js';
import { BatonError } from '../domain/errors.js';
import type { RunRef } from '../domain/work.js';
import { escalationSubject } from './close-pull-request.js';
import { changeOfBranch, listedFiles, type BranchChange } from './change-files.js';
import type { NewPullRequest, PullRequest, PullRequestByHand } from './forge.js';

export const pullRequestColumns = [
  'id',
  'number',
  'head',
  'base',
  'title',
  'state',
  'merged_commit as mergedCommit',
] as const;

interface Opener {
  readonly key: string;
  readonly actor: Actor;
  readonly asker: Asker;
  readonly run: RunRef | null;
}

/** The row, its event, the runs that the event starts, and the clock of its decision. Throws `opened-already` where its key was used before. */
export async function insertPullRequest(
  tx: Tx,
  pullRequest: Omit<NewPullRequest, 'run'>,
  change: BranchChange,
  { key, actor, asker, run }: Opener,
): Promise<{ opened: PullRequest; runs: string[] }> {
  const { repositoryId, title, body, head, base, labels, reviewers } = pullRequest;
  const { organisationId } = asker;
  const repository = await getRepository(tx, repositoryId);
  const number = await nextNumber(tx, repositoryId);
  const facts = {
    number,
    title,
    head,
    base,
    labels: [...labels],
    author: run?.requestedBy ?? asker.handle,
    run: run?.number ?? null,
  };
  const commits = { commit: change.commit, previousCommit: change.previousCommit };
  const payload = { repository: repository.name, ...facts, ...commits, ...listedFiles(change.files) };
  const eventId = await appendEvent(tx, {
    organisationId,
    projectId: repository.projectId,
    key,
    type: 'repo.pr.opened',
    runId: run?.runId ?? null,
    repositoryId,
    actor,
    briefing: `#${number} ${title}: ${head} → ${base}`,
    payload,
  });
  if (eventId === null)
    throw new BatonError('opened-already', 'This pull request was opened already, with the same key.');
  const opened = await tx
    .insertInto('pull_requests')
    .values({
      organisation_id: organisationId,
      repository_id: repositoryId,
      number,
      title,
      body,
      head,
      base,
      labels: [...labels],
      reviewers: [...reviewers],
      run_id: run?.runId ?? null,
    })
    .returning(pullRequestColumns)
    .executeTakeFirstOrThrow();
  await openEscalation(tx, {
    organisationId,
    projectId: repository.projectId,
    cause: 'pr-stale',
    subject: escalationSubject(opened.id),
    title: `Pull request #${number} ${title}`,
    since: new Date(),
    runId: run?.runId ?? null,
    facts: { author: facts.author, pullRequestId: opened.id },
  });
  const runs = await startRuns(tx, {
    organisationId,
    projectId: repository.projectId,
    repository: { id: repository.id, name: repository.name, defaultBranch: repository.defaultBranch },
    type: 'repo.pr.opened',
    payload: { ...payload, files: [...change.files] },
    eventId,
    asker,
    causedBy: run?.runId ?? null,
    trigger: { kind: 'event', type: 'repo.pr.opened', pullRequest: number },
    subject: {
      kind: 'change',
      name: `pull-request-${number}`,
      context: { pullRequest: facts, branch: head, ...commits, ...listedFiles(change.files) },
      branch: head,
    },
  });
  return { opened, runs };
}

/** The person that a run is for. */
export async function askerOf(tx: Tx, runId: string): Promise<Asker> {
  return tx
    .selectFrom('runs as r')
    .innerJoin('people as p', 'p.id', 'r.requested_by')
    .select(['r.organisation_id as organisationId', 'p.id as personId', 'p.handle'])
    .where('r.id', '=', runId)
    .executeTakeFirstOrThrow();
}

export async function openByHand(db: Db, pullRequest: PullRequestByHand): Promise<{ number: number; runs: string[] }> {
  const { principal, repositoryId, head, base, key } = pullRequest;
  const inOrganisation = <T>(work: (tx: Tx) => Promise<T>) => withOrganisation(db, principal.organisationId, work);
  const repository = await inOrganisation((tx) => getRepository(tx, repositoryId));
  const change = await changeOfBranch(repository, base, head);
  return inOrganisation(async (tx) => {
    const earlier = await findByKey(tx, key);
    if (earlier) return earlier;
    refuseUnmergeable(repository.name, pullRequest, change);
    const open = await tx
      .selectFrom('pull_requests')
      .select('number')
      .where('repository_id', '=', repositoryId)
      .where('head', '=', head)
      .where('state', '=', 'open')
      .executeTakeFirst();
    if (open)
      throw new BatonError('pull-request-open', `The branch ${head} has the open pull request #${open.number}.`);
    const actor = { kind: 'person', id: principal.personId, name: principal.handle } as const;
    const { opened, runs } = await insertPullRequest(tx, pullRequest, change, {
      key,
      actor,
      asker: principal,
      run: null,
    });
    await appendAudit(tx, {
      organisationId: principal.organisationId,
      actor,
      action: 'pull-request.open',
      resource: `pull-request:${repository.name}#${opened.number}`,
      details: { title: opened.title, head, base },
      outcome: 'success',
      ...principal.origin,
    });
    return { number: opened.number, runs };
  });
}

/** What an earlier call with this key has made. */
async function findByKey(tx: Tx, key: string): Promise<{ number: number; runs: string[] } | null> {
  const event = await tx.selectFrom('events').select(['id', 'payload']).where('key', '=', key).executeTakeFirst();
  if (!event) return null;
  const runs = await tx
    .selectFrom('runs')
    .select('id')
    .where((eb) => eb(eb.ref('trigger', '->>').key('event'), '=', String(event.id)))
    .orderBy('number')
    .execute();
  return { number: Number(event.payload['number']), runs: runs.map(({ id }) => id) };
}

function refuseUnmergeable(
  name: string,
  { head, base }: PullRequestByHand,
  { commit, previousCommit }: BranchChange,
): void {
  if (commit === null) throw new BatonError('branch-not-found', `The repository ${name} has no branch ${head}.`);
  if (previousCommit === null)
    throw new BatonError('branch-not-found', `${name} has no branch ${base} that shares a commit with ${head}.`);
  if (previousCommit === commit)
    throw new BatonError('nothing-to-merge', `The branch ${head} has no commit that ${base} lacks.`);
}
