import { PLAN_LIMITS } from '../domain/plan.js';
import { costOf } from '../domain/usage.js';
import { groupBy } from './group-by.js';
import type { Tx } from './connection.js';
import { listApprovals, type ApprovalView, type Viewer } from './approval-views.js';
import { listRunArtifacts, type ArtifactView } from './artifact-views.js';
import { listChecklists, usualSeconds } from './checklist-views.js';
import { listSetUps } from './set-ups.js';
import { listQuestions } from './question-views.js';
import { attemptKey, listFindings, listGates } from './gate-views.js';

/** The newest. */
const MAX_QUESTIONS_SHOWN = 1_000;

type SetUpRow = Awaited<ReturnType<typeof listSetUps>>[number];

/** The steps of a run in plan order, each with its attempts and all that they left. */
export async function listSteps(tx: Tx, runId: string, viewer: Viewer) {
  const steps = await tx
    .selectFrom('steps')
    .select([
      'step as id',
      'item',
      'name',
      'kind',
      'status',
      'input',
      'output',
      'error',
      'commit',
      'started_at as startedAt',
      'ended_at as endedAt',
    ])
    .where('run_id', '=', runId)
    .orderBy('position')
    .orderBy((eb) => eb.fn.coalesce('item', eb.lit(-1)))
    .execute();
  const attempts = await listAttempts(tx, runId);
  const artifacts = await listRunArtifacts(tx, runId);
  // A step has one at most.
  const approvals = await listApprovals(tx, { run: runId, limit: PLAN_LIMITS.steps }, viewer);
  const questions = [...(await listQuestions(tx, { run: runId, limit: MAX_QUESTIONS_SHOWN }, viewer)).items].reverse();
  const checklists = await listChecklists(tx, runId);
  const setUps = await listSetUps(tx, runId);
  const usual = await usualSeconds(tx, runId);
  const belongs = (step: string, item: number | null) => (of: { step: string | null; item: number | null }) =>
    of.step === step && of.item === item;

  return {
    steps: steps.map((step) => {
      const own = attempts.filter(belongs(step.id, step.item)).map(({ step: _step, item: _item, ...attempt }) => ({
        ...attempt,
        artifacts: artifacts
          .filter(belongs(step.id, step.item))
          .filter(({ attempt: of }) => of === attempt.attempt)
          .map(withoutPlace),
      }));
      return {
        ...step,
        cost: costOf(own),
        attempts: own,
        artifacts: artifacts
          .filter(belongs(step.id, step.item))
          .filter(({ attempt }) => attempt === null)
          .map(withoutPlace),
        setUps: setUps.filter(belongs(step.id, step.item)).map((setUp) => setUpView(setUp, step.endedAt)),
        approval: step.item === null ? approvalOf(approvals.items, step.id) : null,
        checklist: checklists.filter(belongs(step.id, step.item)).map(({ view }) => view),
        usualSeconds: step.item === null ? (usual.get(step.id) ?? null) : null,
        questions: questions.filter(({ step: of }) => of.id === step.id && of.item === step.item),
      };
    }),
    artifacts: artifacts.filter(({ step }) => step === null).map(withoutPlace),
    cost: costOf(attempts),
  };
}

/** One that still ran when its step ended was cancelled with it: its worker is gone. */
function setUpView({ step: _step, item: _item, ...setUp }: SetUpRow, stepEndedAt: Date | null) {
  if (setUp.status !== 'running' || stepEndedAt === null) return setUp;
  return { ...setUp, status: 'cancelled' as const, endedAt: stepEndedAt };
}

const approvalOf = (approvals: readonly ApprovalView[], step: string) =>
  approvals.find((approval) => approval.step.id === step) ?? null;

const withoutPlace = ({ step: _step, item: _item, attempt: _attempt, ...artifact }: ArtifactView) => artifact;

async function listAttempts(tx: Tx, runId: string) {
  const rows = await tx
    .selectFrom('attempts as t')
    .leftJoin('agents as a', 'a.id', 't.agent_id')
    .select([
      't.step',
      't.item',
      't.attempt',
      'a.id as agentId',
      'a.name as agentName',
      't.status',
      't.base',
      't.commit',
      't.summary',
      't.network',
      't.session',
      't.executions',
      't.confinements',
      't.resume_at as resumeAt',
      't.tokens_in as tokensIn',
      't.tokens_out as tokensOut',
      't.cost_usd as costUsd',
      't.list_price as listPrice',
      't.error',
      't.started_at as startedAt',
      't.ended_at as endedAt',
    ])
    .where('t.run_id', '=', runId)
    .orderBy('t.attempt')
    .execute();
  const gates = groupBy(await listGates(tx, runId), ({ of }) => of);
  const findings = groupBy(await listFindings(tx, runId), ({ of }) => of);
  return rows.map(({ agentId, agentName, ...row }) => ({
    ...row,
    agent: agentId === null ? null : { id: agentId, name: agentName ?? '' },
    gates: (gates.get(attemptKey(row)) ?? []).map(({ view }) => view),
    findings: (findings.get(attemptKey(row)) ?? []).map(({ view }) => view),
  }));
}
