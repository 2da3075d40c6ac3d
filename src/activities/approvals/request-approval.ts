import {
  contributorsOf,
  displayNames,
  grantedApprovals,
  insertApproval,
  peopleOfProject,
  riskOverrideOf,
} from '../../db/approvals.js';
import type { Tx } from '../../db/connection.js';
import { stepStatus } from '../../db/steps.js';
import { policiesFor } from '../../db/policies.js';
import { updateRun } from '../../db/runs.js';
import {
  isCleared,
  mayLand,
  requirementsOf,
  requirementsOfStep,
  requirementsOfTier,
} from '../../domain/approval-policy.js';
import { approversOf, eligibility, resolveNames, type Requirement } from '../../domain/approval.js';
import { findAction } from '../../domain/catalogue.js';
import { BatonError } from '../../domain/errors.js';
import type { JsonObject } from '../../domain/json.js';
import type { Policies } from '../../domain/policies.js';
import { riskOfAction, riskOfChange, type KnownAction, type Risk, type RiskOverride } from '../../domain/risk.js';
import { isStepOpen } from '../../domain/run-state.js';
import type { Activities, RequestApprovalRequest } from '../../domain/work.js';
import { changeFacts, type KnownChange } from '../change-facts.js';
import type { ActivityDeps } from '../deps.js';
import { runEvent, stepEvent } from '../../db/step-events.js';
import { persist } from '../persist.js';
import { changeStep } from '../steps.js';

/** What is asked of people, and the risk that it was found to have. */
interface Asked {
  readonly requirements: readonly Requirement[];
  readonly risk: Risk;
}

/**
 * Opens an approval of what the step and the policies ask for, bound to the change as it is now; nothing where nothing is
 * asked. One that nobody could give is an error.
 */
export const requestApproval =
  (deps: ActivityDeps): Activities['requestApproval'] =>
  async (request) => {
    const { run } = request.ref;
    const known = await changeFacts(deps, run, request.repository, request.branch);
    return persist(deps, run.organisationId, async (tx) => {
      // It may have been ended while the change was looked at: nobody is asked then.
      if (!isStepOpen(await stepStatus(tx, run.runId, request.ref.step, { lock: true }))) return null;
      const asked = await whatIsAsked(tx, request, known);
      await tellRisk(tx, request, asked.risk);
      return asked.requirements.length === 0 ? null : open(tx, request, known, asked);
    });
  };

async function whatIsAsked(tx: Tx, request: RequestApprovalRequest, known: KnownChange): Promise<Asked> {
  const { ref, purpose, repository } = request;
  const policies = await policiesFor(tx, repository?.id ?? null);
  const override = await riskOverrideOf(tx, ref.run.runId);
  if (purpose.kind === 'act') return askToAct(tx, request, purpose, known, policies, override);
  if (purpose.kind === 'step' && purpose.policy.kind === 'policies' && purpose.policy.action !== null) {
    const { action } = purpose.policy;
    const about = { ...known.facts, actions: [action] };
    const risk = riskOfAction(policies, about, await knownAction(tx, ref.run.projectId, action), override);
    return {
      requirements: requirementsOfStep({ name: ref.name, policy: purpose.policy }, policies, about, risk),
      risk,
    };
  }
  const risk = riskOfChange(policies, known.facts, override);
  if (purpose.kind === 'step')
    return {
      requirements: requirementsOfStep({ name: ref.name, policy: purpose.policy }, policies, known.facts, risk),
      risk,
    };
  // Where there is no change the merge itself says what is missing.
  if (!known.change) return { requirements: [], risk };
  const granted = (await grantedApprovals(tx, ref.run.runId)).filter(
    (approval) => approval.purpose !== 'act' && approval.repositoryId === repository?.id,
  );
  const landing = mayLand(policies, known.facts, risk, known.change.patchId, granted);
  if (landing.kind === 'may') return { requirements: [], risk };
  if (!landing.isVoid) return { requirements: landing.requirements, risk };
  const { patchId } = known.change;
  const voided = granted.filter((approval) => approval.patchId !== patchId).flatMap(({ requirements }) => requirements);
  return { requirements: askedAgain(voided, requirementsOf(policies, known.facts, risk)), risk };
}

/** Whoever had to approve the change before it became another one, and what the policies ask for besides. */
const askedAgain = (voided: readonly Requirement[], asked: readonly Requirement[]): readonly Requirement[] => [
  ...new Map([...asked, ...voided].map((requirement) => [requirement.rule, requirement])).values(),
];

