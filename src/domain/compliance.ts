/** How bad it is to break a rule: an ERROR is what the standard asks for, a WARNING what it advises. */
export type ViolationSeverity = 'ERROR' | 'WARNING';

/** A rule that applies to a repository, with what came of it. */
export interface CheckedRule {
  readonly id: string;
  readonly standard: string;
  /** The clause of the standard. */
  readonly reference: string;
  readonly title: string;
  readonly severity: ViolationSeverity;
  readonly remediation: string;
  readonly holds: boolean;
  /** Where it is broken, as `path` or `path:line`; empty where that is no place. */
  readonly places: readonly string[];
}

export interface Violation {
  readonly rule: string;
  readonly standard: string;
  readonly reference: string;
  readonly severity: ViolationSeverity;
  readonly message: string;
  readonly location: string | null;
  readonly remediation: string;
}

/** What the rules that hold weigh, of all that apply. */
export interface ComplianceWeight {
  readonly held: number;
  readonly all: number;
}

export interface Compliance {
  /** Whether no ERROR was found. */
  readonly compliant: boolean;
  /** 0 to 100. */
  readonly score: number;
  readonly weight: ComplianceWeight;
  readonly standards: readonly { readonly standard: string; readonly score: number; readonly violations: number }[];
  /** Errors first, else in the order of the rules. */
  readonly violations: readonly Violation[];
}

const WEIGHT: Readonly<Record<ViolationSeverity, number>> = { ERROR: 3, WARNING: 1 };
const MAX_PLACES = 3;

/**
 * The score: 100 times the weight of the rules that hold by that of all that apply, rounded down; an ERROR rule weighs 3,
 * a WARNING rule 1. Where no rule applies it is 100.
 */
export const complianceScore = ({ held, all }: ComplianceWeight): number =>
  all === 0 ? 100 : Math.floor((100 * held) / all);

/** The weight of several repositories together, from which their common score comes. */
export const sumWeights = (weights: readonly ComplianceWeight[]): ComplianceWeight =>
  weights.reduce((sum, { held, all }) => ({ held: sum.held + held, all: sum.all + all }), { held: 0, all: 0 });

export function judgeCompliance(rules: readonly CheckedRule[]): Compliance {
  const violations = rules
    .filter(({ holds }) => !holds)
    .toSorted((one, other) => WEIGHT[other.severity] - WEIGHT[one.severity])
    .map(toViolation);
  const weight = weigh(rules);
  const standards = [...new Set(rules.map(({ standard }) => standard))].map((standard) => {
    const own = rules.filter((rule) => rule.standard === standard);
    return { standard, score: complianceScore(weigh(own)), violations: own.filter(({ holds }) => !holds).length };
  });
  return {
    compliant: violations.every(({ severity }) => severity !== 'ERROR'),
    score: complianceScore(weight),
    weight,
    standards,
    violations,
  };
}

const weigh = (rules: readonly CheckedRule[]): ComplianceWeight =>
  sumWeights(rules.map(({ severity, holds }) => ({ held: holds ? WEIGHT[severity] : 0, all: WEIGHT[severity] })));

const toViolation = ({ id, standard, reference, severity, title, places, remediation }: CheckedRule): Violation => ({
  rule: id,
  standard,
  reference,
  severity,
  message: title,
  location: places.length === 0 ? null : listPlaces(places),
  remediation,
});

const listPlaces = (places: readonly string[]): string =>
  places.length > MAX_PLACES
    ? `${places.slice(0, MAX_PLACES).join(', ')} and ${places.length - MAX_PLACES} more`
    : places.join(', ');

/** A line for people. */
export function summariseCompliance({ score, violations }: Pick<Compliance, 'score' | 'violations'>): string {
  const errors = violations.filter(({ severity }) => severity === 'ERROR').length;
  const counts = violations.length === 0 ? 'nothing found' : `${errors} ERROR, ${violations.length - errors} WARNING`;
  return `score ${score}/100: ${counts}`;
}
