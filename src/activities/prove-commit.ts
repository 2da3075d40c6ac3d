import { judgeGates } from '../domain/attempt.js';
import { BatonError } from '../domain/errors.js';
import type { StepRef } from '../domain/work.js';
import type { ActivityDeps } from './deps.js';
import { checkCommit } from './run-gates.js';
import type { Checkout } from './workspace.js';

/** The tests pass on the result of a merge that nobody has tested yet; throws `merge-unproved` with what failed. */
export async function proveCommit(deps: ActivityDeps, checkout: Checkout, ref: StepRef, commit: string): Promise<void> {
  const results = await checkCommit(deps, {
    checkout,
    ref,
    attempt: 1,
    commit,
    changed: false,
    gates: [{ kind: 'tests' }],
    known: [],
    // The merge's own answer says it: there is no attempt that the result would belong to.
    record: ({ tests: _tests, ...result }) => Promise.resolve(result),
  });
  const verdict = judgeGates(results);
  if (verdict.kind === 'done') return;
  throw new BatonError('merge-unproved', `The base has moved, and on the merged result ${verdict.failure.message}`);
}
