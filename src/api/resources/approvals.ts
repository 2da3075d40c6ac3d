import { z } from 'zod';
import { getApproval, listApprovals } from '../../db/approval-views.js';
import { requireRunId } from '../../db/run-views.js';
import { waitingApprovals } from '../../db/waiting-approvals.js';
import {
  approval,
  approvalCount,
  approvalPage,
  approvalQuery,
  comment,
  commented,
  decided,
  decision,
} from '../../schema/api/approval.js';
import { uuid } from '../../schema/api/fields.js';
import { decide, discuss } from '../decide.js';
import { route } from '../route.js';

const tag = 'Approvals';
const params = z.object({ id: uuid });

export const approvalRoutes = [
  route({
    method: 'get',
    path: '/approvals',
    id: 'listApprovals',
    tag,
    summary: 'Approvals with the change, what is known of it, and who can decide',
    role: 'reader',
    query: approvalQuery,
    response: approvalPage,
    handle: ({ query: { run, ...filter }, principal, read }) =>
      read(async (tx) =>
        listApprovals(tx, { ...filter, ...(run !== undefined && { run: await requireRunId(tx, run) }) }, principal),
      ),
  }),
  route({
    method: 'get',
    path: '/approvals/count',
    id: 'countApprovals',
    tag,
    summary: 'How many approvals are open, and how many of them wait for you',
    role: 'reader',
    response: approvalCount,
    handle: ({ principal, read }) =>
      read(async (tx) => {
        const { me, others } = await waitingApprovals(tx, principal);
        return { open: me.length + others.length, mine: me.length };
      }),
  }),
  route({
    method: 'get',
    path: '/approvals/:id',
    id: 'getApproval',
    tag,
    summary: 'One approval',
    role: 'reader',
    params,
    response: approval,
    handle: ({ params: { id }, principal, read }) => read((tx) => getApproval(tx, id, principal)),
  }),
  route({
    method: 'post',
    path: '/approvals/:id/decision',
    id: 'decideApproval',
    tag,
    summary:
      'Approve or reject. Where no answer comes in time (503 `decision-unknown`) the same Idempotency-Key can be sent again: it counts once',
    role: 'reviewer',
    action: 'approval.decide',
    params,
    body: decision,
    response: decided,
    handle: (call, deps) => {
      const { decision: verdict, note } = call.body;
      call.about(`approval:${call.params.id}`, { decision: verdict, note: note ?? null });
      return decide(call, call.params.id, { verdict, note: note === '' ? null : (note ?? null) }, deps);
    },
  }),
  route({
    method: 'post',
    path: '/approvals/:id/comments',
    id: 'discussApproval',
    tag,
    summary: 'Say something about an open approval without deciding it; the same Idempotency-Key is the same comment',
    role: 'reviewer',
    action: 'approval.comment',
    params,
    body: comment,
    response: commented,
    handle: (call, deps) => {
      call.about(`approval:${call.params.id}`);
      return discuss(call, call.params.id, call.body.body, deps);
    },
  }),
];
