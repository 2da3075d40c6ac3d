import { listAudit, verifyAudit } from '../../db/audit-views.js';
import { auditPage, auditQuery, auditVerdict } from '../../schema/api/audit.js';
import { route } from '../route.js';

const tag = 'Audit';

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
