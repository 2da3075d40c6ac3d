import type { GateResult, ScanSpec } from '../domain/gate.js';
import type { StepRef } from '../domain/work.js';
import { scanGate } from '../gates/scan-gate.js';
import { cancellation } from './cancellation.js';
import type { ActivityDeps } from './deps.js';
import { npmConfiguration } from './npm-configuration.js';
import { worktreePolicy } from './policies.js';
import type { RunLog } from './run-log.js';
import { withWorktree, type Checkout } from './workspace.js';

interface CommitScan {
  readonly checkout: Checkout;
  readonly ref: StepRef;
  readonly commit: string;
  readonly spec: ScanSpec;
  readonly log: RunLog;
}

/**
 * Scans a commit in a checkout of its own, in which nothing of the repository was run: what a set-up or a test makes is
 * not in the commit, and could hide what is.
 */
export async function scanCommit(
  deps: ActivityDeps,
  { checkout, ref, commit, spec, log }: CommitScan,
): Promise<GateResult> {
  const purpose = `scan-${spec.kind}-${commit.slice(0, 12)}`;
  const npm = await npmConfiguration(deps, checkout);
  return withWorktree(deps, checkout, { ref, purpose, commit }, (worktree, home) =>
    scanGate(spec, commit, {
      execute: deps.execute,
      policy: worktreePolicy(worktree, home, { writable: false, isolation: deps.isolation }),
      signal: cancellation(),
      log: (chunk) => log.write(chunk),
      settings: deps.scanners,
      npm,
      network: spec.network,
    }),
  );
}
