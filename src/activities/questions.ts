import { appendAudit } from '../db/audit.js';
import { readChecklist } from '../db/checklists.js';
import type { Tx } from '../db/connection.js';
import { openEscalation } from '../db/escalations.js';
import { insertQuestion, questionSubject, settleAgent, settleQuestion, settleRunStatus } from '../db/questions.js';
import { countOf } from '../domain/checklist.js';
import { answerLine, type QuestionActivities } from '../domain/question.js';
import { cutText } from '../domain/text.js';
import type { StepRef } from '../domain/work.js';
import { endAttempt } from './attempt/attempt-record.js';
import type { ActivityDeps } from './deps.js';
import { runEvent, stepEvent } from '../db/step-events.js';
import { persist } from './persist.js';
import { changeStep } from './steps.js';

const MAX_LINE_BYTES = 300;

/** Opens a question: the step waits, the agent too, and where nobody answers that is escalated. */
export const askQuestion =
  (deps: ActivityDeps): QuestionActivities['askQuestion'] =>
  ({ ref, id, question, answerers, by, agent, attempt, workflowId, expiresAtMs }) =>
    persist(deps, ref.run.organisationId, async (tx) => {
      const { organisationId, projectId, runId, number } = ref.run;
      const isNew = await insertQuestion(tx, {
        ...question,
        id,
        organisationId,
        runId,
        step: ref.step,
        item: ref.item,
        attempt,
        agentId: agent?.id ?? null,
        askedBy: by,
        workflowId,
        answerers,
        expiresAt: new Date(expiresAtMs),
      });
      if (!isNew) return;
      const line = cutText(question.text.replace(/\s+/g, ' '), MAX_LINE_BYTES);
      const actor = agent && ({ kind: 'agent', id: agent.id, name: agent.name } as const);
      if (agent && by === 'agent') await endAttempt(tx, { ref, attempt, agent, status: 'asked', error: null });
      if (agent) await settleAgent(tx, agent.id);
      await changeStep(tx, ref, { status: 'waiting' });
      await stepEvent(tx, ref, {
        key: `question/${id}/asked`,
        type: 'question.asked',
        briefing: `${agent && by === 'agent' ? `${agent.name} asks` : 'asks'}: ${line}`,
        ...(actor && by === 'agent' && { actor }),
        payload: { question: id, options: question.options.map(({ name }) => name), answerers: [...answerers] },
      });
      if (actor)
        await stepEvent(tx, ref, {
          key: `question/${id}/blocked`,
          type: 'agent.blocked',
          briefing: `${actor.name} waits for an answer`,
          actor,
          payload: { agent: actor.name, attempt, question: id },
        });
      const items = await readChecklist(tx, ref);
      await openEscalation(tx, {
        organisationId,
        projectId,
        cause: 'agent-blocked',
        subject: questionSubject(id),
        title: `${agent?.name ?? 'Baton'} (#${number} ${ref.name}${items.length === 0 ? '' : `, ${countOf(items)}`})`,
        since: new Date(),
        runId,
        facts: {
          author: ref.run.requestedBy,
          agents: agent ? [agent.id] : [],
          reason: `${line}\nAnswer: baton answer ${id} <option> --reason <why>`,
        },
      });
      await tx
        .updateTable('runs')
        .set({ briefing: `#${number} ${ref.name}: waiting for an answer: ${line}` })
        .where('id', '=', runId)
        .execute();
      await sayWhetherRunWaits(tx, ref, id);
    });

/** Writes an answer with its event and its audit row; the step goes on. */
export const answerQuestion =
  (deps: ActivityDeps): QuestionActivities['answerQuestion'] =>
  ({ ref, id, answer }) =>
    persist(deps, ref.run.organisationId, async (tx) => {
      if (!(await settleQuestion(tx, id, { status: 'answered', answer }))) return;
      const { by, option, text, reason } = answer;
      const actor = { kind: 'person', id: by.id, name: by.handle } as const;
      await stepEvent(tx, ref, {
        key: `question/${id}/answered`,
        type: 'question.answered',
        briefing: `${by.handle} answers: ${cutText(answerLine(answer).replace(/\s+/g, ' '), MAX_LINE_BYTES)}`,
        actor,
        payload: { question: id, option, text, reason },
      });
      await appendAudit(tx, {
        organisationId: ref.run.organisationId,
        actor,
        action: 'question.answer',
        resource: `question:${id}`,
        details: { run: ref.run.number, step: ref.step, item: ref.item, option, text, reason },
        outcome: 'success',
      });
      await goOn(tx, ref, id);
    });

/** Closes a question that nobody answered; its step goes on to its end. */
export const closeQuestion =
  (deps: ActivityDeps): QuestionActivities['closeQuestion'] =>
  ({ ref, id, outcome }) =>
    persist(deps, ref.run.organisationId, async (tx) => {
      if (!(await settleQuestion(tx, id, { status: outcome }))) return;
      await stepEvent(tx, ref, {
        key: `question/${id}/${outcome}`,
        type: 'question.closed',
        briefing: outcome === 'expired' ? 'nobody answered in time' : 'the question is not asked any more',
        payload: { question: id, outcome },
      });
      await goOn(tx, ref, id);
    });

async function goOn(tx: Tx, ref: StepRef, id: string): Promise<void> {
  await changeStep(tx, ref, { status: 'running' });
  await sayWhetherRunWaits(tx, ref, id);
}

async function sayWhetherRunWaits(tx: Tx, { run }: StepRef, id: string): Promise<void> {
  const standing = await settleRunStatus(tx, run.runId);
  if (standing === null) return;
  await runEvent(tx, run, {
    key: `${standing}/${id}`,
    type: standing === 'waiting' ? 'workflow.waiting' : 'workflow.resumed',
    briefing: standing === 'waiting' ? `${run.pipeline} waits for people` : `${run.pipeline} goes on`,
  });
}
