import { sql } from 'kysely';
import { withOrganisation, type Db, type Tx } from '../db/connection.js';
import { clearEscalation } from '../db/escalations.js';
import { appendEvent, SYSTEM } from '../db/events.js';
import { getRepository } from '../db/repositories.js';
import { changeOfBranch, type BranchChange } from './change-files.js';
import { closePullRequest, escalationSubject } from './close-pull-request.js';
import { askerOf, insertPullRequest, openByHand, pullRequestColumns } from './new-pull-request.js';
import type { Forge, NewPullRequest, NewReview, PullRequest, PullRequestCopy } from './forge.js';

/** Pull requests, reviews and checks of the embedded forge: rows. */
export function localPullRequests(
  db: Db,
): Pick<
  Forge,
  | 'openPullRequest'
  | 'openPullRequestByHand'
  | 'copyPullRequest'
  | 'findPullRequest'
  | 'review'
  | 'pullRequestNumbered'
  | 'comment'
  | 'check'
  | 'markMerged'
  | 'closePullRequest'
> {
  return {
    openPullRequest: async (organisationId, pullRequest) => {
      const inOrganisation = <T>(work: (tx: Tx) => Promise<T>) => withOrganisation(db, organisationId, work);
      const known = await inOrganisation((tx) => findOpen(tx, pullRequest));
      if (known) return known;
      const repository = await inOrganisation((tx) => getRepository(tx, pullRequest.repositoryId));
      const change = await changeOfBranch(repository, pullRequest.base, pullRequest.head);
      return inOrganisation((tx) => open(tx, pullRequest, change));
    },
    copyPullRequest: async (organisationId, pullRequest) => {
      const { repositoryId, from, head } = pullRequest;
      const inOrganisation = <T>(work: (tx: Tx) => Promise<T>) => withOrganisation(db, organisationId, work);
      const first = await inOrganisation((tx) => find(tx, repositoryId, from));
      if (!first) return null;
      const repository = await inOrganisation((tx) => getRepository(tx, repositoryId));
      const change = await changeOfBranch(repository, first.base, head);
      return inOrganisation((tx) => copy(tx, organisationId, pullRequest, change));
    },
    openPullRequestByHand: (pullRequest) => openByHand(db, pullRequest),
    findPullRequest: (organisationId, repositoryId, head) =>
      withOrganisation(db, organisationId, (tx) => find(tx, repositoryId, head)),
    review: (organisationId, review) =>
      withOrganisation(db, organisationId, (tx) => insertReview(tx, organisationId, review)),
    pullRequestNumbered: (organisationId, repositoryId, number) =>
      withOrganisation(db, organisationId, async (tx) => {
        const row = await tx
          .selectFrom('pull_requests')
          .select(pullRequestColumns)
          .where('repository_id', '=', repositoryId)
          .where('number', '=', number)
          .executeTakeFirst();
        return row ?? null;
      }),
    comment: (organisationId, { pullRequestId, ...comment }) =>
      withOrganisation(db, organisationId, async (tx) => {
        await tx
          .insertInto('review_comments')
          .values({ organisation_id: organisationId, pull_request_id: pullRequestId, ...comment })
          .onConflict((conflict) => conflict.columns(['pull_request_id', 'marker']).doNothing())
          .execute();
      }),
    check: (organisationId, check) =>
      withOrganisation(db, organisationId, async (tx) => {
        const { repositoryId, commit, name, conclusion, summary } = check;
        await tx
          .insertInto('checks')
          .values({ organisation_id: organisationId, repository_id: repositoryId, commit, name, conclusion, summary })
          .onConflict((conflict) =>
            conflict.columns(['repository_id', 'commit', 'name']).doUpdateSet({ conclusion, summary }),
          )
          .execute();
      }),
    closePullRequest: (organisationId, closed) =>
      withOrganisation(db, organisationId, (tx) => closePullRequest(tx, organisationId, closed)),
    markMerged: (organisationId, run, pullRequest, commit) =>
      withOrganisation(db, organisationId, async (tx) => {
        await tx
          .updateTable('pull_requests')
          .set({ state: 'merged', merged_commit: commit, merged_at: sql<Date>`now()` })
          .where('id', '=', pullRequest.id)
          .execute();
        await clearEscalation(tx, 'pr-stale', escalationSubject(pullRequest.id));
        await appendEvent(tx, {
          organisationId,
          projectId: run.projectId,
          key: `${run.runId}/pull-request/${pullRequest.id}/merged`,
          type: 'repo.pr.merged',
          runId: run.runId,
          repositoryId: run.repository?.id ?? null,
          actor: SYSTEM,
          briefing: `#${pullRequest.number} ${pullRequest.title} is merged into ${pullRequest.base} as ${commit.slice(0, 10)}`,
          payload: { number: pullRequest.number, commit, base: pullRequest.base },
        });
      }),
  };
}

