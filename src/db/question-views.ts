import { sql } from 'kysely';
import type { Person } from '../domain/approval.js';
import { BatonError } from '../domain/errors.js';
import { refuseAnswerer } from '../domain/question.js';
import type { Viewer } from './approval-views.js';
import { peopleByProject } from './approvals.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type Page, type PageRequest } from './cursor.js';

export interface QuestionFilter extends PageRequest {
  readonly id?: string;
  /** `settled` is any but open. */
  readonly status?: 'open' | 'answered' | 'expired' | 'cancelled' | 'settled' | undefined;
  /** Open ones that wait for the viewer, or for others. */
  readonly waiting?: 'me' | 'others' | undefined;
  /** By when they were asked; the newest first where left out. */
  readonly order?: 'newest' | 'oldest' | undefined;
  /** Id of a run. */
  readonly run?: string;
  /** Id of the agent that cannot go on. */
  readonly agent?: string | undefined;
}

export type QuestionView = ReturnType<typeof toQuestion>;

/** Questions with who may answer them, and what was answered. */
export async function listQuestions(tx: Tx, filter: QuestionFilter, viewer: Viewer): Promise<Page<QuestionView>> {
  const before = decodeCursor('questions', 'uuid', filter.cursor);
  const [direction, beyond] = filter.order === 'oldest' ? (['asc', sql`>`] as const) : (['desc', sql`<`] as const);
  let query = questionRows(tx)
    .orderBy('q.asked_at', direction)
    .orderBy('q.id', direction)
    .limit(filter.limit + 1);
  if (before !== null)
    query = query.where(
      sql<boolean>`(q.asked_at, q.id) ${beyond} (select b.asked_at, b.id from questions b where b.id = ${before}::uuid)`,
    );
  if (filter.id !== undefined) query = query.where('q.id', '=', filter.id);
  if (filter.run !== undefined) query = query.where('q.run_id', '=', filter.run);
  if (filter.agent !== undefined) query = query.where('q.agent_id', '=', filter.agent);
  if (filter.status === 'settled') query = query.where('q.status', '<>', 'open');
  else if (filter.status) query = query.where('q.status', '=', filter.status);
  if (filter.waiting) {
    const ids = (await waitingQuestions(tx, viewer))[filter.waiting];
    query = query.where((eb) => eb('q.id', '=', eb.fn.any(eb.val(ids))));
  }
  const page = pageOf('questions', await query.execute(), filter.limit, ({ id }) => id);
  const people = peopleByProject(tx);
  const items: QuestionView[] = [];
  for (const row of page.items) items.push(toQuestion(row, await people(row.projectId), viewer));
  return { items, next: page.next };
}

/** One question. Throws `question-not-found`. */
export async function getQuestion(tx: Tx, id: string, viewer: Viewer): Promise<QuestionView> {
  const { items } = await listQuestions(tx, { id, limit: 1 }, viewer);
  if (!items[0]) throw new BatonError('question-not-found', `There is no question ${id}.`);
  return items[0];
}

/** Whom the open questions wait for, as ids. */
export async function waitingQuestions(
  tx: Tx,
  viewer: Viewer,
): Promise<{ readonly me: readonly string[]; readonly others: readonly string[] }> {
  const open = await tx
    .selectFrom('questions as q')
    .innerJoin('runs as r', 'r.id', 'q.run_id')
    .select(['q.id', 'q.answerers', 'r.project_id as projectId'])
    .where('q.status', '=', 'open')
    .execute();
  const people = peopleByProject(tx);
  const me: string[] = [];
  const others: string[] = [];
  for (const { id, answerers, projectId } of open)
    (refusalOf(answerers, await people(projectId), viewer) === null ? me : others).push(id);
  return { me, others };
}

function refusalOf(answerers: readonly string[], people: readonly Person[], viewer: Viewer) {
  const self = people.find(({ id }) => id === viewer.personId);
  return self && viewer.role !== 'reader'
    ? refuseAnswerer(answerers, self)
    : { code: 'role-too-low', message: 'Your role may only look' };
}

const questionRows = (tx: Tx) =>
  tx
    .selectFrom('questions as q')
    .innerJoin('runs as r', 'r.id', 'q.run_id')
    .innerJoin('pipelines as p', 'p.id', 'r.pipeline_id')
    .innerJoin('people as who', 'who.id', 'r.requested_by')
    .innerJoin('steps as s', (join) =>
      join.onRef('s.run_id', '=', 'q.run_id').onRef('s.step', '=', 'q.step').on('s.item', 'is', null),
    )
    .leftJoin('agents as a', 'a.id', 'q.agent_id')
    .leftJoin('people as answerer', 'answerer.id', 'q.answered_by')
    .leftJoin('repositories as home', 'home.id', 'r.repository_id')
    .leftJoin('issues as i', 'i.id', 'r.issue_id')
    .select([
      'q.id',
      'q.run_id as runId',
      'q.step',
      'q.item',
      'q.attempt',
      'q.asked_by as askedBy',
      'q.text',
      'q.options',
      'q.recommended',
      'q.free_text as freeText',
      'q.answerers',
      'q.status',
      'q.asked_at as askedAt',
      'q.expires_at as expiresAt',
      'q.settled_at as settledAt',
      'q.answer',
      'q.answer_text as answerText',
      'q.reason',
      'answerer.handle as answeredBy',
      'r.number',
      'r.project_id as projectId',
      'p.name as pipeline',
      'home.name as repository',
      'i.number as issueNumber',
      'i.title as issueTitle',
      'who.handle as requestedBy',
      's.name as stepName',
      'a.name as agent',
    ]);

type QuestionRow = Awaited<ReturnType<ReturnType<typeof questionRows>['execute']>>[number];

const toQuestion = (row: QuestionRow, people: readonly Person[], viewer: Viewer) => ({
  id: row.id,
  run: {
    id: row.runId,
    number: row.number,
    pipeline: row.pipeline,
    repository: row.repository,
    issue: row.issueNumber === null ? null : { number: row.issueNumber, title: row.issueTitle ?? '' },
    requestedBy: row.requestedBy,
  },
  step: { id: row.step, name: row.stepName, item: row.item },
  attempt: row.attempt,
  askedBy: row.askedBy,
  agent: row.agent,
  text: row.text,
  options: row.options.map(({ name, says }) => ({ name, says })),
  recommended: row.recommended,
  freeText: row.freeText,
  answerers: row.answerers,
  canAnswer: people
    .filter((person) => refuseAnswerer(row.answerers, person) === null)
    .map(({ handle }) => handle)
    .sort(),
  refusal: refusalOf(row.answerers, people, viewer),
  status: row.status,
  answer:
    row.answeredBy === null
      ? null
      : { by: row.answeredBy, option: row.answer, text: row.answerText, reason: row.reason },
  askedAt: row.askedAt,
  expiresAt: row.expiresAt,
  settledAt: row.settledAt,
});
