import { contributorsOf, type GrantedApproval } from '../../db/approvals.js';
import { withOrganisation, type Tx } from '../../db/connection.js';
import { TRAILER } from '../../domain/trailer.js';
import type { ActionRequest } from '../../domain/work.js';
import { openSigningKey, SIGNING_KEY_VARIABLE } from '../../git/signing-key.js';
import type { CommitFacts } from '../../git/write-commit.js';
import { commitSettings, type CommitSettings } from '../../schema/commit-settings.js';
import type { ActivityDeps } from '../deps.js';
import { repositoryConfig } from '../prepare-worktree.js';
import type { Checkout } from '../workspace.js';

/** A landed commit but for its message and its approvals. The same at every retry of the step. */
interface LandedCommit extends Pick<CommitFacts, 'author' | 'committer' | 'dateMs' | 'signingKey'> {
  readonly trailers: (approvals: readonly GrantedApproval[]) => CommitFacts['trailers'];
}

/**
 * What the repository's `commits` settings say of the commit that is to land.
 * @throws BatonError `signing-key-unusable`.
 */
export async function landedCommit(
  deps: ActivityDeps,
  checkout: Checkout,
  request: ActionRequest,
): Promise<LandedCommit> {
  const { commits: settings = commitSettings.parse({}) } = await repositoryConfig(checkout, UNSAID);
  const { author, committer, sign } = settings;
  const signingKey = sign && (await openSigningKey(deps.environment[SIGNING_KEY_VARIABLE]));
  const { run, step, item } = request.ref;
  const known = await withOrganisation(deps.db, run.organisationId, async (tx) => ({
    agents: (await contributorsOf(tx, run.runId)).map(({ agent }) => agent),
    requester: await nameOf(tx, run.requestedBy),
    startedAt: await startOf(tx, run.runId, step, item),
  }));
  const coAuthors = coAuthorsOf(settings, known, run.requestedBy);
  return {
    ...{ author, committer, dateMs: known.startedAt.getTime() },
    ...(signingKey && { signingKey }),
    trailers: (approvals) => {
      const approvers = [...new Set(approvals.flatMap((approval) => approval.approvers))];
      return {
        [TRAILER.run]: run.runId,
        [TRAILER.step]: step,
        ...(run.taskId !== null && { [TRAILER.task]: run.taskId }),
        ...(run.issue && { [TRAILER.issue]: `#${run.issue.number}` }),
        ...(known.agents.length > 0 && { [TRAILER.agent]: known.agents.join(', ') }),
        [TRAILER.requestedBy]: run.requestedBy,
        ...(approvers.length > 0 && { [TRAILER.approvedBy]: approvers.join(', ') }),
        ...(coAuthors.length > 0 && { [TRAILER.coAuthoredBy]: coAuthors }),
      };
    },
  };
}

/** What was guessed of the repository is logged where its agents begin. */
const UNSAID = { line: (): void => undefined };

interface Made {
  readonly agents: readonly string[];
  /** Null: it was no person of the organisation who asked. */
  readonly requester: string | null;
}

function coAuthorsOf(
  { coAuthors, agentEmail, personEmail }: CommitSettings,
  { agents, requester }: Made,
  handle: string,
): readonly string[] {
  return [
    ...(coAuthors.includes('agents') ? agents.map((name) => coAuthor(name, agentEmail, name)) : []),
    ...(coAuthors.includes('requester') && requester !== null ? [coAuthor(requester, personEmail, handle)] : []),
  ];
}

/** As forges read it; characters that end a name or an address are left out. */
const coAuthor = (name: string, email: string, local: string): string =>
  `${name.replaceAll(/[<>\p{Cc}]/gu, '').trim()} <${email.replace('{name}', local.replaceAll(/[^\w.+-]/g, '-'))}>`;

async function nameOf(tx: Tx, handle: string): Promise<string | null> {
  const person = await tx.selectFrom('people').select('name').where('handle', '=', handle).executeTakeFirst();
  return person ? person.name || handle : null;
}

/** When the step began: the date of its commit, whenever it is written. */
async function startOf(tx: Tx, runId: string, step: string, item: number | null): Promise<Date> {
  const row = await tx
    .selectFrom('steps')
    .select('started_at')
    .where('run_id', '=', runId)
    .where('step', '=', step)
    .where('item', 'is not distinct from', item)
    .executeTakeFirst();
  return row?.started_at ?? new Date();
}
