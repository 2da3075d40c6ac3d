import { z } from 'zod';
import { RISK_TIERS } from '../../domain/policies.js';
import { RUN_STATUSES } from '../../domain/run-state.js';
import { line, time, uuid } from './fields.js';
import { finding, gateResult } from './gate.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

const APPROVAL_STATUSES = ['open', 'approved', 'rejected', 'expired', 'cancelled'] as const;

const person = z.object({
  id: uuid,
  handle: z.string(),
  roles: z.array(z.string()).describe('Job roles in the project'),
  inPlaceOf: z
    .array(z.string())
    .describe('Handles of those who are away and whose decisions are handed to this person'),
  awayUntil: time.nullable(),
});

const tier = z.enum(RISK_TIERS);
export const risk = named(
  'Risk',
  z.object({
    tier,
    reasons: z.array(z.object({ rule: z.string().describe('Rule of policies.yaml'), tier, why: z.string() })),
  }),
);

const requirement = z.object({
  rule: z.string().describe('Policy, or step, that asks for it'),
  why: z.string(),
  kind: z.enum(['any', 'all']),
  approvers: z.array(z.string()).describe('Handles and job roles'),
  atLeast: z.int(),
  by: z.array(z.string()).describe('Handles of those whose yes counts for it'),
  missing: z.string().nullable().describe('What it still needs'),
  canSatisfy: z.array(z.string()).describe('Handles of those who can still say yes'),
});

/** What is decided on, and what is known of it. */
const change = z.object({
  repository: z.string(),
  base: z.string().nullable(),
  commit: z.string().nullable(),
  patchId: z.string().nullable().describe('`git patch-id` of the change: what an approval is bound to'),
  branch: z.string().nullable(),
  pullRequest: z.int().nullable(),
  gates: z.array(gateResult).describe('Newest result of each gate'),
  findings: z.array(finding),
});

export const approval = named(
  'Approval',
  z.object({
    id: uuid,
    run: z.object({
      id: uuid,
      number: z.int(),
      status: z.enum(RUN_STATUSES),
      paused: z.boolean(),
      briefing: z.string().describe('Where it stands now'),
      pipeline: z.string(),
      repository: z.string().nullable(),
      issue: z.object({ number: z.int(), title: z.string() }).nullable(),
      requestedBy: z.string(),
    }),
    step: z.object({ id: z.string(), name: z.string() }),
    status: z.enum(APPROVAL_STATUSES),
    purpose: z
      .enum(['step', 'act', 'land'])
      .describe('What it lets happen: a step that the pipeline has for it, an agent that acts, a change that lands'),
    risk: risk.nullable(),
    requirements: z.array(requirement),
    missing: z.string().nullable().describe('What an open approval still needs'),
    soleMember: z.boolean().describe('Only owners of the change could decide, so they may'),
    excluded: z.array(z.string()).describe('Handles of owners of the change, who may not decide'),
    canDecide: z.array(person).describe('Who can still decide it'),
    refusal: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .describe('Why you cannot decide it; null when you can'),
    decisions: z.array(
      z.object({
        by: z.string(),
        inPlaceOf: z.array(z.string()).describe('Who was away when it was decided'),
        verdict: z.enum(['approve', 'reject']),
        note: z.string().nullable(),
        at: time,
      }),
    ),
    comments: z.array(z.object({ by: z.string(), body: z.string(), at: time })),
    change: change.nullable(),
    requestedAt: time,
    expiresAt: time.nullable(),
    settledAt: time.nullable(),
  }),
);
export const approvalPage = named('ApprovalPage', page(approval));

export const approvalQuery = z.strictObject({
  ...pageQuery,
  status: z
    .enum([...APPROVAL_STATUSES, 'settled'])
    .optional()
    .describe('`settled`: any but open, the last settled first'),
  waiting: z.enum(['me', 'others']).optional().describe('Open ones that you can decide, or that you cannot'),
  order: z
    .enum(['newest', 'oldest', 'risk'])
    .default('newest')
    .describe('`risk`: the riskiest, of those the oldest first'),
  run: line(300).optional().describe('Id, number or workflow id of a run'),
});

export const approvalCount = named(
  'ApprovalCount',
  z.object({ open: z.int(), mine: z.int().describe('Open ones that you can decide') }),
);

export const decision = named(
  'Decision',
  z.strictObject({
    decision: z.enum(['approve', 'reject']),
    note: z.string().trim().max(4000).nullish(),
  }),
);

export const comment = named('Comment', z.strictObject({ body: z.string().trim().min(1).max(4000) }));
export const commented = named('Commented', z.object({ approval: uuid }));

export const decided = named(
  'Decided',
  z.object({
    approval: uuid,
    decision: z.enum(['approve', 'reject']),
    state: z.enum(['open', 'approved', 'rejected']),
    missing: z.string().nullable(),
  }),
);
