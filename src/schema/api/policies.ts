import { z } from 'zod';
import { RISK_TIERS } from '../../domain/policies.js';
import { name, projectQuery, time, uuid } from './fields.js';
import { named } from './named.js';

const MAX_SOURCE = 128 * 1024;

const policyVersion = z.object({
  id: uuid,
  version: z.int(),
  repository: z.string().nullable().describe('Null: the organisation’s own'),
  status: z.enum(['proposed', 'active', 'superseded', 'rejected']).describe('A proposed one holds when it is approved'),
  reason: z.string(),
  source: z.string().describe('`policies.yaml` as it was proposed'),
  proposedBy: z.string(),
  proposedAt: time,
  decidedBy: z.string().nullable(),
  decidedAt: time.nullable(),
  note: z.string().nullable(),
  soleMember: z.boolean().describe('Nobody else could approve it, so who proposed it did'),
});

export const policiesQuery = projectQuery.extend({
  repository: name.optional().describe('Left out: those of the organisation'),
});

const texts = z.array(z.string()).optional();
const selector = {
  paths: texts,
  labels: texts,
  actions: texts,
  agents: texts,
  pipelines: texts,
  when: z.string().optional(),
};

/** What a repository's file and its organisation's say together. */
const holding = z.object({
  risk: z
    .array(
      z.object({
        name: z.string(),
        kind: z.enum(['rates', 'lowers']),
        tier: z.enum(RISK_TIERS),
        why: z.string(),
        ...selector,
      }),
    )
    .describe('In their order: the first that names a path rates it'),
  policies: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['any', 'all']),
      approvers: z.array(z.string()).describe('Handles and job roles'),
      atLeast: z.int(),
      why: z.string(),
      rules: texts.describe('It asks by itself where one of these risk rules rates the change'),
      ...selector,
    }),
  ),
  asks: z.object({ medium: z.string(), high: z.string() }),
  landsAlone: z.enum(['nothing', 'low-risk']),
});

const owner = z.object({
  repository: z.string().nullable().describe('Null: the organisation’s own'),
  active: z.int().nullable().describe('The version that holds'),
  proposed: z.int().describe('How many versions wait for an approval'),
});

export const policies = named(
  'Policies',
  z.object({
    holds: holding.describe('What holds: of a repository with what the organisation says'),
    owners: z.array(owner).describe('Each whose policies.yaml has a version'),
    shipped: z.string().describe('What holds where the organisation has none of its own'),
    versions: z.array(policyVersion).describe('The newest first'),
  }),
);

export const newPolicies = named(
  'NewPolicies',
  z.strictObject({
    source: z.string().min(1).max(MAX_SOURCE).describe('`policies.yaml`; a repository’s need not say everything'),
    repository: name.nullish().describe('Left out: the organisation’s own'),
    reason: z.string().trim().min(1).max(1000),
  }),
);
export const proposedPolicies = named('ProposedPolicies', z.object({ id: uuid }));

export const policiesDecision = named(
  'PoliciesDecision',
  z.strictObject({ decision: z.enum(['approve', 'reject']), note: z.string().trim().max(4000).nullish() }),
);
export const decidedPolicies = named(
  'DecidedPolicies',
  z.object({ id: uuid, decision: z.enum(['approve', 'reject']) }),
);
