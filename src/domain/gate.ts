/** A machine check that a step asks for. All of these run the repository's own commands. */
export type GateSpec =
  | { readonly kind: 'tests' }
  | { readonly kind: 'lint' }
  | { readonly kind: 'typecheck' }
  | { readonly kind: 'coverage'; /** Lines, 0–100. */ readonly minimumPercent: number };

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** One shape for whatever a gate, a scanner or a reviewer finds. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** Path in the repository, with forward slashes; null where the finding is about the change as a whole. */
  readonly file: string | null;
  /** 1-based. */
  readonly line: number | null;
  readonly fix: string | null;
}

/**
 * What a gate says of one commit. `inconclusive` (the tool is missing, timed out, or had no data) never counts as a
 * pass, and `mend` says what would make it conclusive.
 */
export type GateResult = {
  readonly gate: GateSpec['kind'];
  readonly commit: string;
  readonly summary: string;
  /** What was run, for people and for the agent that must mend it. */
  readonly command: string | null;
  readonly exitCode: number | null;
  /** The last 2,000 characters of output. */
  readonly tail: string;
  readonly logArtifact: string | null;
  /** As the gate gives them, all that it found; on their way to workflows and agents, the first of the most severe. */
  readonly findings: readonly Finding[];
  readonly durationMs: number;
} & ({ readonly verdict: 'pass' | 'fail' } | { readonly verdict: 'inconclusive'; readonly mend: string });

const RANK: Readonly<Record<Severity, number>> = { critical: 4, high: 3, medium: 2, low: 1, info: 0 };

/** Whether a finding is as severe as `threshold` or more; `never` lets every finding pass. */
export function blocks(finding: Pick<Finding, 'severity'>, threshold: Severity | 'never'): boolean {
  return threshold !== 'never' && RANK[finding.severity] >= RANK[threshold];
}
