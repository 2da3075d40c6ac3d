import { assignAgent as decide, isApproved, type Candidate } from '../domain/assignment.js';
import { parseEntry } from '../agents/parse-entry.js';
import { BatonError } from '../domain/errors.js';
import type { Plan } from '../domain/plan.js';
import { taskStatusFor } from '../domain/task.js';
import type { AgentStepRequest, AssignedAgent } from '../domain/work.js';
import { roleEntry } from '../schema/agent-entry.js';
import type { Tx } from '../db/connection.js';
import { overriddenSteps } from '../db/overrides.js';
import { transitionTask } from '../db/tasks.js';
import type { ActivityDeps } from './deps.js';
import { stepEvent } from './events.js';
import { persist } from './persist.js';
import { changeStep } from './steps.js';

/** Starts an agent's step: says who does it, and moves the task along. */
export const assignAgent =
  (deps: ActivityDeps) =>
  (request: AgentStepRequest): Promise<AssignedAgent> =>
    persist(deps, request.ref.run.organisationId, async (tx) => {
      const { ref, action } = request;
      await changeStep(tx, ref, { status: 'running', input: request.params });
      const { assigned, asked } = await findAgent(tx, request);
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
    });

/** Who gets a step, and the name of the agent that was asked for it. Throws `no-agent`. */
export async function findAgent(
  tx: Tx,
  { ref, agent, action, sameAs }: Pick<AgentStepRequest, 'ref' | 'agent' | 'action' | 'sameAs'>,
): Promise<{ assigned: AssignedAgent; asked: string }> {
  const { runId, projectId } = ref.run;
  const approved =
    isApproved(await planOf(tx, runId), ref.step, await overriddenSteps(tx, runId)) ||
    (await isAgreedTo(tx, runId, ref.step));
  const assignment = decide(agent, action, await candidates(tx, projectId), sameAs, approved);
  if (assignment.kind === 'nobody') throw new BatonError('no-agent', `${ref.name}: ${assignment.reason}.`);
  return {
    assigned: await holderOf(tx, ref, assignment.agent, action, approved),
    asked: assignment.agent.name,
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
  { name: step, run }: AgentStepRequest['ref'],
  { id, name }: Candidate,
  action: string,
  approved: boolean,
): Promise<AssignedAgent> {
  const known = await tx
    .selectFrom('agents')
    .select(['id', 'adapter', 'entry'])
    .where('project_id', '=', run.projectId)
    .execute();
  const own = known.find((agent) => agent.id === id);
  if (own?.adapter !== 'role') return { id, name };
  const { role, actions } = parseEntry(roleEntry, own.entry, 'role');
  const others = (await candidates(tx, run.projectId)).filter(
    (other) => known.find((agent) => agent.id === other.id)?.adapter !== 'role',
  );
  const found = decide({ kind: 'role', role }, actions[action] ?? action, others, null, approved);
  if (found.kind === 'nobody')
    throw new BatonError('no-agent', `${step}: ${name} is whoever holds the role ${role}: ${found.reason}.`);
  return { id: found.agent.id, name: found.agent.name, for: id };
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

export async function candidates(tx: Tx, projectId: string): Promise<Candidate[]> {
  const agents = await tx
    .selectFrom('agents')
    .select(['id', 'name', 'roles', 'status', 'risk_level as riskLevel'])
    .where('project_id', '=', projectId)
    .execute();
  const capabilities = await tx
    .selectFrom('capabilities as c')
    .innerJoin('agents as a', 'a.id', 'c.agent_id')
    .select(['c.agent_id', 'c.name'])
    .where('a.project_id', '=', projectId)
    .execute();
  return agents.map((agent) => ({
    ...agent,
    capabilities: capabilities.filter(({ agent_id }) => agent_id === agent.id).map(({ name }) => name),
  }));
}
