import type { JsonObject } from '../../domain/json.js';
import { listAudit, newestAuditId, readAudit, verifyAudit } from '../../db/audit-views.js';
import { auditExportQuery, auditPage, auditQuery, auditVerdict, exportedEntry } from '../../schema/api/audit.js';
import { rawRoute, route } from '../route.js';
import { writeOut } from '../write-out.js';

const tag = 'Audit';
/** What is read from the database at once. */
const EXPORTED_AT_ONCE = 1_000;

export const auditRoutes = [
  route({
    method: 'get',
    path: '/audit',
    id: 'listAudit',
    tag,
    summary: 'Who did what, newest first: writes, refusals, denials',
    role: 'admin',
    query: auditQuery,
    response: auditPage,
    handle: ({ query, read }) => read((tx) => listAudit(tx, query)),
  }),
  rawRoute({
    method: 'get',
    path: '/audit/export',
    id: 'exportAudit',
    tag,
    summary: 'The audit trail as JSON lines, oldest first, up to the entry that says who exported it',
    role: 'admin',
    action: 'audit.export',
    query: auditExportQuery,
    produces: { 'application/x-ndjson': exportedEntry },
    serve: async ({ query, about, read, write }, _deps, req, res) => {
      about('audit:*', { ...query } as JsonObject);
      // The entry about this export stands, however far the reader comes.
      await write(() => Promise.resolve());
      const upTo = await read(newestAuditId);
      res.set({
        'Content-Type': 'application/x-ndjson; charset=utf-8',
        'Content-Disposition': 'attachment; filename="audit.ndjson"',
      });
      if (req.method === 'HEAD') return void res.end();
      for (let after = 0; !res.destroyed;) {
        const from = after;
        const entries = await read((tx) => readAudit(tx, query, { after: from, upTo, limit: EXPORTED_AT_ONCE }));
        const last = entries.at(-1);
        if (!last) break;
        after = last.id;
        await writeOut(res, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      }
      res.end();
    },
  }),
  route({
    method: 'get',
    path: '/audit/verify',
    id: 'verifyAudit',
    tag,
    summary: 'Compute the chain of hashes anew: is every entry there, and as it was written?',
    role: 'admin',
    response: auditVerdict,
    handle: ({ read }) => read(verifyAudit),
  }),
];
