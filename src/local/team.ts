import type { PermissionLayer } from '../domain/permissions.js';

/** One agent of a team: a role, and what is particular about an agent that holds it. */
export interface TeamRole {
  readonly role: string;
  readonly description: string;
  /** What is left out is as for every agent. */
  readonly permissions: PermissionLayer;
}

/** For agents that read a change and report what they find. */
const READS_ONLY: PermissionLayer = { may: { createBranch: false }, files: { never: ['**'] } };

const reviewer = (role: string, description: string): TeamRole => ({ role, description, permissions: READS_ONLY });

/** The roles that the shipped pipelines ask for. */
export const TEAM: readonly TeamRole[] = [
  { role: 'developer', description: 'Implements issues and fixes bugs.', permissions: {} },
  { role: 'tester', description: 'Writes tests and verifies changes.', permissions: {} },
  reviewer('reviewer', 'Reviews changes for regressions and side effects.'),
  reviewer('code-reviewer', 'Reviews the code of changes.'),
  reviewer('security-reviewer', 'Reviews the security of changes.'),
  reviewer('performance-reviewer', 'Reviews the performance of changes.'),
  reviewer('style-reviewer', 'Reviews the style of changes.'),
];
