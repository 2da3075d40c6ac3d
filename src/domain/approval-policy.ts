import { explainApproval, type AskedPolicy, type Decision, type OpenApproval, type Requirement } from './approval.js';
import { BatonError } from './errors.js';
import type { ChangeFacts, NamedPolicy, Policies } from './policies.js';
import { holds, type Risk } from './risk.js';
import { suggest } from './suggest.js';

/** What the policies ask for of a change by themselves, with why. */
export function requirementsOf(policies: Policies, change: ChangeFacts, risk: Risk): Requirement[] {
  const rules = risk.reasons.map(({ rule }) => rule);
  const scope = { tier: risk.tier, rules };
  return policies.policies.flatMap((policy) => {
    const rated = risk.reasons.find(({ rule }) => policy.rules?.includes(rule));
    const asks = rated !== undefined || holds(policy, change, scope);
    return asks ? [toRequirement(policy, rated ? `${policy.why} (${rated.why})` : policy.why)] : [];
  });
}

/** What an approval of a pipeline's step asks for: what the step says, and what the policies ask for besides. */
export function requirementsOfStep(
  step: { readonly name: string; readonly policy: AskedPolicy },
  policies: Policies,
  change: ChangeFacts,
  risk: Risk,
): Requirement[] {
  const why = `the pipeline asks at ${step.name}`;
  if (step.policy.kind === 'policies') {
    const asked = requirementsOf(policies, change, risk);
    return asked.length > 0 ? asked : [toRequirement(usualPolicy(policies, risk), why)];
  }
  const own =
    step.policy.kind === 'named'
      ? toRequirement(policyNamed(policies, step.policy.name), why)
      : { ...step.policy, rule: step.name, why: 'the pipeline asks for it' };
  return [own, ...requirementsOf(policies, change, risk).filter(({ rule }) => rule !== own.rule)];
}

export type Moment = 'act' | 'land';

/**
 * What people have to approve before an agent acts, or a change lands, where no step of the pipeline asks for it; nothing
 * where the tier passes on its gates alone.
 */
export function requirementsOfTier(
  moment: Moment,
  policies: Policies,
  change: ChangeFacts,
  risk: Risk,
): readonly Requirement[] {
  if (moment === 'act' && risk.tier !== 'high') return [];
  const asked = requirementsOf(policies, change, risk);
  if (asked.length > 0) return asked;
  const isHeld = (change.held ?? []).length > 0;
  if (moment === 'land' && !isHeld && risk.tier === 'low' && policies.landsAlone === 'low-risk') return [];
  const why = risk.reasons[0]?.why ?? 'nothing lands without a human';
  return [toRequirement(usualPolicy(policies, risk), `risk ${risk.tier}: ${why}`)];
}

/** Who is asked where the tier wants a human and nothing else says who. */
const usualPolicy = (policies: Policies, { tier }: Risk): NamedPolicy =>
  policyNamed(policies, tier === 'high' ? policies.asks.high : policies.asks.medium);

/**
 * Whether people have agreed to this action already, for every reason that makes it risky. What an agent asks for by its
 * registration it asks for each time.
 */
export const isCleared = (risk: Risk, granted: readonly Risk[]): boolean => {
  const known = new Set(granted.flatMap(({ reasons }) => reasons.map(({ rule, why }) => `${rule}/${why}`)));
  return risk.reasons
    .filter(({ tier }) => tier === 'high')
    .every(({ rule, why }) => rule !== 'registered' && known.has(`${rule}/${why}`));
};

/** A policy by its name. Throws `policy-not-found`. */
export function policyNamed({ policies }: Policies, name: string): NamedPolicy {
  const found = policies.find((policy) => policy.name === name);
  if (found) return found;
  const names = policies.map((policy) => policy.name);
  const near = suggest(name, names);
  throw new BatonError(
    'policy-not-found',
    `There is no approval policy ${name}${near ? `; did you mean ${near}?` : `; there are ${names.join(', ')}.`}`,
  );
}

const toRequirement = ({ name, kind, approvers, atLeast }: NamedPolicy, why: string): Requirement => ({
  kind,
  approvers,
  atLeast,
  rule: name,
  why,
});

/** An approval that was given, or is open, as far as it lets a change land. */
export interface GivenApproval extends OpenApproval {
  readonly patchId: string | null;
  readonly decisions: readonly Decision[];
}

export type Landing =
  | { readonly kind: 'may' }
  /** `isVoid`: people approved another change than this one. */
  | { readonly kind: 'asks'; readonly requirements: readonly Requirement[]; readonly isVoid: boolean };

/**
 * Whether a change may land: somebody approved this very change by all that was asked of them then, or nothing is asked.
 * What was asked is frozen in the approval; where none is, it is what the policies ask now.
 */
export function mayLand(
  policies: Policies,
  change: ChangeFacts,
  risk: Risk,
  patchId: string,
  approvals: readonly GivenApproval[],
): Landing {
  const ofThis = approvals.filter((approval) => approval.patchId === patchId);
  const given = ofThis.filter((approval) =>
    explainApproval(approval, approval.decisions).every(({ missing }) => missing === null),
  );
  if (given.length > 0) return { kind: 'may' };
  const requirements = requirementsOfTier('land', policies, change, risk);
  if (requirements.length === 0) return { kind: 'may' };
  return { kind: 'asks', requirements, isVoid: ofThis.length < approvals.length };
}
