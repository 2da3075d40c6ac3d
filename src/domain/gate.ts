/** A machine check that a step asks for. All of these run the repository's own commands. */
export type GateSpec =
  | { readonly kind: 'tests' }
  | { readonly kind: 'lint' }
  | { readonly kind: 'typecheck' }
  /** The tests fail, and only those that the change adds. */
  | { readonly kind: 'red' }
  | { readonly kind: 'coverage'; /** Lines, 0–100. */ readonly minimumPercent: number }
  | ScanSpec;

/** What a step may ask for: a check, or `repository`, which is all that the repository has commands for. */
export type AskedGate = GateSpec | { readonly kind: 'repository' };

/** Kept programs that look for weaknesses in a commit; nothing of the repository is run. */
export interface ScanSpec {
  readonly kind: ScanKind;
  /** From which severity on a finding fails the gate. */
  readonly failOn: Severity | 'never';
  /** Whether its tools may ask services: advisories of dependencies are there. */
  readonly network: boolean;
  /** Only findings of these severities are kept; default: all. */
  readonly only?: readonly Severity[];
  /** Only findings in these files are kept; default: in all. */
  readonly paths?: readonly string[];
}

export const SCAN_KINDS = ['secrets', 'sast', 'dependencies'] as const;
export type ScanKind = (typeof SCAN_KINDS)[number];

export const isScan = (spec: GateSpec): spec is ScanSpec => SCAN_KINDS.some((kind) => kind === spec.kind);

/** A secret of any kind, and what is severe of the rest. */
export const SCAN_FAILS_ON: Readonly<Record<ScanKind, Severity>> = {
  secrets: 'info',
  sast: 'high',
  dependencies: 'high',
};

/** The code of a failure that a command's clocks found: it hung. */
export const HUNG = 'safety-net-triggered';

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
  /** What a scanner's finding is known by when lines move. */
  readonly fingerprint?: string;
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
  /** Of a scan of which a part was inconclusive though it decided: what would mend that. What it did not find may be there. */
  readonly partial?: string;
  /** Of a scan that is inconclusive, in part or whole: what its tools could not do. */
  readonly why?: string;
  /** Of a scan that was asked about some files only. */
  readonly narrowed?: true;
  /** Of a command that fell silent and was ended. */
  readonly hung?: true;
  readonly durationMs: number;
} & ({ readonly verdict: 'pass' | 'fail' } | { readonly verdict: 'inconclusive'; readonly mend: string });

const RANK: Readonly<Record<Severity, number>> = { critical: 4, high: 3, medium: 2, low: 1, info: 0 };

/** Whether a finding is as severe as `threshold` or more; `never` lets every finding pass. */
export function blocks(finding: Pick<Finding, 'severity'>, threshold: Severity | 'never'): boolean {
  return threshold !== 'never' && RANK[finding.severity] >= RANK[threshold];
}
