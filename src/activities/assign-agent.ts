import { assignAgent as decide, isApproved } from '../domain/assignment.js';
import type { Candidate } from '../domain/candidate.js';
import { parseEntry } from '../agents/parse-entry.js';
import { BatonError } from '../domain/errors.js';
import type { AgentRef, Plan } from '../domain/plan.js';
import type { RepositoryRef } from '../domain/run-input.js';
import { taskStatusFor } from '../domain/task.js';
import type { AgentStepRequest, AssignedAgent } from '../domain/work.js';
import { roleEntry } from '../schema/agent-entry.js';
import { appendAudit } from '../db/audit.js';
import { candidates } from '../db/candidates.js';
import type { Tx } from '../db/connection.js';
import { firstToSay } from '../db/events.js';
import { overriddenSteps } from '../db/overrides.js';
import { transitionTask } from '../db/tasks.js';
import { heldAgents } from './breakers.js';
import type { ActivityDeps } from './deps.js';
import { stepEvent } from '../db/step-events.js';
import { persist } from './persist.js';
import { changeStep } from './steps.js';

/** Starts an agent's step: says who does it, and moves the task along. */
export const assignAgent =
  (deps: ActivityDeps) =>
  async (request: AgentStepRequest): Promise<AssignedAgent> => {
    const { organisationId } = request.ref.run;
    try {
      return await persist(deps, organisationId, (tx) => assign(deps, tx, request));
    } catch (error) {
      const barred = error instanceof NobodyFree ? error.barred : null;
      if (barred) await persist(deps, organisationId, (tx) => auditBarred(tx, request, barred));
      throw error;
    }
  };

async function assign(deps: ActivityDeps, tx: Tx, request: AgentStepRequest): Promise<AssignedAgent> {
  const { ref, action } = request;
  await changeStep(tx, ref, { status: 'running', input: request.params });
  const { assigned, asked } = await findAgent(tx, request, await heldAgents(deps, tx, ref.run.projectId));
  const { id, name } = assigned;
  await stepEvent(tx, ref, {
    key: request.after === undefined ? 'handoff' : `handoff/${request.after}`,
    type: 'handoff',
    briefing: `handed to ${name}${assigned.for === undefined ? '' : ` for ${asked}`}`,
    payload: { agent: name, action },
  });
  const status = taskStatusFor(action);
  if (status !== null) await transitionTask(tx, ref.run, status, ref.step);
  if (ref.run.taskId !== null) {
    await tx
      .updateTable('tasks')
      .set({ agent_id: id, assigned_at: new Date(), branch: request.branch, required_capability: action })
      .where('id', '=', ref.run.taskId)
      .execute();
  }
  return assigned;
}

/** The step would have had an agent, were it not for the repository. */
async function auditBarred(tx: Tx, { ref, action, after }: AgentStepRequest, barred: Candidate): Promise<void> {
  const { run, step, item } = ref;
  const key = `refusals/${run.runId}/${step}/${item ?? 'step'}/assignment/${after ?? 0}`;
  if (!(await firstToSay(tx, run.organisationId, key))) return;
  await appendAudit(tx, {
    organisationId: run.organisationId,
    actor: { kind: 'agent', id: barred.id, name: barred.name },
    action: 'step.assign',
    resource: `run:${run.runId}`,
    details: { run: run.number, step, ...(item !== null && { item }), action, what: barred.barred ?? null },
    outcome: 'denied',
  });
}

/** Nobody can have the step; `barred`: who would have it, were it about another repository. */
class NobodyFree extends BatonError {
  readonly barred: Candidate | null;

  constructor(message: string, barred: Candidate | null) {
    super('no-agent', message);
    this.barred = barred;
  }
}

