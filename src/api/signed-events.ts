import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import express, { type RequestHandler } from 'express';
import type { z } from 'zod';
import { appendAudit } from '../db/audit.js';
import { withOrganisation, withRole, type Db, type Tx } from '../db/connection.js';
import { firstToSay } from '../db/events.js';
import { takeOutsideEvent } from '../db/outside-events.js';
import { requireProject } from '../db/project-views.js';
import { BatonError } from '../domain/errors.js';
import { outsideEvent } from '../schema/api/outside-event.js';
import { originOf } from './authenticate.js';
import type { ApiDeps } from './deps.js';
import { parseRequest } from './parse-request.js';
import { readBody } from './serve-route.js';

/** How far a sender's clock may be off, and how long a signature is good. */
const MAX_AGE_MS = 5 * 60_000;

const readBytes = express.raw({ limit: '256kb', inflate: false, type: () => true });

/**
 * Takes events of systems that sign them instead of sending a key: `X-Baton-Signature` is `sha256=` and the HMAC-SHA-256
 * of `<timestamp>.<body>` in hex, by the secret of `X-Baton-Source`. A signature is good once and for five minutes. A
 * request without a signature is left to the route that takes a key.
 */
export const signedEvents =
  (deps: ApiDeps): RequestHandler =>
  async (req, res, next) => {
    const signature = req.get('x-baton-signature');
    if (signature === undefined) {
      next();
      return;
    }
    await readBody(req, res, readBytes);
    const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    const source = req.get('x-baton-source') ?? '';
    verify(deps, { source, signature, timestamp: req.get('x-baton-timestamp') ?? '', bytes });
    req.body = parseJson(bytes);
    const { body } = parseRequest(req, { params: null, query: null, body: outsideEvent });
    const { project, ...event } = body as z.output<typeof outsideEvent>;

    const organisationId = deps.eventSources?.organisation ?? (await onlyOrganisation(deps.db));
    const actor = { kind: 'system', id: null, name: `source ${source}` } as const;
    const taken = await withOrganisation(deps.db, organisationId, async (tx) => {
      await refuseReplay(tx, organisationId, signature);
      const { id: projectId } = await requireProject(tx, project);
      const result = await takeOutsideEvent(tx, { ...event, organisationId, projectId, source, actor, asker: null });
      await appendAudit(tx, {
        organisationId,
        actor,
        action: 'event.send',
        resource: `event:${event.type}`,
        details: { id: event.id, duplicate: result.duplicate, runs: result.runs.map(({ number }) => number) },
        outcome: 'success',
        ...originOf(req),
        session: null,
      });
      return result;
    });
    res.status(202).json({ id: event.id, type: event.type, ...taken });
  };

interface Signed {
  readonly source: string;
  readonly signature: string;
  /** Seconds since the epoch. */
  readonly timestamp: string;
  readonly bytes: Buffer;
}

/** One answer for an unknown source and a wrong signature: who asks learns no names. */
function verify({ eventSources }: ApiDeps, { source, signature, timestamp, bytes }: Signed): void {
  const secret = eventSources?.secrets.get(source.toLowerCase());
  const expected = createHmac('sha256', secret ?? '')
    .update(`${timestamp}.`)
    .update(bytes)
    .digest();
  const given = Buffer.from(/^sha256=([0-9a-f]{64})$/i.exec(signature)?.[1] ?? '', 'hex');
  const isRight = given.length === expected.length && timingSafeEqual(given, expected);
  if (secret === undefined || !isRight)
    throw new BatonError(
      'signature-invalid',
      'The signature is not that of a known source. Sign `<X-Baton-Timestamp>.<body>` with the secret in BATON_EVENT_SOURCE_<NAME>.',
    );
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(Date.now() - seconds * 1000) <= MAX_AGE_MS))
    throw new BatonError(
      'signature-invalid',
      'X-Baton-Timestamp is more than five minutes away from the time here. It is the time of sending in seconds since 1970.',
    );
}

/** A signature that was seen is a request that somebody sends again: a sender that tries again signs anew. */
async function refuseReplay(tx: Tx, organisationId: string, signature: string): Promise<void> {
  const hash = createHash('sha256').update(signature.toLowerCase()).digest('hex');
  if (await firstToSay(tx, organisationId, `event-signature/${hash}`)) return;
  throw new BatonError(
    'event-replayed',
    'This signed request was taken before. To send an event again, sign it with the time of now and the same id.',
  );
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new BatonError('malformed-json', 'The body is not JSON.');
  }
}

/** Whom a signed event is for where the configuration does not say. */
async function onlyOrganisation(db: Db): Promise<string> {
  const rows = await withRole(db, 'baton_lookup', (tx) =>
    tx.selectFrom('people').select('organisation_id as id').distinct().limit(2).execute(),
  );
  if (rows.length === 1) return rows[0]!.id;
  throw new BatonError(
    'organisation-required',
    'There are several organisations: set BATON_EVENTS_ORGANISATION to the id of the one that signed events are for.',
  );
}
