import { sql } from 'kysely';
import { BatonError } from '../domain/errors.js';
import { layerPolicies, type Policies } from '../domain/policies.js';
import { checkPolicies } from '../schema/check-policies.js';
import { parsePolicies, parsePolicyLayer } from '../schema/policies.js';
import { shippedPolicies } from '../schema/shipped-policies.js';
import type { Tx } from './connection.js';
import { appendEvent } from './events.js';
import type { Principal } from './people.js';

/** Whose policies: a repository's, or the organisation's own. */
export type PolicyOwner = string | null;

/** What holds in a repository: what it says itself, on top of what its organisation says. */
export async function policiesFor(tx: Tx, repositoryId: PolicyOwner): Promise<Policies> {
  const rows = await tx
    .selectFrom('policy_versions')
    .select(['repository_id', 'source'])
    .where('status', '=', 'active')
    .where((eb) => eb.or([eb('repository_id', 'is', null), eb('repository_id', '=', repositoryId)]))
    .execute();
  const own = rows.find(({ repository_id: of }) => of !== null);
  const organisation = rows.find(({ repository_id: of }) => of === null);
  return layerPolicies(
    organisation ? parsePolicies(organisation.source) : shippedPolicies().policies,
    own ? parsePolicyLayer(own.source) : null,
  );
}

/** The versions that hold in a repository, and who approved each. */
export const activePolicies = (tx: Tx, repositoryId: PolicyOwner) =>
  tx
    .selectFrom('policy_versions as v')
    .innerJoin('people as p', 'p.id', 'v.decided_by')
    .leftJoin('repositories as r', 'r.id', 'v.repository_id')
    .select(['r.name as repository', 'v.version', 'p.handle as approvedBy'])
    .where('v.status', '=', 'active')
    .where((eb) => eb.or([eb('v.repository_id', 'is', null), eb('v.repository_id', '=', repositoryId)]))
    .execute();

/** Names of the policies that a pipeline of the project may name. */
export async function policyNames(tx: Tx, projectId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('policy_versions as v')
    .innerJoin('repositories as r', 'r.id', 'v.repository_id')
    .select('v.repository_id')
    .where('r.project_id', '=', projectId)
    .where('v.status', '=', 'active')
    .execute();
  const names = new Set<string>();
  for (const owner of [null, ...rows.map(({ repository_id: of }) => of)])
    for (const { name } of (await policiesFor(tx, owner)).policies) names.add(name);
  return [...names];
}

export interface Proposal {
  readonly principal: Principal;
  readonly repository: { readonly id: string; readonly name: string } | null;
  readonly source: string;
  readonly reason: string;
}

