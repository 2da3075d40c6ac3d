import { withOrganisation, type Db } from '../db/connection.js';
import { getRepository, type Repository } from '../db/repositories.js';
import { BatonError } from '../domain/errors.js';
import { withoutCredentials } from '../domain/source-address.js';
import { branchHeads } from '../git/branch-heads.js';
import { pullFrom, type Pull } from '../git/pull-origin.js';
import { pushOutside } from '../git/push-origin.js';
import type { Forge, OriginPull, OriginPush, PushedToOrigin } from './forge.js';
import { auditRepository } from './repository-audit.js';

/** Names of branches that an audit row lists. */
const MAX_BRANCHES = 100;

export const localOrigin = (db: Db): Pick<Forge, 'pullOrigin' | 'pushOrigin'> => ({
  pullOrigin: (wanted) => pullOrigin(db, wanted),
  pushOrigin: (wanted) => pushOrigin(db, wanted),
});

/** The refs come first, the audit row second: pulled again after a crash in between, nothing is newer and the row is written. */
async function pullOrigin(db: Db, { principal, repositoryId, from }: OriginPull): Promise<Pull & { from: string }> {
  const { organisationId } = principal;
  const repository = await withOrganisation(db, organisationId, (tx) => getRepository(tx, repositoryId));
  const source = originOf(repository, from, '--from');
  const pull = await pullFrom(repository.remoteUrl, source, repository.defaultBranch);
  const origin = withoutCredentials(source);
  await withOrganisation(db, organisationId, (tx) =>
    auditRepository(tx, principal, 'pull', repository.name, {
      from: origin,
      branches: pull.updated.slice(0, MAX_BRANCHES).map((updated) => ({ ...updated })),
      branchCount: pull.updated.length,
    }),
  );
  return { ...pull, from: origin };
}

async function pushOrigin(db: Db, { principal, repositoryId, branch, as, to }: OriginPush): Promise<PushedToOrigin> {
  const { organisationId } = principal;
  const repository = await withOrganisation(db, organisationId, (tx) => getRepository(tx, repositoryId));
  const { name, remoteUrl, defaultBranch } = repository;
  const target = originOf(repository, to, '--to');
  const pushed = branch ?? defaultBranch;
  const commit = (await branchHeads(remoteUrl)).get(pushed);
  if (commit === undefined)
    throw new BatonError(
      'branch-not-found',
      `${name} has no branch ${pushed}; its default branch is ${defaultBranch}.`,
    );
  const there = as ?? pushed;
  const result = await pushOutside(remoteUrl, { target, commit, branch: there });
  const facts = { to: withoutCredentials(target), branch: pushed, as: there, commit, result };
  await withOrganisation(db, organisationId, (tx) => auditRepository(tx, principal, 'push', name, facts));
  return facts;
}

function originOf({ name, source }: Repository, given: string | null, option: string): string {
  const origin = given ?? source;
  if (origin !== null) return origin;
  throw new BatonError('no-origin', `${name} was imported from nowhere: give a path or URL with ${option}.`);
}
