import type { Worktree } from '../git/worktree.js';
import { WORKING_LIMITS } from '../sandbox/limits/limits.js';
import type { ReadOnlyBind, SandboxedPolicy } from '../sandbox/policy.js';

/** What everything that works in a worktree gets: that tree, a home, no network. */
export const worktreePolicy = (
  worktree: Worktree,
  home: string,
  { writable, readOnly = [] }: { writable: boolean; readOnly?: readonly ReadOnlyBind[] },
): SandboxedPolicy => ({
  kind: 'sandbox',
  workspace: { path: worktree.path, writable },
  home,
  network: 'none',
  limits: WORKING_LIMITS,
  readOnly,
});
