import { assignAgent, isApproved } from './assignment.js';
import type { Candidate } from './candidate.js';
import { findReason, type Reason } from './nobody-free.js';
import type { AgentRef, AgentStep, HandoffStep, Plan } from './plan.js';
import { phaseWork, TDD_PHASES } from './tdd.js';

/** What a worker reported about itself. */
export interface WorkerReport {
  /** The agent programs that Baton knows, with the variables that hold their keys where an agent names none. */
  readonly programs: readonly {
    /** The adapter's name. */
    readonly name: string;
    readonly title: string;
    readonly command: string;
    readonly install: string;
    readonly isInstalled: boolean;
    readonly keys: readonly string[];
    /** Why the worker has no login for it; null: it has one. */
    readonly loginFault: string | null;
  }[];
  /** Names of the key variables that are set in its environment. */
  readonly variables: readonly string[];
}

/** An agent of the project, as far as it matters to whether a run can succeed. */
export interface Member extends Candidate {
  readonly adapter: string;
  /** Set where the agent hands its work to agents with a role. */
  readonly standsFor: { readonly role: string; readonly actions: Readonly<Record<string, string>> } | null;
  readonly entry: {
    /** A path on the worker; null: the program on its PATH. */
    readonly program: string | null;
    /** Null: the program's own, where it answers at its provider. */
    readonly keys: readonly string[] | null;
    readonly hasBaseUrl: boolean;
    /** Whether it signs in with a login in place of a key. */
    readonly usesLogin: boolean;
  };
}

export const CHECKS = ['test', 'lint', 'typecheck', 'coverage'] as const;
export type Check = (typeof CHECKS)[number];

/** How the repository is set up and checked. */
export interface RepositoryChecks {
  readonly commands: readonly Check[];
  /** A lock file of the repository that no set-up command installs; null: none. */
  readonly lockFileWithoutSetUp: string | null;
  /** Why its configuration cannot be read; null: it can. */
  readonly fault: string | null;
}

export interface PreconditionFacts {
  readonly plan: Plan;
  /** The pipelines that it calls. */
  readonly called: readonly Plan[];
  readonly agents: readonly Member[];
  /** Null: not known, or the run has no repository. */
  readonly checks: RepositoryChecks | null;
  /** Of the workers that run now; empty: not known. */
  readonly workers: readonly WorkerReport[];
}

/** Something that a run needs and that is missing now. */
export interface Precondition extends Reason {
  /** `error`: a run can only fail. `warning`: it may fail. */
  readonly severity: 'error' | 'warning';
  /** Names of the steps that need it; none: all of them do. */
  readonly steps: readonly string[];
}

/** A step that an agent works on: one of a pair for a hand-off. */
interface AgentWork {
  readonly plan: Plan;
  readonly step: AgentStep | HandoffStep;
  readonly ref: AgentRef;
  readonly action: string;
}

type Found = Omit<Precondition, 'steps'>;

/** What is missing for a run of a plan, the errors first. Steps that lack the same are told together. */
export function findPreconditions(facts: PreconditionFacts): Precondition[] {
  const found = [facts.plan, ...facts.called].flatMap((plan) => [
    ...missingAgents(plan, facts),
    ...plan.steps.flatMap((step) => missingChecks(step, facts.checks)),
  ]);
  const merged = new Map<string, Precondition>();
  for (const { step, ...one } of found) {
    const key = JSON.stringify(one);
    const steps = merged.get(key)?.steps ?? [];
    merged.set(key, { ...one, steps: steps.includes(step) ? steps : [...steps, step] });
  }
  const all = [...merged.values()];
  return [
    ...all.filter(({ severity }) => severity === 'error'),
    ...all.filter(({ severity }) => severity === 'warning'),
  ];
}

/** One sentence, and what to do: `Write tests: no agent holds the role tester. Register one with …`. */
export const tellPrecondition = ({ steps, why, fix }: Precondition): string =>
  `${steps.length === 0 ? '' : `${steps.join(', ')}: `}${why}. ${fix}.`;

function missingAgents(plan: Plan, facts: PreconditionFacts): (Found & { step: string })[] {
  /** Ids of the agents that the steps get, by step. */
  const chosen = new Map<string, string>();
  return plan.steps.flatMap((step) =>
    agentWork(plan, step).flatMap((work) => {
      const found = findAgentFor(work, facts, chosen);
      if (found.agent) chosen.set(step.id, found.agent.id);
      return found.missing.map((one) => ({ ...softened(one, work.step), step: step.name }));
    }),
  );
}

function agentWork(plan: Plan, step: Plan['steps'][number]): AgentWork[] {
  if (step.kind === 'agent') return [{ plan, step, ref: step.agent, action: step.action }];
  if (step.kind !== 'handoff') return [];
  const phases = TDD_PHASES.map(phaseWork).map(({ by, action }) => ({ ref: step[by], action }));
  return phases.map((phase) => ({ plan, step, ...phase }));
}

/** A step that may be skipped fails no run for certain. */
const softened = (found: Found, { when, map }: Pick<AgentStep, 'when' | 'map'>): Found =>
  when === null && map === null ? found : { ...found, severity: 'warning' };

