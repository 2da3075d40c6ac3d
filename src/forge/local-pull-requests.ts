import { sql } from 'kysely';
import { withOrganisation, type Db, type Tx } from '../db/connection.js';
import { appendEvent, SYSTEM } from '../db/events.js';
import { nextNumber } from '../db/repositories.js';
import type { Forge, NewPullRequest, NewReview, PullRequest, PullRequestCopy } from './forge.js';

/** Pull requests, reviews and checks of the embedded forge: rows. */
export function localPullRequests(
  db: Db,
): Pick<Forge, 'openPullRequest' | 'copyPullRequest' | 'findPullRequest' | 'review' | 'check' | 'markMerged'> {
  return {
    openPullRequest: (organisationId, pullRequest) =>
      withOrganisation(db, organisationId, (tx) => open(tx, organisationId, pullRequest)),
    copyPullRequest: (organisationId, pullRequest) =>
      withOrganisation(db, organisationId, (tx) => copy(tx, organisationId, pullRequest)),
    findPullRequest: (organisationId, repositoryId, head) =>
      withOrganisation(db, organisationId, (tx) => find(tx, repositoryId, head)),
    review: (organisationId, review) =>
      withOrganisation(db, organisationId, (tx) => insertReview(tx, organisationId, review)),
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
    markMerged: (organisationId, run, pullRequest, commit) =>
      withOrganisation(db, organisationId, async (tx) => {
        await tx
          .updateTable('pull_requests')
          .set({ state: 'merged', merged_commit: commit, merged_at: sql<Date>`now()` })
          .where('id', '=', pullRequest.id)
          .execute();
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

const pullRequestColumns = ['id', 'number', 'head', 'base', 'title', 'state', 'merged_commit as mergedCommit'] as const;

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

async function open(tx: Tx, organisationId: string, pullRequest: NewPullRequest): Promise<PullRequest> {
  const { run, repositoryId } = pullRequest;
  const known = await tx
    .selectFrom('pull_requests')
    .select(pullRequestColumns)
    .where('repository_id', '=', repositoryId)
    .where('head', '=', pullRequest.head)
    // One that is merged or closed is done, but for this run's own: that is this very call again.
    .where((eb) => eb.or([eb('state', '=', 'open'), eb('run_id', '=', run.runId)]))
    .executeTakeFirst();
  if (known) return known;
  const number = await nextNumber(tx, repositoryId);
  const opened = await tx
    .insertInto('pull_requests')
    .values({
      organisation_id: organisationId,
      repository_id: repositoryId,
      number,
      title: pullRequest.title,
      body: pullRequest.body,
      head: pullRequest.head,
      base: pullRequest.base,
      labels: [...pullRequest.labels],
      reviewers: [...pullRequest.reviewers],
      run_id: run.runId,
    })
    .returning(pullRequestColumns)
    .executeTakeFirstOrThrow();
  await appendEvent(tx, {
    organisationId,
    projectId: run.projectId,
    key: `${run.runId}/pull-request/${pullRequest.head}`,
    type: 'repo.pr.opened',
    runId: run.runId,
    repositoryId,
    actor: SYSTEM,
    briefing: `#${number} ${pullRequest.title}: ${pullRequest.head} → ${pullRequest.base}`,
    payload: { number, head: pullRequest.head, base: pullRequest.base },
  });
  return opened;
}

async function copy(
  tx: Tx,
  organisationId: string,
  { run, repositoryId, from, head }: PullRequestCopy,
): Promise<PullRequest | null> {
  const first = await find(tx, repositoryId, from);
  if (!first) return null;
  const { id, title, base } = first;
  const { body, labels, reviewers } = await tx
    .selectFrom('pull_requests')
    .select(['body', 'labels', 'reviewers'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const opened = await open(tx, organisationId, {
    run,
    repositoryId,
    title,
    body: `${body}\n\nGoes on from #${first.number}.`,
    head,
    base,
    labels,
    reviewers,
  });
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