async function askToAct(
  tx: Tx,
  { ref }: RequestApprovalRequest,
  { action, approvedBefore }: Extract<RequestApprovalRequest['purpose'], { kind: 'act' }>,
  { facts }: KnownChange,
  policies: Policies,
  override: RiskOverride | null,
): Promise<Asked> {
  const about = { ...facts, actions: [action] };
  const risk = riskOfAction(policies, about, await knownAction(tx, ref.run.projectId, action), override);
  const requirements = requirementsOfTier('act', policies, about, risk);
  if (requirements.length === 0 || approvedBefore) return { requirements: [], risk };
  const granted = (await grantedApprovals(tx, ref.run.runId)).flatMap((approval) =>
    approval.purpose === 'act' && approval.risk ? [approval.risk] : [],
  );
  return { requirements: isCleared(risk, granted) ? [] : requirements, risk };
}

/** What the catalogue, or those who registered an agent's capability, say of an action. */
async function knownAction(tx: Tx, projectId: string, action: string): Promise<KnownAction> {
  const known = findAction(action);
  if (known) return { looksOnly: known.by === 'agent-analysis', declared: null };
  const rows = await tx
    .selectFrom('capabilities as c')
    .innerJoin('agents as a', 'a.id', 'c.agent_id')
    .select(['c.mode', 'a.risk_level as level'])
    .where('a.project_id', '=', projectId)
    .where('c.name', '=', action)
    .execute();
  if (rows.length === 0) return { looksOnly: false, declared: null };
  return {
    looksOnly: rows.every(({ mode }) => mode !== 'change'),
    declared: rows.some(({ level }) => level === 'APPROVAL_REQUIRED') ? 'APPROVAL_REQUIRED' : 'AUTO',
  };
}

/** What was found is told where it is high, or where something made it other than the rules alone would. */
async function tellRisk(tx: Tx, { ref, purpose }: RequestApprovalRequest, { tier, reasons }: Risk): Promise<void> {
  const [first] = reasons;
  if (purpose.kind === 'step' || (tier !== 'high' && reasons.every((reason) => reason.tier === tier))) return;
  await stepEvent(tx, ref, {
    key: `risk.assessed/${purpose.kind}`,
    type: 'risk.assessed',
    briefing: `risk ${tier}${first ? `: ${first.why}` : ''}`,
    payload: { tier, reasons: reasons.slice(0, 20) as unknown as JsonObject[] },
  });
}

async function open(tx: Tx, request: RequestApprovalRequest, { change }: KnownChange, { risk, ...asked }: Asked) {
  const { ref, purpose } = request;
  const { run } = ref;
  const people = await peopleOfProject(tx, run.projectId);
  const names = await displayNames(tx);
  const requirements = resolveNames(
    asked.requirements,
    people.map((person) => ({ ...person, name: names.get(person.handle) ?? person.handle })),
  );
  const owners = (await contributorsOf(tx, run.runId)).flatMap(({ ownerId }) => ownerId ?? []);
  const eligible = eligibility(requirements, people, owners);
  if (eligible.kind === 'nobody')
    throw new BatonError(
      'approval-impossible',
      `${ref.name}: ${eligible.reason}. Give somebody the role, or change the pipeline or the policies.`,
    );
  const { excluded, soleMember } = eligible;
  const opened = await insertApproval(tx, {
    organisationId: run.organisationId,
    runId: run.runId,
    step: ref.step,
    purpose: purpose.kind,
    requirements,
    risk,
    excluded,
    soleMember,
    change,
    expiresAt: new Date(request.expiresAtMs),
  });
  const approvers = approversOf(opened);
  const waits = `waiting for ${approvers.join(' or ')}`;
  await changeStep(tx, ref, {
    status: 'waiting',
    ...(purpose.kind === 'step' && { input: { requirements: opened.requirements as unknown as JsonObject[] } }),
  });
  await updateRun(tx, run.runId, {
    briefing: `${ref.name}: ${waits}`,
    ...(request.runStatus === 'waiting' && { status: 'waiting' as const }),
  });
  await stepEvent(tx, ref, {
    key: `approval.requested${opened.keySuffix}`,
    type: 'approval.requested',
    briefing: waits,
    payload: {
      approvers: [...approvers],
      rules: opened.requirements.map(({ rule }) => rule),
      risk: risk.tier,
      commit: change?.commit ?? null,
      soleMember,
    },
  });
  if (request.runStatus === 'waiting')
    await runEvent(tx, run, {
      key: `waiting/${ref.step}${opened.keySuffix}`,
      type: 'workflow.waiting',
      briefing: `${run.pipeline} waits for people`,
    });
  return { requirements: opened.requirements, excluded: opened.excluded };
}
