import { z } from 'zod';
import { json, line, time } from './fields.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

const OUTCOMES = ['success', 'failure', 'denied', 'unknown'] as const;

const entryFields = {
  id: z.int(),
  at: time,
  actor: z.object({ kind: z.enum(['person', 'agent', 'system']), id: z.string().nullable(), name: z.string() }),
  action: z.string(),
  resource: z.string(),
  details: z.record(z.string(), json),
  outcome: z.enum(OUTCOMES).describe('`unknown`: no answer came in time; it may have been done'),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  session: z.string().nullable(),
  hash: z.string(),
};
export const auditEntry = named('AuditEntry', z.object(entryFields));
export const auditPage = named('AuditPage', page(auditEntry));

/** A line of the export. */
export const exportedEntry = named(
  'ExportedAuditEntry',
  z.object({
    ...entryFields,
    previousHash: z.string().nullable().describe('Hash of the entry before it, which its own is made of'),
  }),
);

const filter = {
  actor: line(100).optional(),
  action: line(100).optional(),
  resource: line(300).optional(),
  outcome: z.enum(OUTCOMES).optional(),
};
export const auditQuery = z.strictObject({ ...pageQuery, ...filter });
export const auditExportQuery = z.strictObject(filter);

export const auditVerdict = named(
  'AuditVerdict',
  z.object({
    intact: z.boolean(),
    entries: z.int(),
    broken: z
      .object({ id: z.int(), at: time, why: z.string() })
      .nullable()
      .describe('The first entry that does not fit'),
    head: z.string().nullable().describe('Hash of the newest entry'),
  }),
);
