import picomatch from 'picomatch';
import type { RiskLevel } from './catalogue.js';
import { isTruthy } from './expression.js';
import { hasLabel } from './label.js';
import {
  evaluatePolicy,
  RISK_TIERS,
  type ChangeFacts,
  type Policies,
  type PolicyScope,
  type RiskRule,
  type RiskTier,
  type Selector,
} from './policies.js';

/** Why a tier was given. */
export interface RiskReason {
  /** Name of the rule; `unknown` where no rule knows the case, `files.approval` where an agent's permissions say so, `registered` as its agent is, `override` where a person set it. */
  readonly rule: string;
  readonly tier: RiskTier;
  readonly why: string;
}

export interface Risk {
  readonly tier: RiskTier;
  /** Those that decided it first. */
  readonly reasons: readonly RiskReason[];
}

/** The tier that a person set, with a reason. */
export interface RiskOverride {
  readonly tier: RiskTier;
  readonly by: string;
  readonly reason: string;
  /** It was given to an earlier run of the same: it may raise the risk, and lowers none. */
  readonly onlyRaises?: boolean;
}

const rank = (tier: RiskTier): number => RISK_TIERS.indexOf(tier);
const NO_RISK = { tier: 'low', rules: [] } as const;

/**
 * The risk of a change that is to land: that of its riskiest path, raised by whatever else is known of it. The first rule
 * that names a path rates it; a path that no rule knows is of high risk, and so is a change that nobody knows, or one of
 * files that its agents change only if people approve it.
 */
export function riskOfChange(policies: Policies, change: ChangeFacts, override: RiskOverride | null = null): Risk {
  const pathRules = policies.risk.filter(rates).filter(({ paths }) => paths);
  const reasons =
    change.paths === null
      ? [unknown('which files it changes is not known')]
      : change.paths.map((path) => ratePath(pathRules, path, change) ?? unknown(`no rule knows ${path}`));
  const other = policies.risk
    .filter(rates)
    .filter((rule) => !rule.paths && !rule.actions && holds(rule, change))
    .map(reasonOf);
  return conclude(policies, change, [...reasons, ...other, ...heldReasons(change)], override);
}

/** What is known of an action besides the rules. */
export interface KnownAction {
  readonly looksOnly: boolean;
  /** How those who do it are registered; null: the action is none of an agent's own. */
  readonly declared: RiskLevel | null;
}

/**
 * The risk of what an agent is about to do. To look is of low risk. Otherwise the first rule that names the action rates
 * it, or how its agent is registered, raised by what else is known: the change so far, labels, the agent.
 */
export function riskOfAction(
  policies: Policies,
  change: ChangeFacts,
  { looksOnly, declared }: KnownAction,
  override: RiskOverride | null = null,
): Risk {
  if (looksOnly) return { tier: 'low', reasons: [{ rule: 'read-only', tier: 'low', why: 'it changes nothing' }] };
  const rules = policies.risk.filter(rates);
  const action = rules.find((rule) => rule.actions && !rule.paths && holds(rule, change));
  const pathRules = rules.filter(({ paths }) => paths);
  const reasons = [
    action ? reasonOf(action) : (declaredAs(declared) ?? unknown(`no rule knows ${change.actions.join(', ')}`)),
    ...(change.paths ?? []).flatMap((path) => ratePath(pathRules, path, change) ?? []),
    ...rules.filter((rule) => !rule.paths && !rule.actions && holds(rule, change)).map(reasonOf),
  ];
  return conclude(policies, change, reasons, override);
}

type RatingRule = RiskRule & { readonly kind: 'rates' };
const rates = (rule: RiskRule): rule is RatingRule => rule.kind === 'rates';
const reasonOf = ({ name, tier, why }: RiskRule): RiskReason => ({ rule: name, tier, why });
const unknown = (why: string): RiskReason => ({ rule: 'unknown', tier: 'high', why });

const heldReasons = ({ held = [] }: ChangeFacts): RiskReason[] =>
  held.map(({ file, glob, from }) => ({
    rule: 'files.approval',
    tier: 'high',
    why: `an agent changes it only if people approve it (${glob}, ${from}): ${file}`,
  }));

const declaredAs = (level: RiskLevel | null): RiskReason | null =>
  level && {
    rule: 'registered',
    tier: level === 'AUTO' ? 'medium' : 'high',
    why: `its agent is registered as ${level}`,
  };

function ratePath(rules: readonly RatingRule[], path: string, change: ChangeFacts): RiskReason | null {
  const rule = rules.find((one) => holds(one, { ...change, paths: [path] }));
  return rule ? { ...reasonOf(rule), why: `${rule.why}: ${path}` } : null;
}

function conclude(
  policies: Policies,
  change: ChangeFacts,
  found: readonly RiskReason[],
  override: RiskOverride | null,
): Risk {
  const rated = found.toSorted((one, other) => rank(other.tier) - rank(one.tier));
  const tier = rated[0]?.tier ?? 'low';
  const reasons = [...new Map(rated.map((reason) => [`${reason.rule}/${reason.why}`, reason])).values()];
  if (override && !(override.onlyRaises && rank(override.tier) <= rank(tier))) {
    const why = `${override.by} set it: ${override.reason}`;
    return { tier: override.tier, reasons: [{ rule: 'override', tier: override.tier, why }, ...reasons] };
  }
  const lower = policies.risk
    .filter((rule) => rule.kind === 'lowers' && rank(rule.tier) < rank(tier) && holds(rule, change))
    .toSorted((one, other) => rank(one.tier) - rank(other.tier))[0];
  return lower ? { tier: lower.tier, reasons: [reasonOf(lower), ...reasons] } : { tier, reasons };
}

/** Whether all that a selector names holds of the change; one that names nothing does not. */
export function holds(selector: Selector, change: ChangeFacts, risk: PolicyScope['risk'] = NO_RISK): boolean {
  const { paths, labels, actions, agents, pipelines, when } = selector;
  const checks = [
    paths && (change.paths ?? []).some(matcher(paths)),
    labels && change.labels.some((label) => hasLabel(labels, label)),
    actions && change.actions.some(matcher(actions)),
    agents && change.agents.some((agent) => agents.includes(agent)),
    pipelines?.includes(change.pipeline),
    when === undefined ? undefined : isTruthy(evaluatePolicy(when, { change, risk })),
  ].filter((check) => check !== undefined);
  return checks.length > 0 && checks.every(Boolean);
}

const compiled = new WeakMap<readonly string[], (text: string) => boolean>();

function matcher(globs: readonly string[]): (text: string) => boolean {
  const known = compiled.get(globs);
  if (known) return known;
  const matches = picomatch([...globs], { dot: true });
  compiled.set(globs, matches);
  return matches;
}
