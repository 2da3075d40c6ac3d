import { z } from 'zod';
import { RISK_TIERS, type NamedPolicy, type Policies, type PolicyLayer, type RiskRule } from '../domain/policies.js';
import { glob } from './glob.js';
import { parseYaml } from './parse-yaml.js';
import { refuseCondition } from './rule-expression.js';

const MAX_RULES = 200;

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'is 1 to 60 of a–z, 0–9 and hyphens');
const why = z.string().trim().min(1).max(300);
const list = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(100);
const condition = z
  .string()
  .max(2_000)
  .superRefine((source, context) => {
    const fault = refuseCondition(source);
    if (fault !== null) context.addIssue({ code: 'custom', message: `is no CEL expression: ${fault}` });
  });

const selector = {
  paths: list(glob).optional(),
  labels: list(z.string().min(1).max(100)).optional(),
  actions: list(glob).optional(),
  agents: list(z.string().min(1).max(100)).optional(),
  pipelines: list(z.string().min(1).max(100)).optional(),
  when: condition.optional(),
};
const SELECTORS = Object.keys(selector) as (keyof typeof selector)[];

const riskRule = z
  .strictObject({
    name: name.refine((value) => value !== 'unknown' && value !== 'override', 'is a name of Baton’s own'),
    why,
    tier: z.enum(RISK_TIERS).optional(),
    lowers: z.enum(RISK_TIERS).optional(),
    ...selector,
  })
  .refine(({ tier, lowers }) => (tier === undefined) !== (lowers === undefined), 'has `tier` or `lowers`, one of both')
  .refine((rule) => SELECTORS.some((key) => rule[key] !== undefined), `names nothing: add ${SELECTORS.join(', ')}`)
  .transform(({ tier, lowers, ...rule }): RiskRule =>
    tier === undefined ? { ...rule, kind: 'lowers', tier: lowers! } : { ...rule, kind: 'rates', tier },
  );

const approvers = list(
  z
    .string()
    .transform((text) => text.replace(/^human:\s*/, ''))
    .refine((text) => /^[\w.@-]{1,100}$/.test(text), 'is a handle or a job role, such as dba'),
);

const policy = z
  .strictObject({
    why,
    any: approvers.optional(),
    all: approvers.optional(),
    atLeast: z.int().min(1).max(50).optional(),
    /** Risk rules: it asks where one of them rates the change. */
    rules: list(name).optional(),
    ...selector,
  })
  .refine(({ any, all }) => (any === undefined) !== (all === undefined), 'asks `any` or `all` of some people')
  .refine(({ all, atLeast }) => all === undefined || atLeast === undefined, '`atLeast` goes with `any`');

const policies = z.record(name, policy).transform((named): NamedPolicy[] =>
  Object.entries(named).map(([key, { any, all, atLeast, ...rest }]) => ({
    ...rest,
    name: key,
    kind: all ? 'all' : 'any',
    approvers: [...new Set(all ?? any)],
    atLeast: atLeast ?? 1,
  })),
);

const fields = {
  risk: z.array(riskRule).max(MAX_RULES),
  policies,
  asks: z.strictObject({ medium: name, high: name }),
  landsAlone: z.enum(['nothing', 'low-risk']).default('nothing'),
};

const layer = z.strictObject({
  risk: fields.risk.optional(),
  policies: policies.optional(),
  asks: fields.asks.optional(),
  landsAlone: z.enum(['nothing', 'low-risk']).optional(),
});

/** What an organisation's `policies.yaml` says. Throws `policies-invalid` with every fault and its place. */
export const parsePolicies = (source: string): Policies =>
  parseYaml('policies-invalid', z.strictObject(fields), source, FILE);

/** What a repository's `policies.yaml` says, which need not say everything. Throws `policies-invalid`. */
export const parsePolicyLayer = (source: string): PolicyLayer => parseYaml('policies-invalid', layer, source, FILE);

const FILE = 'policies.yaml';
