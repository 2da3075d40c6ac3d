import type { Request, Response } from 'express';
import { decodeCursor, pageOf } from '../../db/cursor.js';
import { formatPosition, parsePosition, readEvents, START, type Position } from '../../db/event-feed.js';
import { takeOutsideEvent } from '../../db/outside-events.js';
import { requireProject } from '../../db/project-views.js';
import { requireRunId } from '../../db/run-views.js';
import { BatonError } from '../../domain/errors.js';
import { event, eventPage, eventQuery } from '../../schema/api/event.js';
import { outsideEvent, takenEvent } from '../../schema/api/outside-event.js';
import type { z } from 'zod';
import { identify } from '../authenticate.js';
import type { ApiDeps } from '../deps.js';
import { follow } from '../feed/follow.js';
import { sendEvents, toWireEvent } from '../feed/sse.js';
import { rawRoute, route, type Call } from '../route.js';
import { runParams } from './runs.js';

const tag = 'Events';
/** How often an open stream is asked for its key again. */
const DOOR_MS = 10_000;
/** Of the stream: what each message has as its data. */
const produces = { 'text/event-stream': event, 'application/json': eventPage };
const takes = { 'Last-Event-ID': 'The `id` of the last event that was read: the stream goes on after it' };
type Query = z.output<typeof eventQuery>;

export const eventRoutes = [
  route({
    method: 'post',
    path: '/events',
    id: 'sendEvent',
    tag,
    summary: 'An event of another system: starts the active pipelines that wait for it, once for each id',
    role: 'author',
    scope: 'events:write',
    action: 'event.send',
    body: outsideEvent,
    status: 202,
    response: takenEvent,
    handle: async ({ principal, body: { project, ...event }, write, about }) => {
      about(`event:${event.type}`, { id: event.id });
      const { organisationId, personId, handle } = principal;
      const taken = await write(async (tx) => {
        const { id: projectId } = await requireProject(tx, project);
        return takeOutsideEvent(tx, {
          ...event,
          organisationId,
          projectId,
          source: handle,
          actor: { kind: 'person', id: personId, name: handle },
          asker: principal,
        });
      });
      return { id: event.id, type: event.type, ...taken };
    },
  }),
  rawRoute({
    method: 'get',
    path: '/events',
    id: 'followEvents',
    tag,
    summary: 'Everything that happens, live from now or after Last-Event-ID; as JSON a page, newest first',
    role: 'reader',
    query: eventQuery,
    produces,
    takes,
    serve: (call, deps, req, res) => serveEvents(call, deps, req, res, { from: null, order: 'desc' }),
  }),
  rawRoute({
    method: 'get',
    path: '/runs/:id/events',
    id: 'followRunEvents',
    tag,
    summary:
      'What happened in a run and what happens, from its beginning or after Last-Event-ID; as JSON a page, oldest first',
    role: 'reader',
    params: runParams,
    query: eventQuery,
    produces,
    takes,
    serve: async (call, deps, req, res) => {
      const runId = await call.read((tx) => requireRunId(tx, call.params.id));
      await serveEvents(call, deps, req, res, { from: START, order: 'asc', runId });
    },
  }),
];

interface Stream {
  readonly from: Position | null;
  readonly order: 'asc' | 'desc';
  readonly runId?: string;
}

async function serveEvents(
  call: Call<unknown, Query>,
  deps: ApiDeps,
  req: Request,
  res: Response,
  stream: Stream,
): Promise<void> {
  const { runId } = stream;
  const types = call.query.type;
  if (req.accepts(['text/event-stream', 'application/json']) !== 'text/event-stream' || wantsJson(req)) {
    res.json(await pageOfEvents(call, runId, call.query.order ?? stream.order));
    return;
  }
  const after = lastEventId(req) ?? stream.from;
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, deps.stopping]);
  const { organisationId } = call.principal;
  const events = follow({ db: deps.db, feed: deps.feed, organisationId, filter: { runId, types }, after, signal });
  const door = setInterval(() => void isShutOut(req, deps).then((out) => out && gone.abort()), DOOR_MS);
  try {
    await sendEvents(res, events, deps.metrics, signal);
  } finally {
    clearInterval(door);
  }
}

/** Whether a request's key or session has ended since it came; not while nobody can tell. */
const isShutOut = (req: Request, deps: ApiDeps): Promise<boolean> =>
  identify(req, deps).then(
    () => false,
    (error: unknown) => error instanceof BatonError,
  );

/** A stream is for those who ask for one, and for those who take anything. */
const wantsJson = (req: Request): boolean => (req.get('accept') ?? '').startsWith('application/json');

async function pageOfEvents({ query, read }: Call<unknown, Query>, runId: string | undefined, order: 'asc' | 'desc') {
  const cursor = decodeCursor('events', 'position', query.cursor);
  const place = cursor === null ? undefined : (parsePosition(cursor) ?? undefined);
  const range = order === 'asc' ? { after: place } : { before: place };
  const events = await read((tx) =>
    readEvents(tx, { runId, types: query.type, ...range, order, limit: query.limit + 1 }),
  );
  const { items, next } = pageOf('events', events, query.limit, ({ position }) => formatPosition(position));
  return { items: items.map(toWireEvent), next };
}

function lastEventId(req: Request): Position | null {
  const header = req.get('last-event-id');
  if (header === undefined || header === '') return null;
  const position = parsePosition(header);
  if (!position)
    throw new BatonError(
      'invalid-last-event-id',
      'Last-Event-ID is the `id` of an event of this stream, such as 1234-56.',
    );
  return position;
}
