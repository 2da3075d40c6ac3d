import { Environment } from '@marcbachmann/cel-js';
import type { ApprovalPolicy } from './approval.js';
import { createEvaluator } from './expression.js';
import type { Json } from './json.js';
import type { HeldFile } from './permissions.js';

/** Low passes on its gates alone; medium asks a human before it lands; high asks before an agent acts, too. */
export const RISK_TIERS = ['low', 'medium', 'high'] as const;
export type RiskTier = (typeof RISK_TIERS)[number];

/** What of a change a rule or a policy looks at: all that is named has to hold, of a list one is enough. */
export interface Selector {
  /** Globs of changed paths. */
  readonly paths?: readonly string[] | undefined;
  readonly labels?: readonly string[] | undefined;
  /** Globs of actions, such as `deploy.*`. */
  readonly actions?: readonly string[] | undefined;
  /** Names of agents. */
  readonly agents?: readonly string[] | undefined;
  /** Names of pipelines. */
  readonly pipelines?: readonly string[] | undefined;
  /** A CEL expression over `change`; of a policy over `risk` as well. */
  readonly when?: string | undefined;
}

export type RiskRule = Selector & {
  readonly name: string;
  readonly why: string;
} & (
    | { readonly kind: 'rates'; readonly tier: RiskTier }
    /** Lowers to this tier what is rated higher. */
    | { readonly kind: 'lowers'; readonly tier: RiskTier }
  );

/** A policy that approvals can name. One with a selector also asks by itself, wherever that holds. */
export interface NamedPolicy extends ApprovalPolicy, Selector {
  readonly name: string;
  readonly why: string;
  /** Risk rules: it asks where one of them rates the change. */
  readonly rules?: readonly string[] | undefined;
}

/** What `policies.yaml` says. */
export interface Policies {
  readonly risk: readonly RiskRule[];
  readonly policies: readonly NamedPolicy[];
  /** Names of the policies that are asked where a tier wants a human and nothing else names one. */
  readonly asks: { readonly medium: string; readonly high: string };
  /** Which changes may land on a protected branch without a human (R5.8): none, or those of low risk. */
  readonly landsAlone: 'nothing' | 'low-risk';
}

/** What a repository's own file says: it need not say everything. */
export type PolicyLayer = { readonly [K in keyof Policies]?: Policies[K] | undefined };

/** A repository's rules come before the organisation's, its policies take the place of those of the same name. */
export function layerPolicies(organisation: Policies, repository: PolicyLayer | null): Policies {
  if (!repository) return organisation;
  const own = repository.policies ?? [];
  const names = new Set(own.map(({ name }) => name));
  return {
    risk: [...(repository.risk ?? []), ...organisation.risk],
    policies: [...own, ...organisation.policies.filter(({ name }) => !names.has(name))],
    asks: repository.asks ?? organisation.asks,
    landsAlone: repository.landsAlone ?? organisation.landsAlone,
  };
}

/** What rules and policies see of a change, or of what an agent is about to do. */
export interface ChangeFacts {
  readonly repository: string | null;
  readonly pipeline: string;
  readonly labels: readonly string[];
  /** Of the step that is about to act, or of those that made the change. */
  readonly actions: readonly string[];
  readonly agents: readonly string[];
  /** Changed paths; null where nobody knows them. */
  readonly paths: readonly string[] | null;
  readonly additions: number;
  readonly deletions: number;
  /** Findings that stand, by severity. */
  readonly findings: {
    readonly critical: number;
    readonly high: number;
    readonly medium: number;
    readonly low: number;
  };
  readonly requestedBy: string;
  /** Changed files that its agents may change only if people approve it; left out: none. */
  readonly held?: readonly HeldFile[];
}

export interface PolicyScope {
  readonly change: ChangeFacts;
  readonly risk: { readonly tier: RiskTier; readonly rules: readonly string[] };
}

/** Where the conditions of policies are checked and evaluated: no clock, no random, nothing but the change. */
export const policyEnvironment = new Environment({ homogeneousAggregateLiterals: false })
  .registerVariable('change', 'dyn')
  .registerVariable('risk', 'dyn');

/** The value of a policy's CEL expression. Throws `expression-failed`, which names it. */
export const evaluatePolicy: (expression: string, scope: PolicyScope) => Json = createEvaluator(policyEnvironment);
