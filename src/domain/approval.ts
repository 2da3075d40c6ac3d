/** Who must say yes before a run goes on. A person is named by handle, a job role stands for whoever holds it. */
export interface ApprovalPolicy {
  readonly kind: 'any' | 'all';
  /** Handles of people or names of job roles, as the pipeline writes them after `human:`. */
  readonly approvers: readonly string[];
  /** With `any`: how many different people. */
  readonly atLeast: number;
}

export interface Person {
  readonly id: string;
  readonly handle: string;
  /** Job roles held in the run's project. */
  readonly roles: readonly string[];
}

export interface Decision {
  readonly by: Person;
  readonly verdict: 'approve' | 'reject';
  readonly note: string | null;
}

export type ApprovalState =
  | { readonly kind: 'open'; readonly missing: string }
  | { readonly kind: 'approved'; readonly by: readonly string[] }
  | { readonly kind: 'rejected'; readonly by: string; readonly note: string | null };

/** An approval as it stands open: its policy frozen, and who may not decide although the policy names them. */
export interface OpenApproval {
  readonly policy: ApprovalPolicy;
  /** Ids of the owners of the agents that produced the change (architecture decision 12). */
  readonly excluded: readonly string[];
}

/** Where an approval stands. One rejection settles it: a person who wants to think aloud discusses instead. */
export function evaluateApproval(policy: ApprovalPolicy, decisions: readonly Decision[]): ApprovalState {
  const counted = decisions.filter(({ by }) => mayDecide(policy, by));
  const rejection = counted.find(({ verdict }) => verdict === 'reject');
  if (rejection) return { kind: 'rejected', by: rejection.by.handle, note: rejection.note };

  const handles = [...new Set(counted.map(({ by }) => by.handle))];
  if (policy.kind === 'any') {
    const short = policy.atLeast - handles.length;
    if (short <= 0) return { kind: 'approved', by: handles };
    return { kind: 'open', missing: `${short} of ${policy.approvers.join(', ')}` };
  }
  const missing = policy.approvers.filter((approver) => !counted.some(({ by }) => answersTo(by, approver)));
  return missing.length === 0
    ? { kind: 'approved', by: handles }
    : { kind: 'open', missing: `all of ${missing.join(', ')}` };
}

/** Why a decision is refused, as a code and a sentence; null when it counts. */
export function refuseDecision(
  approval: OpenApproval,
  decisions: readonly Decision[],
  { by }: Decision,
): { readonly code: string; readonly message: string } | null {
  if (approval.excluded.includes(by.id)) {
    return {
      code: 'own-change',
      message: `${by.handle} owns an agent that made this change, and others can decide it`,
    };
  }
  if (!mayDecide(approval.policy, by)) {
    const wanted = approval.policy.approvers.join(', ');
    return { code: 'not-an-approver', message: `${by.handle} is not among the approvers: ${wanted}` };
  }
  if (decisions.some((earlier) => earlier.by.id === by.id)) {
    return { code: 'decided-already', message: `${by.handle} has decided this approval already` };
  }
  return null;
}

export const mayDecide = (policy: ApprovalPolicy, person: Person): boolean =>
  policy.approvers.some((approver) => answersTo(person, approver));

const answersTo = (person: Person, approver: string): boolean =>
  person.handle === approver || person.roles.includes(approver);

export type Eligibility =
  | { readonly kind: 'eligible'; readonly excluded: readonly string[]; readonly soleMember: boolean }
  | { readonly kind: 'nobody'; readonly reason: string };

/**
 * Whether the policy can be met at all by `people`, and who of them is excluded as an owner of the change.
 * Where only owners are eligible they may decide, and the approval is marked `soleMember`.
 */
export function eligibility(policy: ApprovalPolicy, people: readonly Person[], owners: readonly string[]): Eligibility {
  const named = people.filter((person) => mayDecide(policy, person));
  const others = named.filter(({ id }) => !owners.includes(id));
  if (canSatisfy(policy, others)) return { kind: 'eligible', excluded: owners, soleMember: false };
  if (canSatisfy(policy, named)) return { kind: 'eligible', excluded: [], soleMember: true };
  const wanted = policy.approvers.join(', ');
  return {
    kind: 'nobody',
    reason: `nobody in this project can give this approval: it asks for ${policy.kind === 'all' ? 'all' : policy.atLeast} of ${wanted}`,
  };
}

const canSatisfy = (policy: ApprovalPolicy, people: readonly Person[]): boolean =>
  policy.kind === 'any'
    ? people.length >= policy.atLeast
    : policy.approvers.every((approver) => people.some((person) => answersTo(person, approver)));
