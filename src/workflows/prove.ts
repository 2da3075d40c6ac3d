import { gatesNotSetUp, judgeGates, type AttemptFailure, type AttemptVerdict } from '../domain/attempt.js';
import {
  asksWhenBlocked,
  blockedQuestion,
  MAX_RESOLUTIONS,
  unblocked,
  type Blockage,
  type Unblocked,
} from '../domain/blocked.js';
import { judgesChange } from '../domain/catalogue.js';
import { openActionsFailure } from '../domain/checklist.js';
import { answerLine, type GivenAnswer } from '../domain/question.js';
import type { AgentStepRequest, AssignedAgent, AttemptRequest, AttemptResult, Conflict } from '../domain/work.js';
import { record, work } from './activities.js';
import { describeFailure } from './failure.js';
import type { Questions } from './questions.js';

/** How often a commit is rebased onto a branch that others write to before it counts as a conflict. */
const MAX_REBASES = 3;
/** Gates have limits of their own: the worker ends them earlier. */
const GATES_TIMEOUT_MS = 24 * 3600_000;
export const PUBLISH_TIMEOUT_MS = 5 * 60_000;

/** The conflicts of one step, over all of its attempts. */
export interface Conflicts {
  /** How often an agent was asked to resolve one. */
  resolutions: number;
  /** Files of the newest one. */
  files: readonly string[];
}

interface Proof {
  readonly request: AgentStepRequest;
  readonly agent: AssignedAgent;
  readonly attempt: number;
  readonly questions: Questions;
  readonly conflicts: Conflicts;
}

/** People grant a blocked step another attempt. */
interface Granted {
  readonly kind: 'granted';
  readonly failure: AttemptFailure;
  /** Null where it says nothing to the agent. */
  readonly answer: GivenAnswer | null;
  /** Whether the agent had not begun. */
  readonly isUncounted: boolean;
  /** What the next attempt begins with; null: what this one left. */
  readonly from: AttemptRequest['previous'];
}

type Verdict = Exclude<AttemptVerdict, { kind: 'done' }> | Granted;
type Proved = { readonly kind: 'done'; readonly commit: string | null } | Verdict;

/** Evidence, not claims: the gates on the commit decide, and again on every rebase of it, until it is on the branch. */
export async function prove(
  proof: Proof,
  result: Exclude<AttemptResult, { kind: 'asked' | 'limited' }>,
): Promise<Proved> {
  if (result.kind === 'failed') return afterFailure(proof, result);
  if (result.leftOpen?.length) return { kind: 'again', failure: openActionsFailure(result.leftOpen) };
  if (result.commit === null) return proveReview(proof, result.base);
  return proveCommit(proof, result.commit);
}

/** The set-up runs before the agent: where it fails, nothing was paid for, and no attempt is used up. */
async function afterFailure(
  proof: Proof,
  { failure, retryable }: Extract<AttemptResult, { kind: 'failed' }>,
): Promise<Proved> {
  const ended = { kind: retryable ? 'again' : 'failed', failure } as const;
  if (!SET_UP_FAILURES.includes(failure.code)) return ended;
  const { to } = await ask(proof, { kind: 'set-up' }, failure);
  return to.kind === 'end' ? ended : { kind: 'granted', failure, answer: null, isUncounted: true, from: null };
}

const CONFIG_INVALID = 'repository-config-invalid';
const SET_UP_FAILURES = ['setup-failed', CONFIG_INVALID];

async function proveCommit(proof: Proof, proved: string): Promise<Proved> {
  const { request, agent, attempt, conflicts } = proof;
  let commit = proved;
  for (let rebases = 0; ; rebases += 1) {
    const verdict = await passGates(proof, commit, true);
    if (verdict.kind !== 'done') return verdict;
    const { publishCommit } = work(PUBLISH_TIMEOUT_MS, `publish ${commit.slice(0, 10)} to ${request.branch}`);
    const publication = await publishCommit({
      ref: request.ref,
      attempt,
      agent,
      action: request.action,
      repository: request.repository,
      branch: request.branch,
      commit,
      atMs: Date.now(),
      ...(conflicts.files.length > 0 && { resolves: conflicts.files }),
      ...(request.resolution && { resolution: request.resolution }),
    });
    if (publication.kind === 'refused')
      return { kind: publication.retryable ? 'again' : 'failed', failure: publication.failure };
    if (publication.kind === 'published') return { kind: 'done', commit: publication.commit };
    if (publication.kind === 'moved') {
      if (rebases === MAX_REBASES) return { kind: 'failed', failure: conflictFailure(request, []) };
      commit = publication.rebased;
      continue;
    }
    const resolved = await resolve(proof, publication);
    if (typeof resolved !== 'string') return resolved;
    commit = resolved;
    rebases = 0;
  }
}