/** Proposes a new version of `policies.yaml`; it holds when somebody else has approved it. */
export async function proposePolicies(tx: Tx, { principal, repository, source, reason }: Proposal): Promise<string> {
  const { organisationId, personId, handle } = principal;
  const organisation = repository ? await policiesFor(tx, null) : parsePolicies(source);
  checkPolicies(layerPolicies(organisation, repository ? parsePolicyLayer(source) : null));
  // One number for each, also for two at once.
  await tx.selectFrom('organisations').select('id').where('id', '=', organisationId).forUpdate().execute();
  const { newest } = await tx
    .selectFrom('policy_versions')
    .select((eb) => eb.fn.coalesce(eb.fn.max('version'), eb.val(0)).as('newest'))
    .where('repository_id', repository ? '=' : 'is', repository?.id ?? null)
    .executeTakeFirstOrThrow();
  const { id } = await tx
    .insertInto('policy_versions')
    .values({
      organisation_id: organisationId,
      repository_id: repository?.id ?? null,
      version: newest + 1,
      source,
      reason,
      proposed_by: personId,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const what = nameOf(repository?.name ?? null, newest + 1);
  await appendEvent(tx, {
    organisationId,
    projectId: null,
    key: `policies/${id}/proposed`,
    type: 'policies.proposed',
    repositoryId: repository?.id ?? null,
    actor: { kind: 'person', id: personId, name: handle },
    briefing: `${handle} proposed ${what}: ${reason}`,
    payload: { version: newest + 1, repository: repository?.name ?? null },
  });
  return id;
}

export interface PolicyDecision {
  readonly principal: Principal;
  readonly id: string;
  readonly verdict: 'approve' | 'reject';
  readonly note: string | null;
}

/**
 * Lets a proposed version hold, or refuses it. Who proposed it may not, where another admin could; where none is, it is
 * marked as a sole member's.
 */
export async function decidePolicies(tx: Tx, { principal, id, verdict, note }: PolicyDecision): Promise<void> {
  const { organisationId, personId, handle } = principal;
  const row = await tx
    .selectFrom('policy_versions')
    .select(['repository_id as repositoryId', 'version', 'status', 'source', 'proposed_by as proposedBy'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new BatonError('policies-not-found', `There is no version ${id} of any policies.yaml.`);
  if (row.status !== 'proposed')
    throw new BatonError(
      'policies-decided',
      `This version is ${row.status}; propose it anew to have it decided again.`,
    );
  const isOwn = row.proposedBy === personId;
  if (isOwn && verdict === 'approve' && (await hasOtherAdmin(tx, personId)))
    throw new BatonError('own-proposal', 'You proposed this version; another admin approves it.');
  if (verdict === 'approve') {
    await checkStillFits(tx, row);
    await tx
      .updateTable('policy_versions')
      .set({ status: 'superseded' })
      .where('status', '=', 'active')
      .where('repository_id', row.repositoryId === null ? 'is' : '=', row.repositoryId)
      .execute();
  }
  const soleMember = isOwn && verdict === 'approve';
  await tx
    .updateTable('policy_versions')
    .set({
      status: verdict === 'approve' ? 'active' : 'rejected',
      decided_by: personId,
      decided_at: new Date(),
      note,
      sole_member: soleMember,
    })
    .where('id', '=', id)
    .execute();
  const repository = row.repositoryId === null ? null : await repositoryName(tx, row.repositoryId);
  await appendEvent(tx, {
    organisationId,
    projectId: null,
    key: `policies/${id}/decided`,
    type: 'policies.decided',
    repositoryId: row.repositoryId,
    actor: { kind: 'person', id: personId, name: handle },
    briefing: `${handle}: ${verdict} ${nameOf(repository, row.version)}`,
    payload: { version: row.version, repository, verdict, note, soleMember },
  });
}

/** What the organisation says may have changed since the version was proposed. */
async function checkStillFits(
  tx: Tx,
  { repositoryId, source }: { readonly repositoryId: string | null; readonly source: string },
): Promise<void> {
  if (repositoryId === null) {
    checkPolicies(parsePolicies(source));
    return;
  }
  checkPolicies(layerPolicies(await policiesFor(tx, null), parsePolicyLayer(source)));
}

async function hasOtherAdmin(tx: Tx, personId: string): Promise<boolean> {
  const other = await tx
    .selectFrom('people')
    .select('id')
    .where('role', '=', 'admin')
    .where('id', '<>', personId)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}

const repositoryName = async (tx: Tx, id: string): Promise<string> =>
  (await tx.selectFrom('repositories').select('name').where('id', '=', id).executeTakeFirstOrThrow()).name;

const nameOf = (repository: string | null, version: number): string =>
  `version ${version} of ${repository === null ? 'the' : `${repository}'s`} policies`;

/** Each that has versions of its own: which one holds, and how many wait for an approval. */
export const policyOwners = (tx: Tx) =>
  tx
    .selectFrom('policy_versions as v')
    .leftJoin('repositories as r', 'r.id', 'v.repository_id')
    .select(({ fn }) => [
      'r.name as repository',
      fn.max('v.version').filterWhere('v.status', '=', 'active').as('active'),
      fn.countAll<number>().filterWhere('v.status', '=', 'proposed').as('proposed'),
    ])
    .groupBy(['v.repository_id', 'r.name'])
    .orderBy(sql`r.name nulls first`)
    .execute();

export interface PolicyFilter {
  readonly repositoryId: PolicyOwner;
}

/** The versions of one policies.yaml, the newest first. */
export async function listPolicyVersions(tx: Tx, { repositoryId }: PolicyFilter) {
  return tx
    .selectFrom('policy_versions as v')
    .innerJoin('people as p', 'p.id', 'v.proposed_by')
    .leftJoin('people as d', 'd.id', 'v.decided_by')
    .leftJoin('repositories as r', 'r.id', 'v.repository_id')
    .select([
      'v.id',
      'v.version',
      'v.status',
      'v.reason',
      'v.source',
      'v.note',
      'v.sole_member as soleMember',
      'r.name as repository',
      'p.handle as proposedBy',
      'v.created_at as proposedAt',
      'd.handle as decidedBy',
      'v.decided_at as decidedAt',
    ])
    .where('v.repository_id', repositoryId === null ? 'is' : '=', repositoryId)
    .orderBy('v.version', 'desc')
    .limit(100)
    .execute();
}
