import type { RiskLevel } from '../../domain/catalogue.js';

/** What the server knows of a project by name. What is left out is not checked (`baton validate` has no server). */
export interface KnownNames {
  readonly agents?:
    | readonly {
        readonly name: string;
        readonly roles: readonly string[];
        readonly capabilities: readonly string[];
        /** Where it is not said: AUTO. */
        readonly riskLevel?: RiskLevel;
      }[]
    | undefined;
  readonly repositories?: readonly string[] | undefined;
  readonly pipelines?: readonly string[] | undefined;
  /** Approval policies of `policies.yaml`. */
  readonly policies?: readonly string[] | undefined;
  readonly people?:
    readonly { readonly handle: string; readonly roles: readonly string[]; readonly name?: string }[] | undefined;
}

/** The pipelines of R3.9; those that a project does not have are not there yet. */
export const BUILT_IN_PIPELINES: readonly string[] = [
  'feature-development',
  'bug-fix',
  'security-audit',
  'security-audit-on-change',
  'compliance-check',
  'tdd-handoff',
  'code-review',
  'dependency-update',
  'dependency-update-group',
  'ci-failure-fix',
];

/** Those of them that come with this version. */
export const SHIPPED_PIPELINES: readonly string[] = [
  'feature-development',
  'bug-fix',
  'code-review',
  'security-audit',
  'security-audit-on-change',
  'compliance-check',
  'dependency-update',
  'dependency-update-group',
  'tdd-handoff',
];

/** The approval policies of `templates/policies/default.yaml`. */
export const SHIPPED_POLICIES: readonly string[] = ['database-schema', 'security-critical', 'feature', 'hotfix'];