function findAgentFor(
  work: AgentWork,
  { agents, workers }: PreconditionFacts,
  chosen: ReadonlyMap<string, string>,
): { readonly agent: Member | null; readonly missing: readonly Found[] } {
  const { ref, action, step, plan } = work;
  const sameAs = ref.kind === 'same' ? (chosen.get(ref.step) ?? null) : null;
  // A permission is about the run's repository; the step may work in another.
  const members = step.repository === null ? agents : agents.map((agent) => ({ ...agent, barred: null }));
  const first = choose(ref, action, members, sameAs, isApproved(plan, step.id, new Set()));
  if (!first.agent?.standsFor) return withProgram(first, workers);
  const { role, actions } = first.agent.standsFor;
  const others = members.filter(({ standsFor }) => standsFor === null);
  const second = choose({ kind: 'role', role }, actions[action] ?? action, others, null, true);
  return withProgram({ ...second, missing: [...first.missing, ...second.missing] }, workers);
}

type Choice = ReturnType<typeof findAgentFor>;

/** Whom the step gets now or, if nobody now, once a pause or an approval that may still come no longer stands in the way. */
function choose(
  ref: AgentRef,
  action: string,
  agents: readonly Member[],
  sameAs: string | null,
  approved: boolean,
): Choice {
  const now = assignAgent(ref, action, agents, sameAs, approved);
  if (now.kind === 'assigned') return { agent: now.agent as Member, missing: [] };
  // An agent that permissions keep out is refused when the step is assigned, which puts the refusal on the audit trail.
  const ready = agents.map((agent): Member => ({ ...agent, status: 'idle', barred: null }));
  const later = assignAgent(ref, action, ready, sameAs, true);
  const severity = later.kind === 'assigned' ? 'warning' : 'error';
  const missing = [{ severity, ...findReason(ref, action, agents, approved) } as const];
  return { agent: later.kind === 'assigned' ? (later.agent as Member) : null, missing };
}

function withProgram(choice: Choice, workers: readonly WorkerReport[]): Choice {
  const lacking = choice.agent && lackingOnAll(choice.agent, workers);
  return lacking ? { ...choice, missing: [...choice.missing, lacking] } : choice;
}

/** What every worker lacks of the agent's program; null: nothing that is known. */
function lackingOnAll(agent: Member, workers: readonly WorkerReport[]): Found | null {
  const lacking = workers.map((worker) => lackingOn(agent, worker));
  return lacking.length > 0 && lacking.every((found) => found !== null) ? lacking[0]! : null;
}

function lackingOn({ name, adapter, entry }: Member, { programs, variables }: WorkerReport): Found | null {
  const program = programs.find((known) => known.name === adapter);
  if (!program) return null;
  if (!program.isInstalled && entry.program === null)
    return {
      severity: 'error',
      why: `the agent ${name} needs ${program.title}, and no worker has ${program.command} on its PATH`,
      fix: `Install it with \`${program.install}\` and restart the worker`,
    };
  const needed = entry.keys ?? (entry.hasBaseUrl || entry.usesLogin ? [] : program.keys);
  const absent = needed.filter((variable) => !variables.includes(variable));
  if (absent.length === 0)
    return entry.usesLogin && program.loginFault !== null
      ? {
          severity: 'error',
          why: `the agent ${name} signs in with a login, and no worker has one`,
          fix: program.loginFault.replace(/\.$/, ''),
        }
      : null;
  return {
    severity: 'error',
    why: `the agent ${name} needs ${absent.join(' and ')}, and no worker has ${absent.length > 1 ? 'them' : 'it'} in its environment`,
    fix: `Set ${absent.join(' and ')} and restart the worker`,
  };
}

/** The command that a gate runs. */
const COMMAND_OF_GATE: Readonly<Record<string, Check>> = {
  tests: 'test',
  red: 'test',
  repository: 'test',
  lint: 'lint',
  typecheck: 'typecheck',
  coverage: 'coverage',
};
const FILE = '.baton/repository.yaml';

function missingChecks(step: Plan['steps'][number], checks: RepositoryChecks | null): (Found & { step: string })[] {
  if (!checks || (step.kind !== 'agent' && step.kind !== 'handoff') || step.repository !== null) return [];
  const told = (found: Found) => ({ ...softened(found, step), step: step.name });
  if (checks.fault !== null)
    return [told({ severity: 'error', why: checks.fault, fix: `Correct ${FILE} on the default branch` })];
  const gates = step.kind === 'handoff' ? ['red'] : step.gates.map(({ kind }) => kind);
  const needed = [...new Set(gates.flatMap((gate) => COMMAND_OF_GATE[gate] ?? []))];
  const missing = needed
    .filter((check) => !checks.commands.includes(check))
    .map((check) =>
      told({
        // The gate is inconclusive without it, and the run may then ask: people add the command and go on from the gate.
        severity: 'warning',
        why: `the repository has no ${check} command, and a gate of the step needs it`,
        fix: `Add \`${check}: { command: … }\` to ${FILE} on the default branch`,
      }),
    );
  const { lockFileWithoutSetUp: lockFile } = checks;
  const needsSetUp = lockFile !== null && needed.length > missing.length;
  return needsSetUp
    ? [
        ...missing,
        told({
          severity: 'warning',
          why: `the repository has ${lockFile} and no set-up command, so its gates run without installed dependencies`,
          fix: `Add \`setup: { command: … }\` to ${FILE} on the default branch`,
        }),
      ]
    : missing;
}
