import type { Finding, Severity } from './gate.js';
import { keepable } from './keepable.js';

/** Most severe first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

interface FindingLimits {
  readonly findings: number;
  /** Of each text of a finding. */
  readonly characters: number;
}

/** What the record keeps of one gate's findings. */
export const KEPT: FindingLimits = { findings: 1_000, characters: 4_000 };
/** What goes to the workflow and to the agent that must mend them. */
export const BRIEF: FindingLimits = { findings: 20, characters: 1_000 };
/** The largest `int` of PostgreSQL. */
const MAX_LINE = 2 ** 31 - 1;

/** The most severe findings, within limits, in texts that can be kept; those of one severity in their order. */
export function limitFindings(findings: readonly Finding[], limits: FindingLimits): readonly Finding[] {
  const rank = ({ severity }: Finding): number => SEVERITIES.indexOf(severity);
  const text = (whole: string): string => keepable(cut(whole, limits.characters));
  return findings
    .toSorted((one, other) => rank(one) - rank(other))
    .slice(0, limits.findings)
    .map(({ rule, severity, message, file, line, fix, fingerprint }) => ({
      rule: text(rule),
      severity,
      message: text(message),
      file: file === null ? null : text(file),
      line: line !== null && Number.isInteger(line) && line > 0 && line <= MAX_LINE ? line : null,
      fix: fix === null ? null : text(fix),
      ...(fingerprint !== undefined && { fingerprint }),
    }));
}

const cut = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
