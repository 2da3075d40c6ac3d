import { complianceScore, summariseCompliance, sumWeights, type Compliance, type Violation } from './compliance.js';
import type { Finding } from './gate.js';
import { writeFinding, type ReportBlock } from './report-block.js';

/** A violation in the shape that findings of gates and reviews have. */
export const findingOfViolation = (violation: Violation): MutableFinding => {
  const { rule, standard, reference, severity, message, location, remediation } = violation;
  return {
    rule: `${standard} ${reference} ${rule}`,
    severity: severity === 'ERROR' ? 'high' : 'medium',
    message: location === null ? message : `${message} (${location})`,
    ...placeOf(location),
    fix: remediation,
  };
};

type MutableFinding = { -readonly [K in keyof Omit<Finding, 'fingerprint'>]: Finding[K] };

/** One place is a finding's own; of several, and of what is no place, the message tells. */
function placeOf(location: string | null): { file: string | null; line: number | null } {
  const [, file, line] = /^([^\s,:]+)(?::(\d+))?$/.exec(location ?? '') ?? [];
  return { file: file ?? null, line: line === undefined ? null : Number(line) };
}

/** What a compliance check said of one repository, for a report. */
export type ReportedCompliance = Pick<Compliance, 'score' | 'weight' | 'standards' | 'violations'> & {
  readonly repository: string;
};

/** What several checks say together. */
export const commonScore = (checks: readonly Pick<ReportedCompliance, 'weight'>[]): number =>
  complianceScore(sumWeights(checks.map(({ weight }) => weight)));

/** `score 83/100: 2 ERROR, 1 WARNING in 1 repository`. */
export function summariseChecks(checks: readonly ReportedCompliance[]): string {
  const violations = checks.flatMap((check) => check.violations);
  const where = checks.length === 1 ? '1 repository' : `${checks.length} repositories`;
  return `${summariseCompliance({ score: commonScore(checks), violations })} in ${where}`;
}

/** The part of a report that is about compliance. */
export const writeCompliance = (checks: readonly ReportedCompliance[]): ReportBlock[] =>
  checks.flatMap(({ repository, score, standards, violations }): ReportBlock[] => [
    { kind: 'heading', text: `${repository}: compliance` },
    {
      kind: 'text',
      text: [
        `Score ${score}/100`,
        ...standards.map((each) => `${each.standard} ${each.score}/100, ${each.violations} broken`),
      ].join('; '),
    },
    ...violations.map((violation) => writeFinding(findingOfViolation(violation))),
  ]);
