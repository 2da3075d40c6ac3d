import { CODING_PROGRAMS } from '../../agents/coding-programs.js';
import { returnFailure, type AgentRequest } from '../../agents/harness.js';
import { nextItem } from '../../domain/checklist.js';
import { branchHead } from '../../git/clone.js';
import { mergeBase } from '../../git/merge-base.js';
import { instructionsFor } from '../../schema/role-instructions.js';
import type { ActivityDeps } from '../deps.js';
import type { RunLog } from '../run-log.js';
import type { Checkout } from '../workspace.js';
import type { Session } from './attempt-agent.js';
import { beginsAt, type Work } from './attempt-work.js';
import { changeSoFar } from './change-so-far.js';
import { findRelevantFiles } from './relevant-files.js';
import { repositoryGuidance } from './repository-guidance.js';
import { tellUnfilled } from './tell-unfilled.js';

interface Known {
  readonly params: AgentRequest['params'];
  readonly session: Session | null;
  readonly log: RunLog;
}

/** Whether an agent is a program that people write code with, which tells what it looks at. */
export const isCodingAgent = ({ adapter }: Work['agent']): boolean =>
  adapter === 'acp' || CODING_PROGRAMS.some(({ name }) => name === adapter);

/** Builds the request to the agent of an attempt, with the facts of the repository and the change that an engineer needs. */
export async function requestOf(
  deps: ActivityDeps,
  work: Work,
  { params, session, log }: Known,
): Promise<AgentRequest> {
  const { request, checkout, agent, base: startedAt } = work;
  const { action, issue, repository, attempt, previous, ref } = request;
  const commit = beginsAt(work);
  const { clone } = checkout;
  const base = await changeBase(checkout, startedAt);
  const change = await changeSoFar(deps, request, { clone, base, commit });
  const changedPaths = (change?.files ?? []).map(({ path }) => path);
  const files = isCodingAgent(agent)
    ? await findRelevantFiles(deps, { ...request, changedPaths }, { clone, commit, log })
    : null;
  const unfilled = await tellUnfilled(clone, commit, log);
  const guidance = await repositoryGuidance(deps, checkout, log);
  return {
    action: agent.asked(action),
    mode: agent.mode(action),
    params,
    instructions: instructionsFor(agent.roles, agent.asked(action)),
    issue,
    repository: repository.name,
    attempt,
    base,
    failure: previous?.failure ? returnFailure(previous.failure) : null,
    session: session?.name ?? null,
    told: session?.step === ref.step && session.item === ref.item,
    answers: request.answers,
    ...(change && { change }),
    ...(guidance.length > 0 && { guidance }),
    ...(unfilled && { unfilled }),
    ...(files && { files }),
    checklist: { items: work.checklist, next: nextItem(work.checklist) },
  };
}

/** The commit that the change of the run is compared with: where its branch left the default branch. */
async function changeBase({ clone, repository }: Checkout, head: string): Promise<string> {
  const landed = await branchHead(clone, repository.defaultBranch);
  return (landed && (await mergeBase(clone, landed, head))) ?? head;
}