/** Gives it to who may have it. Throws `NobodyFree`. */
function pick(
  ref: AgentRef,
  action: string,
  known: readonly Candidate[],
  sameAs: string | null,
  approved: boolean,
  describe: (reason: string) => string,
  held: ReadonlySet<string>,
): Candidate {
  // Who is held back for a while is no reason to fail: its attempt waits. Others that may have the step come first.
  const ready = known.filter(({ id }) => !held.has(id));
  const soon = ref.kind === 'role' || ref.kind === 'any' ? decide(ref, action, ready, sameAs, approved) : null;
  if (soon?.kind === 'assigned') return soon.agent;
  const found = decide(ref, action, known, sameAs, approved);
  if (found.kind === 'assigned') return found.agent;
  const free = known.map((one) => ({ ...one, barred: null }));
  const other = decide(ref, action, free, sameAs, approved);
  const barred = other.kind === 'assigned' ? known.find(({ id }) => id === other.agent.id) : undefined;
  throw new NobodyFree(describe(found.reason), barred ?? null);
}

/** The repository that the step is about; null: none. */
interface InRepository {
  readonly repository: Pick<RepositoryRef, 'name'> | null;
}

/** Who gets a step, and the name of the agent that was asked for it. Throws `no-agent`. */
export async function findAgent(
  tx: Tx,
  {
    ref,
    agent,
    action,
    sameAs,
    repository,
  }: Pick<AgentStepRequest, 'ref' | 'agent' | 'action' | 'sameAs'> & InRepository,
  held: ReadonlySet<string> = new Set(),
): Promise<{ assigned: AssignedAgent; asked: string }> {
  const { runId, projectId } = ref.run;
  const approved =
    isApproved(await planOf(tx, runId), ref.step, await overriddenSteps(tx, runId)) ||
    (await isAgreedTo(tx, runId, ref.step));
  const known = await candidates(tx, projectId, repository?.name ?? null);
  const found = pick(agent, action, known, sameAs, approved, (reason) => `${ref.name}: ${reason}.`, held);
  return {
    assigned: await holderOf(tx, { ref, repository, action, approved }, agent, found, held),
    asked: found.name,
  };
}

/** Whether people agreed that an agent acts in this step. */
async function isAgreedTo(tx: Tx, runId: string, step: string): Promise<boolean> {
  const approval = await tx
    .selectFrom('approvals')
    .select('id')
    .where('run_id', '=', runId)
    .where('step', '=', step)
    .where('purpose', '=', 'act')
    .where('status', '=', 'approved')
    .executeTakeFirst();
  return approval !== undefined;
}

/** The agent itself, or, of one that stands for a role, who holds that and can do what the action comes to. */
async function holderOf(
  tx: Tx,
  {
    ref: { name: step, run },
    repository,
    action,
    approved,
  }: Pick<AgentStepRequest, 'ref' | 'action'> & InRepository & { readonly approved: boolean },
  asked: AgentRef,
  { id, name }: Candidate,
  held: ReadonlySet<string>,
): Promise<AssignedAgent> {
  const known = await tx
    .selectFrom('agents')
    .select(['id', 'adapter', 'entry'])
    .where('project_id', '=', run.projectId)
    .execute();
  const own = known.find((agent) => agent.id === id);
  if (own?.adapter !== 'role') return { id, name, ...(asked.kind === 'role' && { as: asked.role }) };
  const { role, actions } = parseEntry(roleEntry, own.entry, 'role');
  const others = (await candidates(tx, run.projectId, repository?.name ?? null)).filter(
    (other) => known.find((agent) => agent.id === other.id)?.adapter !== 'role',
  );
  const found = pick(
    { kind: 'role', role },
    actions[action] ?? action,
    others,
    null,
    approved,
    (reason) => `${step}: ${reason} (${name} hands its work to the role ${role}).`,
    held,
  );
  return { id: found.id, name: found.name, for: id, as: role };
}

/** The plan that a run walks. */
export const planOf = async (tx: Tx, runId: string): Promise<Plan> =>
  (
    await tx
      .selectFrom('runs as r')
      .innerJoin('pipeline_versions as v', (join) =>
        join.onRef('v.pipeline_id', '=', 'r.pipeline_id').onRef('v.version', '=', 'r.pipeline_version'),
      )
      .select('v.plan')
      .where('r.id', '=', runId)
      .executeTakeFirstOrThrow()
  ).plan;
