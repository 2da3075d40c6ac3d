import type { Severity } from './gate.js';

const COST: Readonly<Record<Severity, number>> = { critical: 40, high: 20, medium: 8, low: 2, info: 0 };

/** A change's quality by what its reviews found: 100, less 40 a critical finding, 20 a high, 8 a medium, 2 a low one; never below 0. */
export const qualityScore = (findings: readonly { readonly severity: Severity }[]): number =>
  Math.max(
    0,
    findings.reduce((score, { severity }) => score - COST[severity], 100),
  );
