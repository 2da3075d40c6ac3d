import type { ApprovalPolicy, Requirement } from '../../src/domain/approval.js';

/** What a step of a pipeline asks for, as an approval has it. */
export const asks = (
  approvers: readonly string[],
  { kind = 'any', atLeast = 1 }: Partial<ApprovalPolicy> = {},
): Requirement => ({ kind, approvers, atLeast, rule: 'ask', why: 'the pipeline asks for it' });
