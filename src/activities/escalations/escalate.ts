import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appendEvent, SYSTEM } from '../../db/events.js';
import { createNotice } from '../../db/notices.js';
import type { Tx } from '../../db/connection.js';
import {
  channelFor,
  durationText,
  type EscalationAction,
  type EscalationActivities,
  type EscalationFacts,
} from '../../domain/escalation.js';
import { fillIn } from '../../domain/notice.js';
import { parseNoticeTemplate, type NoticeTemplate } from '../../schema/escalation.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';
import { pauseAgents } from './pause-agents.js';
import { raisePriority } from './raise-priority.js';

type Request = Parameters<EscalationActivities['escalate']>[0];

/** Does what a level says: its rows in one transaction with the mark that it was reached, then what lies outside. */
export const escalate =
  (deps: ActivityDeps): EscalationActivities['escalate'] =>
  async (request) => {
    const { organisationId, escalationId, actions } = request;
    const { cause, facts } = await persist(deps, organisationId, (tx) =>
      tx.selectFrom('escalations').select(['cause', 'facts']).where('id', '=', escalationId).executeTakeFirstOrThrow(),
    );
    const texts = await textsOf(deps, cause);
    const isReached = await persist(deps, organisationId, (tx) => reach(tx, request, texts));
    if (!isReached) return false;
    const { pullRequestId } = facts;
    if (pullRequestId !== undefined && actions.some(({ kind }) => kind === 'close')) {
      const why = `nobody decided it for ${durationText(request.atMs - request.sinceMs)}`;
      await deps.forge.closePullRequest(organisationId, { pullRequestId, why });
    }
    return true;
  };

async function textsOf({ templatesDirectory }: ActivityDeps, cause: string): Promise<NoticeTemplate> {
  const file = join(templatesDirectory, 'notices', `${cause}.yaml`);
  return parseNoticeTemplate(await readFile(file, 'utf8'), file);
}

/** Whether the level is reached now, or was by an earlier try; not where its cause is gone. */
async function reach(tx: Tx, request: Request, texts: NoticeTemplate): Promise<boolean> {
  const { organisationId, escalationId, level, atMs, sinceMs, actions } = request;
  const row = await tx
    .selectFrom('escalations')
    .select(['cause', 'title', 'project_id as projectId', 'run_id as runId', 'facts', 'status', 'levels'])
    .where('id', '=', escalationId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (row.levels.some((reached) => reached.level === level)) return true;
  if (row.status !== 'open') return false;

  const duration = durationText(atMs - sinceMs);
  const { author, reason } = row.facts;
  const words = { subject: row.title, duration, level: level + 1, author, reason };
  const said = { title: fillIn(texts.title, words), text: fillIn(texts.text, words) };
  const did: string[] = [];
  for (const [index, action] of actions.entries()) {
    did.push(
      await act(tx, action, {
        ...said,
        key: `escalation/${escalationId}/${level}/${index}`,
        organisationId,
        cause: row.cause,
        runId: row.runId,
        facts: row.facts,
        data: { cause: row.cause, since: new Date(sinceMs).toISOString(), level: level + 1 },
      }),
    );
  }
  await tx
    .updateTable('escalations')
    .set({ levels: JSON.stringify([...row.levels, { level, at: new Date().toISOString(), did }]) })
    .where('id', '=', escalationId)
    .execute();
  await appendEvent(tx, {
    organisationId,
    projectId: row.projectId,
    key: `escalation/${escalationId}/${level}`,
    type: 'escalation.raised',
    runId: row.runId,
    actor: SYSTEM,
    briefing: `${said.title}: ${did.join(', ')}`,
    payload: { escalation: escalationId, cause: row.cause, level: level + 1 },
  });
  return true;
}

interface Subject {
  readonly key: string;
  readonly organisationId: string;
  readonly cause: string;
  readonly runId: string | null;
  readonly facts: EscalationFacts;
  readonly title: string;
  readonly text: string;
  readonly data: { readonly cause: string; readonly since: string; readonly level: number };
}

/** Does one action, or its part in the record; says what it did. */
async function act(tx: Tx, action: EscalationAction, subject: Subject): Promise<string> {
  const { key, organisationId, cause, runId, facts, title, text, data } = subject;
  switch (action.kind) {
    case 'notify': {
      const channel = channelFor(action.channel, facts);
      await createNotice(tx, {
        organisationId,
        key,
        channel,
        event: cause,
        runId,
        urgent: action.urgent,
        title,
        text,
        data,
      });
      return `told ${channel}`;
    }
    case 'pause-agents': {
      const names = await pauseAgents(tx, organisationId, facts.agents ?? [], title);
      return names.length === 0 ? 'paused nobody' : `paused ${names.join(' and ')}`;
    }
    case 'raise-priority':
      return raisePriority(tx, organisationId, { runId, taskId: facts.taskId ?? null, why: title });
    case 'close':
      return 'closed it';
  }
}
