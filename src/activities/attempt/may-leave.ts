import { denialsOf, tellDenial, tellPath, tellPaths, type Denial } from '../../domain/permissions.js';
import { findOutsideRole } from '../../domain/roles.js';
import { cutText } from '../../domain/text.js';
import type { AttemptRequest } from '../../domain/work.js';
import { testFileMatcher } from '../../gates/test-files.js';
import { branchHead } from '../../git/clone.js';
import { changedFiles } from '../../git/diff.js';
import { fileChanges } from '../../git/file-changes.js';
import { git } from '../../git/git.js';
import { isProtectedBranch } from '../../git/publish.js';
import type { JsonObject } from '../../domain/json.js';
import type { ActivityDeps } from '../deps.js';
import type { Failed } from './fail-attempt.js';
import { grantOf } from './grants.js';
import { repositoryConfig } from '../prepare-worktree.js';
import { Refusals, type Refused } from '../refusals.js';
import type { RunLog } from '../run-log.js';
import type { Checkout } from '../workspace.js';

/** Whose change it is, what for, and where it is to go. */
export interface Leaving {
  readonly request: Pick<AttemptRequest, 'ref' | 'attempt' | 'agent' | 'branch'>;
  readonly checkout: Checkout;
  /** What the agent was asked for. */
  readonly action: string;
  /** Files in conflict, which it may change whatever its role is; left out: none. */
  readonly resolves?: readonly string[];
}

/** A change that stays where it is: how the attempt ends, and what the audit trail says. */
export interface Stays {
  readonly failed: Failed;
  readonly refused: readonly Refused[];
}

/**
 * Why the change between two commits may not leave this host: it goes outside of the agent's role, or is not permitted to
 * it (R7.5, R7.6). Null where it may. Whoever pushes what an agent changed asks first.
 */
export async function refuseToLeave(
  deps: ActivityDeps,
  leaving: Leaving,
  [from, to]: readonly [from: string, to: string],
): Promise<Stays | null> {
  const { request, checkout, action, resolves = [] } = leaving;
  const { clone, repository } = checkout;
  const [config, grant, changed] = await Promise.all([
    repositoryConfig(checkout, UNSAID),
    grantOf(deps, request, action),
    changedFiles(clone, from, to),
  ]);
  const ofRole = changed.filter(({ path }) => !resolves.includes(path));
  const outside = findOutsideRole(action, ofRole, testFileMatcher(config));
  if (outside) {
    const message = `${action} goes outside of its role, ${outside.why}: leave ${tellPaths(outside.files)} as it was`;
    return stays('outside-role', message, true, [{ what: message, details: { files: listed(outside.files) } }]);
  }
  const denials = denialsOf(grant, {
    files: await fileChanges(clone, from, to),
    branch: {
      name: request.branch,
      isNew: (await branchHead(clone, request.branch)) === null,
      isProtected: isProtectedBranch(repository.protectedBranches, request.branch),
    },
  });
  if (denials.length === 0) return null;
  const message = `${request.agent.name} is denied ${action}: ${denials.map(tellDenial).join('; ')}`;
  return stays(
    'denied',
    message,
    denials.every(({ mends }) => mends),
    denials.map(refusalOf),
  );
}

const stays = (
  code: string,
  message: string,
  retryable: boolean,
  refused: readonly Omit<Refused, 'kind'>[],
): Stays => ({
  failed: { code, message: cutText(message, MAX_MESSAGE_BYTES), retryable },
  refused: refused.map((one) => ({ kind: 'permission', ...one })),
});

/** A denial as the audit trail has it. */
export function refusalOf(denial: Denial): Omit<Refused, 'kind'> {
  const { rule, glob, from, files } = denial;
  const details: JsonObject = { rule, glob, from, files: listed(files) };
  return { what: tellDenial(denial), details };
}

export const unfinishedRef = ({ ref, attempt }: Leaving['request'], commit: string): string =>
  `refs/baton/unfinished/${ref.run.runId}/${ref.step}/${attempt}/${commit}`;

/** Keeps a refused commit in the clone of this host, and nowhere else, for people to look at; and says that it was refused. */
export async function keepHere(
  deps: ActivityDeps,
  { request, checkout }: Leaving,
  commit: string,
  { refused }: Stays,
  log: Pick<RunLog, 'line'>,
): Promise<void> {
  const ref = unfinishedRef(request, commit);
  await git(['update-ref', ref, commit], { gitDir: checkout.clone.gitDir });
  const refusals = new Refusals(deps, request, log);
  refused.forEach(refusals.note);
  log.line(`it is kept in the clone on ${deps.host} as ${ref}`);
  await refusals.settled();
}

/** What was guessed of the repository is said where the agent begins. */
const UNSAID = { line: (): void => undefined };

/** What the record and the next attempt are told at most; the files are many. */
const MAX_MESSAGE_BYTES = 8_000;
const MAX_LISTED = 20;
const listed = (files: readonly string[]): string[] => files.slice(0, MAX_LISTED).map(tellPath);
