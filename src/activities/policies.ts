import type { Worktree } from '../git/worktree.js';
import type { ReadOnlyBind, SandboxedPolicy } from '../sandbox/policy.js';

const MIB = 1024 * 1024;

/** A coding agent's memory, and that of the repository's own tools (R7.3). */
const AGENT_MEMORY_BYTES = 4096 * MIB;

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
  memoryBytes: AGENT_MEMORY_BYTES,
  readOnly,
});
