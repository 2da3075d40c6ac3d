/** Who must say yes. A person is named by handle, a job role stands for whoever holds it. */
export interface ApprovalPolicy {
  readonly kind: 'any' | 'all';
  /** Handles of people or names of job roles, as the pipeline writes them after `human:`. */
  readonly approvers: readonly string[];
  /** With `any`: how many different people. */
  readonly atLeast: number;
}

/** What may stand before the name of a person or a job role: `human:team-lead`, `role:team-lead`. */
export const HUMAN_PREFIXES: readonly string[] = ['human', 'role', 'person', 'user'];

/** The name of a person or a job role without its prefix. */
export const withoutHumanPrefix = (text: string): string =>
  text.trim().replace(new RegExp(`^(?:${HUMAN_PREFIXES.join('|')}):\\s*`), '');

/** What a step of a pipeline asks for: a policy of its own, or one of `policies.yaml` by name. */
export type AskedPolicy =
  | ApprovalPolicy
  | { readonly kind: 'named'; readonly name: string }
  /** The step names nobody, so the policies in force decide. `action` is what the agent does after the approval. */
  | { readonly kind: 'policies'; readonly action: string | null };

/** One thing that an approval needs, and the rule that asks for it. */
export interface Requirement extends ApprovalPolicy {
  /** Name of the policy, or of the step that asks. */
  readonly rule: string;
  /** Why it is asked for, as people read it. */
  readonly why: string;
}

/** Somebody in whose place a person decides for a time. */
export interface StandsFor {
  readonly id: string;
  readonly handle: string;
  readonly roles: readonly string[];
}

export interface Person {
  readonly id: string;
  readonly handle: string;
  /** Job roles held in the run's project. */
  readonly roles: readonly string[];
  /** Whose decisions were handed to this person when they decided. */
  readonly standsFor?: readonly StandsFor[];
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

/** An approval as it stands open: what it needs, frozen, and who may not decide although it names them. */
export interface OpenApproval {
  readonly requirements: readonly Requirement[];
  /** Ids of the owners of the agents that produced the change (architecture decision 12). */
  readonly excluded: readonly string[];
}

/**
 * The requirements with display names replaced by handles. A name is replaced only where it is no handle and no job role,
 * and exactly one person has it.
 */
export function resolveNames(
  requirements: readonly Requirement[],
  people: readonly { readonly handle: string; readonly name: string; readonly roles: readonly string[] }[],
): readonly Requirement[] {
  const answered = new Set(people.flatMap(({ handle, roles }) => [handle, ...roles]));
  const resolve = (approver: string): string => {
    const named = answered.has(approver) ? [] : people.filter(({ name }) => name === approver);
    return named.length === 1 ? named[0]!.handle : approver;
  };
  return requirements.map((requirement) => ({
    ...requirement,
    approvers: unique(requirement.approvers.map(resolve)),
  }));
}

/** Where one requirement stands. */
export interface RequirementState {
  readonly requirement: Requirement;
  /** Handles of those whose yes counts for it. */
  readonly by: readonly string[];
  /** What it still needs; null: nothing. */
  readonly missing: string | null;
}

/** Where each requirement of an approval stands. */
export function explainApproval(approval: OpenApproval, decisions: readonly Decision[]): readonly RequirementState[] {
  const yes = decisions.filter(({ verdict }) => verdict === 'approve').map(({ by }) => by);
  return approval.requirements.map((requirement) => {
    const { kind, approvers, atLeast } = requirement;
    const named = uniquePeople(yes.filter((by) => mayMeet(approval, requirement, by)));
    const by = named.map(({ handle }) => handle);
    if (kind === 'any') {
      const short = atLeast - named.length;
      return { requirement, by, missing: short <= 0 ? null : `${short} of ${approvers.join(', ')}` };
    }
    const open = approvers.filter((approver) => !named.some((person) => answersTo(approval, person, approver)));
    return { requirement, by, missing: open.length === 0 ? null : `all of ${open.join(', ')}` };
  });
}

/** Where an approval stands. One rejection settles it: a person who wants to think aloud discusses instead. */
export function evaluateApproval(approval: OpenApproval, decisions: readonly Decision[]): ApprovalState {
  const rejection = decisions.find(({ by, verdict }) => verdict === 'reject' && mayDecide(approval, by));
  if (rejection) return { kind: 'rejected', by: rejection.by.handle, note: rejection.note };
  const states = explainApproval(approval, decisions);
  const missing = unique(states.flatMap((state) => state.missing ?? []));
  if (missing.length > 0) return { kind: 'open', missing: missing.join('; ') };
  return { kind: 'approved', by: unique(states.flatMap(({ by }) => by)) };
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
  if (!mayDecide(approval, by)) {
    const wanted = approversOf(approval).join(', ');
    return { code: 'not-an-approver', message: `${by.handle} is not among the approvers: ${wanted}` };
  }
  if (decisions.some((earlier) => earlier.by.id === by.id)) {
    return { code: 'decided-already', message: `${by.handle} has decided this approval already` };
  }
  return null;
}

export const mayDecide = (approval: OpenApproval, person: Person): boolean =>
  approval.requirements.some((requirement) => mayMeet(approval, requirement, person));

/** Every handle and role that an approval names. */
export const approversOf = ({ requirements }: Pick<OpenApproval, 'requirements'>): readonly string[] =>
  unique(requirements.flatMap(({ approvers }) => approvers));

const mayMeet = (approval: OpenApproval, { approvers }: Requirement, person: Person): boolean =>
  !approval.excluded.includes(person.id) && approvers.some((approver) => answersTo(approval, person, approver));

/** Whoever may not decide cannot hand on what they may not do. */
const answersTo = ({ excluded }: OpenApproval, person: Person, approver: string): boolean =>
  [person, ...(person.standsFor ?? [])].some(
    ({ id, handle, roles }) => !excluded.includes(id) && (handle === approver || roles.includes(approver)),
  );

export type Eligibility =
  | { readonly kind: 'eligible'; readonly excluded: readonly string[]; readonly soleMember: boolean }
  | { readonly kind: 'nobody'; readonly reason: string };

/**
 * Whether the requirements can be met at all by `people`, and who of them is excluded as an owner of the change.
 * Where only owners are eligible they may decide, and the approval is marked `soleMember`.
 */
export function eligibility(
  requirements: readonly Requirement[],
  people: readonly Person[],
  owners: readonly string[],
): Eligibility {
  const impossible = (excluded: readonly string[]) => {
    const able = people.filter(({ id }) => !excluded.includes(id));
    const everyone = able.map((by): Decision => ({ by, verdict: 'approve', note: null }));
    return explainApproval({ requirements, excluded }, everyone).find(({ missing }) => missing !== null);
  };
  if (!impossible(owners)) return { kind: 'eligible', excluded: owners, soleMember: false };
  const short = impossible([]);
  if (!short) return { kind: 'eligible', excluded: [], soleMember: true };
  const { kind, atLeast, approvers, rule } = short.requirement;
  return {
    kind: 'nobody',
    reason: `nobody in this project can give this approval: ${rule} asks for ${kind === 'all' ? 'all' : atLeast} of ${approvers.join(', ')}`,
  };
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

const uniquePeople = (people: readonly Person[]): Person[] => [
  ...new Map(people.map((person) => [person.id, person])).values(),
];
