import type { Generated } from 'kysely';
import type { GateResult, Severity } from '../../domain/gate.js';
import type { JsonColumn, Owned, Time } from './columns.js';

/** What machines found. */
export interface GateTables {
  gate_results: Owned & {
    id: Generated<string>;
    run_id: string;
    step: string;
    item: number | null;
    attempt: number;
    gate: string;
    commit: string;
    verdict: GateResult['verdict'];
    summary: string;
    result: JsonColumn<GateResult>;
    /** Null: of before it was kept. */
    repository_id: string | null;
    created_at: Time;
  };
  findings: Owned & {
    run_id: string;
    step: string;
    item: number | null;
    attempt: number;
    /** Null: a reviewer's. */
    gate: string | null;
    position: number;
    commit: string;
    rule: string;
    severity: Severity;
    message: string;
    file: string | null;
    line: number | null;
    fix: string | null;
    /** Of a scanner's: what it is known by from scan to scan. */
    fingerprint: string | null;
  };
  scan_coverage: Owned & {
    run_id: string;
    step: string;
    item: number | null;
    /** `secrets`, `sast`, `dependencies` or `updates`. */
    scan: string;
    repository_id: string;
    /** Why it could not be looked at; null: it was. */
    why: string | null;
    fix: string | null;
  };
  finding_issues: Owned & {
    repository_id: string;
    gate: string;
    fingerprint: string;
    number: number;
    /** Whether the last scan did not find it any more. */
    gone: Generated<boolean>;
    changed_at: Time;
  };
  test_runs: Owned & {
    id: Generated<string>;
    repository_id: string;
    run_id: string;
    step: string;
    item: number | null;
    attempt: number;
    commit: string;
    tree: string;
    at: Time;
  };
  test_results: Owned & {
    test_run_id: string;
    position: number;
    name: string;
    verdict: 'pass' | 'fail' | 'skip';
    duration_ms: number | null;
  };
}