/** The pull request of a branch: the open one, else the newest. */
async function find(tx: Tx, repositoryId: string, head: string): Promise<PullRequest | null> {
  const row = await tx
    .selectFrom('pull_requests')
    .select(pullRequestColumns)
    .where('repository_id', '=', repositoryId)
    .where('head', '=', head)
    .orderBy(sql`state = 'open'`, 'desc')
    .orderBy('number', 'desc')
    .executeTakeFirst();
  return row ?? null;
}

async function findOpen(tx: Tx, { run, repositoryId, head }: NewPullRequest): Promise<PullRequest | null> {
  const known = await tx
    .selectFrom('pull_requests')
    .select(pullRequestColumns)
    .where('repository_id', '=', repositoryId)
    .where('head', '=', head)
    // One that is merged or closed is done, but for this run's own: that is this very call again.
    .where((eb) => eb.or([eb('state', '=', 'open'), eb('run_id', '=', run.runId)]))
    .executeTakeFirst();
  return known ?? null;
}

async function open(tx: Tx, pullRequest: NewPullRequest, change: BranchChange): Promise<PullRequest> {
  const known = await findOpen(tx, pullRequest);
  if (known) return known;
  const { run } = pullRequest;
  const asker = await askerOf(tx, run.runId);
  const { opened } = await insertPullRequest(tx, pullRequest, change, {
    key: `${run.runId}/pull-request/${pullRequest.head}`,
    actor: SYSTEM,
    asker,
    run,
  });
  return opened;
}

async function copy(
  tx: Tx,
  organisationId: string,
  { run, repositoryId, from, head }: PullRequestCopy,
  change: BranchChange,
): Promise<PullRequest | null> {
  const first = await find(tx, repositoryId, from);
  if (!first) return null;
  const { id, title, base } = first;
  const { body, labels, reviewers } = await tx
    .selectFrom('pull_requests')
    .select(['body', 'labels', 'reviewers'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const again = `${body}\n\nGoes on from #${first.number}.`;
  const copied = { run, repositoryId, title, body: again, head, base, labels, reviewers };
  const opened = await open(tx, copied, change);
  const reviews = await tx
    .selectFrom('reviews')
    .select(['author', 'verdict', 'body', 'marker'])
    .where('pull_request_id', '=', id)
    .orderBy('created_at')
    .execute();
  for (const review of reviews) {
    await tx
      .insertInto('reviews')
      .values({ organisation_id: organisationId, pull_request_id: opened.id, ...review })
      .onConflict((conflict) => conflict.columns(['pull_request_id', 'marker']).doNothing())
      .execute();
  }
  return opened;
}

async function insertReview(
  tx: Tx,
  organisationId: string,
  { pullRequestId, author, verdict, body, findings, marker }: NewReview,
): Promise<void> {
  const lines = findings.map(
    ({ severity, rule, file, line, message }) =>
      `- ${severity} ${rule}${file === null ? '' : ` ${file}${line === null ? '' : `:${line}`}`}: ${message}`,
  );
  await tx
    .insertInto('reviews')
    .values({
      organisation_id: organisationId,
      pull_request_id: pullRequestId,
      author,
      verdict,
      body: [body, ...lines].join('\n'),
      marker,
    })
    .onConflict((conflict) => conflict.columns(['pull_request_id', 'marker']).doNothing())
    .execute();
}
