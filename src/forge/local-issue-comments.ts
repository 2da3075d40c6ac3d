import { withOrganisation, type Db, type Tx } from '../db/connection.js';
import { appendAudit } from '../db/audit.js';
import { appendEvent } from '../db/events.js';
import { findByRequest } from '../db/issue-views.js';
import { getRepository } from '../db/repositories.js';
import type { Actor } from '../db/schema.js';
import type { EventType } from '../domain/event.js';
import { BatonError } from '../domain/errors.js';
import type { Forge, IssueNote } from './forge.js';

/** Comments on issues of the embedded forge, and what becomes of the issues with them: rows. */
export const localIssueComments = (db: Db): Pick<Forge, 'findIssue' | 'commentIssue'> => ({
  findIssue: (organisationId, key) =>
    withOrganisation(db, organisationId, async (tx) => {
      const { number } = await findByRequest(tx, key);
      return number === null ? null : { number };
    }),
  commentIssue: (note) => withOrganisation(db, note.principal.organisationId, (tx) => comment(tx, note)),
});

const TOLD = {
  open: { type: 'issue.reopened', did: 'reopened', action: 'issue.reopen' },
  closed: { type: 'issue.closed', did: 'closed', action: 'issue.close' },
} as const satisfies Record<string, { type: EventType; did: string; action: string }>;
const COMMENTED = { type: 'issue.commented', did: 'commented on', action: 'issue.comment' } as const;

async function comment(
  tx: Tx,
  { principal, repositoryId, number, body, state, key }: IssueNote,
): Promise<{ state: 'open' | 'closed' }> {
  const { organisationId } = principal;
  const repository = await getRepository(tx, repositoryId);
  const issue = await tx
    .selectFrom('issues')
    .select(['id', 'state'])
    .where('repository_id', '=', repositoryId)
    .where('number', '=', number)
    .forUpdate()
    .executeTakeFirst();
  if (!issue) throw new BatonError('issue-not-found', `The repository ${repository.name} has no issue #${number}.`);
  const actor: Actor = { kind: 'person', id: principal.personId, name: principal.handle };
  const written = await tx
    .insertInto('issue_comments')
    .values({ organisation_id: organisationId, issue_id: issue.id, author: JSON.stringify(actor), body, marker: key })
    .onConflict((conflict) => conflict.columns(['issue_id', 'marker']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!written) return { state: issue.state };

  const changed = state !== undefined && state !== issue.state;
  if (changed) await tx.updateTable('issues').set({ state }).where('id', '=', issue.id).execute();
  const { type, did, action } = changed ? TOLD[state] : COMMENTED;
  await appendEvent(tx, {
    organisationId,
    projectId: repository.projectId,
    key: `${key}/comment`,
    type,
    repositoryId,
    actor,
    briefing: `${principal.handle} ${did} ${repository.name}#${number}`,
    payload: { number },
  });
  await appendAudit(tx, {
    organisationId,
    actor,
    action,
    resource: `issue:${repository.name}#${number}`,
    details: {},
    outcome: 'success',
    ...principal.origin,
  });
  return { state: state ?? issue.state };
}
