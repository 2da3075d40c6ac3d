import type { JsonObject } from '../domain/json.js';
import type { Tx } from './connection.js';
import type { Actor } from './schema.js';

export interface AuditEntry {
  readonly organisationId: string;
  readonly actor: Actor;
  readonly action: string;
  /** `<kind>:<id or name>`. */
  readonly resource: string;
  readonly details?: JsonObject;
  readonly outcome: 'success' | 'failure' | 'denied';
  readonly address?: string | null;
  readonly userAgent?: string | null;
  readonly session?: string | null;
}

/** Appends a row to the organisation's audit chain; the database binds it to the row before by its hash. */
export async function appendAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx
    .insertInto('audit')
    .values({
      organisation_id: entry.organisationId,
      actor: JSON.stringify(entry.actor),
      action: entry.action,
      resource: entry.resource,
      details: JSON.stringify(entry.details ?? {}),
      outcome: entry.outcome,
      address: entry.address ?? null,
      user_agent: entry.userAgent ?? null,
      session: entry.session ?? null,
    })
    .execute();
}