const conflictFailure = ({ branch }: AgentStepRequest, files: readonly string[]): AttemptFailure => ({
  code: 'conflict',
  message: `${branch} has moved, and the change does not apply on top of it${files.length === 0 ? '' : `: ${files.join(', ')}`}`,
  gates: [],
  findings: [],
});

/** A commit that a person resolved the conflict with, or how the step goes on. */
async function resolve(proof: Proof, { files, base, draft, brief }: Conflict): Promise<string | Verdict> {
  const { request, attempt, conflicts } = proof;
  const failure = conflictFailure(request, files);
  let refused = '';
  for (;;) {
    const offersAgent = conflicts.resolutions < MAX_RESOLUTIONS;
    const blockage = { kind: 'conflict', branch: request.branch, offersAgent } as const;
    const message = `${failure.message}. Its head is ${base.slice(0, 10)}.${refused === '' ? '' : ` ${refused}`}`;
    const { to, answer } = await ask(proof, blockage, { message });
    if (to.kind === 'resolve') {
      conflicts.resolutions += 1;
      conflicts.files = files;
      const told = { ...failure, message: withWords(brief, answer) };
      return { kind: 'granted', failure, answer, isUncounted: false, from: { failure: told, commit: draft, base } };
    }
    if (to.kind !== 'branch') return { kind: 'failed', failure };
    const { takeBranch } = work(PUBLISH_TIMEOUT_MS, `take ${to.branch}`);
    const taken = await takeBranch({
      ref: request.ref,
      attempt,
      repository: request.repository,
      branch: request.branch,
      taken: to.branch,
      base,
    });
    if (taken.kind === 'taken') {
      conflicts.files = files;
      return taken.commit;
    }
    refused = taken.message;
  }
}

/** A review is judged by what it found; gates, where it has any, run on the commit that it looked at. */
async function proveReview(proof: Proof, base: string): Promise<Proved> {
  const { request, attempt } = proof;
  const verdict = await passGates(proof, base, false);
  if (verdict.kind !== 'done') return verdict;
  const asked = request.params['failOn'];
  const failOn = typeof asked === 'string' ? asked : judgesChange(request.action) ? 'high' : 'never';
  const failure = await record.judgeReview({ ref: request.ref, attempt, failOn });
  return failure ? { kind: 'failed', failure } : { kind: 'done', commit: null };
}

/** Inconclusive gates may run again on the same commit, as often as people say so. */
async function passGates(proof: Proof, commit: string, changed: boolean): Promise<{ readonly kind: 'done' } | Verdict> {
  if (proof.request.gates.length === 0) return { kind: 'done' };
  for (let again = 0; ; again += 1) {
    const verdict = await runGatesOnce(proof, commit, changed, again);
    if (verdict.kind !== 'failed') return verdict;
    const { failure } = verdict;
    const blockage: Blockage = { kind: 'gates', commit, notSetUp: gatesNotSetUp(failure.gates) };
    const { to, answer } = await ask(proof, blockage, failure);
    if (to.kind === 'again') continue;
    if (to.kind === 'without') return { kind: 'done' };
    if (to.kind !== 'attempt') return verdict;
    const told = { ...failure, message: withWords(failure.message, answer) };
    return { kind: 'granted', failure: told, answer, isUncounted: false, from: null };
  }
}

export async function runGatesOnce(
  { request, attempt }: Pick<Proof, 'request' | 'attempt'>,
  commit: string,
  changed: boolean,
  again: number,
): Promise<AttemptVerdict> {
  const kinds = request.gates.map(({ kind }) => kind).join(', ');
  const { runGates } = work(GATES_TIMEOUT_MS, `${kinds} on ${commit.slice(0, 10)}`);
  try {
    const results = await runGates({
      ref: request.ref,
      attempt,
      repository: request.repository,
      commit,
      changed,
      gates: request.gates,
      ...(again > 0 && { again }),
      ...(request.sandbox && { sandbox: request.sandbox }),
    });
    return judgeGates(results, { asks: asksWhenBlocked(request.questions) });
  } catch (error) {
    const { code, message } = describeFailure(error);
    if (code !== CONFIG_INVALID) throw error;
    return { kind: 'failed', failure: { code, message, gates: [], findings: [] } };
  }
}

/** Asks people how a blocked step goes on, where it asks; else it ends. */
async function ask(
  { request, agent, attempt, questions }: Proof,
  blockage: Blockage,
  failure: Pick<AttemptFailure, 'message'>,
): Promise<{ readonly to: Unblocked; readonly answer: GivenAnswer | null }> {
  if (!asksWhenBlocked(request.questions)) return { to: { kind: 'end' }, answer: null };
  const question = blockedQuestion(request.ref.name, agent.name, blockage, failure);
  const answer = await questions.ask(question, { by: 'system', agent, attempt });
  return { to: unblocked(answer, blockage), answer };
}

const withWords = (message: string, answer: GivenAnswer | null): string =>
  answer === null ? message : `${message}\n${answer.by} says: ${answerLine(answer)}`;
