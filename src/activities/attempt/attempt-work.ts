import type { ChecklistItem } from '../../domain/checklist.js';
import type { Execution } from '../../domain/execution.js';
import { TRAILER } from '../../domain/trailer.js';
import type { AttemptRequest } from '../../domain/work.js';
import { git } from '../../git/git.js';
import { findCommitByTrailers } from '../../git/trailers.js';
import type { AgentRow, Session } from './attempt-agent.js';
import type { ActivityDeps } from '../deps.js';
import type { Leaving } from './may-leave.js';
import { rescue, rescuedRefs } from '../rescue.js';
import { removeLeft, worktreeName, type Checkout } from '../workspace.js';

/** What an attempt works on. */
export interface Work {
  readonly request: AttemptRequest;
  readonly checkout: Checkout;
  readonly agent: AgentRow;
  readonly base: string;
  /** Whether an earlier execution of the attempt was begun. */
  readonly again: boolean;
  /** As it stands when the attempt begins. */
  readonly checklist: readonly ChecklistItem[];
  /** What an attempt that broke off kept of its tree when an item was done; null: there is none to go on from. */
  readonly checkpoint: string | null;
}

/** The commit that an attempt begins on: what was kept of one that broke off, what the one before it left, or the branch's head. */
export const beginsAt = ({ request, base, checkpoint }: Pick<Work, 'request' | 'base' | 'checkpoint'>): string =>
  checkpoint ?? request.previous?.commit ?? base;

/** What an execution of the attempt begins with, for the record. */
export const beginningOf = (
  { request, base, checkpoint }: Pick<Work, 'request' | 'base' | 'checkpoint'>,
  session: Session | null,
): Omit<Execution, 'at'> => ({
  commit: beginsAt({ request, base, checkpoint }),
  from: checkpoint !== null ? 'kept' : request.previous?.commit != null ? 'previous' : 'branch',
  session: session && { name: session.name, step: session.step, item: session.item, attempt: session.attempt },
});

/** Whose change it would be, should it leave this host. */
export const leavingOf = ({ request, checkout, agent }: Work): Leaving => ({
  request,
  checkout,
  action: agent.asked(request.action),
  ...(request.resolution && { resolves: request.resolution.files }),
});

/** The commit from which on a change is the agent's own: what it merges was made by others. */
export const changesFrom = ({ request, base }: Pick<Work, 'request' | 'base'>): string =>
  request.resolution?.draft ?? base;

/** The attempt's worktree: its purpose there. */
export const attemptPurpose = ({ attempt }: Pick<AttemptRequest, 'attempt'>): string => `${attempt}`;

/** What makes an attempt's commit, the same at every execution. */
export function commitFacts({ request, agent }: Pick<Work, 'request' | 'agent'>, summary: string) {
  const { ref, startedAtMs } = request;
  const { run } = ref;
  const about = run.issue
    ? `${ref.name}: ${run.issue.title} (#${run.issue.number})`
    : `${ref.name}: ${run.pipeline} #${run.number}`;
  return {
    message: summary === '' ? about : `${about}\n\n${summary}`,
    trailers: {
      ...ownTrailers(request),
      ...(run.taskId !== null && { [TRAILER.task]: run.taskId }),
      ...(run.issue && { [TRAILER.issue]: `#${run.issue.number}` }),
      [TRAILER.agent]: agent.name,
      [TRAILER.requestedBy]: run.requestedBy,
    },
    author: { name: agent.name, email: `${agent.name}@agents.baton` },
    dateMs: startedAtMs,
  };
}

const ownTrailers = ({ ref, attempt }: AttemptRequest) => ({
  [TRAILER.run]: ref.run.runId,
  [TRAILER.step]: ref.step,
  ...(ref.item !== null && { [TRAILER.item]: String(ref.item) }),
  [TRAILER.attempt]: String(attempt),
});

/**
 * The attempt's commit that an earlier execution on this host made and could not push: its worker died, or the forge
 * was away. Null where there is none.
 */
export async function findUnpushedCommit(
  deps: ActivityDeps,
  work: Pick<Work, 'request' | 'checkout' | 'base'>,
): Promise<string | null> {
  const { request, checkout, base } = work;
  const { clone } = checkout;
  const name = worktreeName(request.ref, attemptPurpose(request));
  await rescue(deps, clone, name);
  const refs = await git(['for-each-ref', '--format=%(objectname)', `${rescuedRefs(name)}/`], { gitDir: clone.gitDir });
  for (const rescued of refs.split('\n').filter((line) => line !== '')) {
    const commit = await findCommitByTrailers(clone, `${base}..${rescued}`, ownTrailers(request));
    if (commit === null) continue;
    await removeLeft(deps, checkout, request.ref, name);
    return commit;
  }
  return null;
}
