import type { JsonObject } from '../../domain/json.js';
import { testFileMatcher } from '../../gates/test-files.js';
import type { RepositoryConfig } from '../../schema/repository-config.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';
import type { Checkout } from '../workspace.js';
import { recordFacts } from './record-facts.js';
import { treeFacts } from './tree-facts.js';

/** What rules judge a repository by (docs/pipelines.md lists it): the files of a commit, and Baton's own record. */
export async function collectFacts(
  deps: ActivityDeps,
  { clone, repository }: Checkout,
  commit: string,
  config: RepositoryConfig,
): Promise<JsonObject> {
  const tree = await treeFacts(clone, commit, testFileMatcher(config));
  const record = await persist(deps, repository.organisationId, (tx) =>
    recordFacts(tx, repository, deps.auditRetentionDays),
  );
  return { ...tree, ...record, agents: { sandboxed: deps.isolation !== 'off' } };
}
