import { sql } from 'kysely';
import type { JsonObject } from '../domain/json.js';
import { redact } from '../telemetry/redact.js';
import { withRole, type Db, type Tx } from './connection.js';
import { SYSTEM } from './events.js';
import type { Actor } from './schema.js';

/** Where an act came from. */
export interface Origin {
  readonly address: string | null;
  readonly userAgent: string | null;
  /** Id of the key or session that it was done with. */
  readonly session: string | null;
}

export interface AuditEntry extends Partial<Origin> {
  readonly organisationId: string;
  readonly actor: Actor;
  readonly action: string;
  /** `<kind>:<id or name>`. */
  readonly resource: string;
  readonly details?: JsonObject;
  /** `unknown`: nobody could say in time whether it was done. */
  readonly outcome: 'success' | 'failure' | 'denied' | 'unknown';
}

/**
 * Appends a row to the organisation's audit chain; the database binds it to the row before by its hash. What is a secret
 * by its looks does not get in: nothing could take it out again.
 */
export async function appendAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx
    .insertInto('audit')
    .values({
      organisation_id: entry.organisationId,
      actor: JSON.stringify(entry.actor),
      action: entry.action,
      resource: entry.resource,
      details: JSON.stringify(redact(entry.details ?? {})),
      outcome: entry.outcome,
      address: entry.address ?? null,
      user_agent: entry.userAgent ?? null,
      session: entry.session ?? null,
    })
    .execute();
}

/** The action of the entry that says which older ones were taken out. */
export const AUDIT_EXPIRED = 'audit.expired';

/**
 * Takes out what is older, in every organisation, and says so in its chain: the entry names the hash of the newest that
 * went, where the rest begins, so that what is left can still be verified. Returns how many went.
 */
export function expireAudit(db: Db, before: Date): Promise<number> {
  return withRole(db, 'baton_retention', async (tx) => {
    let expired = 0;
    for (const { id } of await tx.selectFrom('organisations').select('id').orderBy('id').execute())
      expired += await expireChain(tx, id, before);
    return expired;
  });
}

async function expireChain(tx: Tx, organisationId: string, before: Date): Promise<number> {
  const entries = tx.selectFrom('audit').where('organisation_id', '=', organisationId);
  // From the beginning to the first that stays, whatever the clock did meanwhile.
  const { kept } = await entries
    .select((eb) => eb.fn.min<number | null>('id').as('kept'))
    .where('at', '>=', before)
    .executeTakeFirstOrThrow();
  const last = await entries
    .select(['id', 'at', sql<string>`encode(hash, 'hex')`.as('hash')])
    .where('at', '<', before)
    .$if(kept !== null, (query) => query.where('id', '<', kept!))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!last) return 0;
  const { id, at, hash } = last;
  await appendAudit(tx, {
    organisationId,
    actor: SYSTEM,
    action: AUDIT_EXPIRED,
    resource: `audit:${id}`,
    details: { before: before.toISOString(), throughId: id, throughAt: at.toISOString(), throughHash: hash },
    outcome: 'success',
  });
  const { numDeletedRows } = await tx
    .deleteFrom('audit')
    .where('organisation_id', '=', organisationId)
    .where('id', '<=', id)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
