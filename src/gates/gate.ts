import type { GateResult, GateSpec } from '../domain/gate.js';
import type { LineCoverage } from '../domain/patch-coverage.js';
import type { TestResult } from '../domain/test-result.js';
import type { Execute } from '../sandbox/command.js';
import type { SandboxedPolicy } from '../sandbox/policy.js';
import type { RepositoryConfig } from '../schema/repository-config.js';
import type { Definition } from './redefined-scripts.js';

export interface GateContext {
  readonly execute: Execute;
  readonly policy: SandboxedPolicy;
  /** Of the branch that the change goes to, never of the change itself: an agent cannot lower its own bar. */
  readonly config: RepositoryConfig;
  readonly commit: string;
  /** The attempt's own change, against what it stood on; nothing where it left all as it was. */
  readonly change: readonly {
    readonly path: string;
    readonly status: 'added' | 'modified' | 'deleted' | 'type-changed';
  }[];
  /** Runs the repository's tests on what the change stands on. */
  readonly testBase: () => Promise<GateOutcome>;
  /** The line coverage of what the whole change stands on; null where it cannot be measured. */
  readonly coverageBase: () => Promise<LineCoverage | null>;
  /** What the change made of the files that say what a package's scripts are. */
  readonly definitions: readonly Definition[];
  readonly signal: AbortSignal;
  /** While the promise is open the log is full: who prints more waits. */
  readonly log: (chunk: Buffer) => Promise<void> | void;
  /** Told of what a command left that is not taken. */
  readonly onRefused?: (what: string) => void;
}

/** What a gate says; of the tests what each of them did, of coverage the lines. */
export type GateOutcome = GateResult & { readonly tests?: readonly TestResult[]; readonly lines?: LineCoverage };

/** Runs one check on the worktree of a commit. */
export type Gate<S extends GateSpec = GateSpec> = (spec: S, context: GateContext) => Promise<GateOutcome>;
