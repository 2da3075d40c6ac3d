import { MERGE } from '../../domain/catalogue.js';
import type { AgentRef, PlanStep, StepMap } from '../../domain/plan.js';
import { ACTION_RETRY, AGENT_RETRY, NO_RETRY, type RetryPolicy } from '../../domain/retry.js';
import type { Template } from '../../domain/template.js';
import { compileParameters } from './action-parameters.js';
import { Ancestry } from './ancestry.js';
import { type At, quote, type Problems } from './diagnostic.js';
import type { Draft, DraftAgent, Work } from './draft.js';
import type { ExpressionScope, Read } from './expression.js';
import type { Ordered, OrderedStep } from './order-steps.js';
import type { ReadContext } from './read-work.js';
import { isHandoffKey } from './read-handoff.js';
import { DEFAULT_CONCURRENCY } from './read-step.js';
import { TemplateCompiler } from './template.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Kind = PlanStep['kind'];
const TIMEOUT_MS: Readonly<Record<Kind, number>> = {
  action: 5 * MINUTE_MS,
  agent: HOUR_MS,
  approval: 7 * DAY_MS,
  pipeline: DAY_MS,
  handoff: 4 * HOUR_MS,
};
/** Where the base has moved the merge runs the tests on the merged result. */
const MERGE_TIMEOUT_MS = HOUR_MS;
const RETRY: Readonly<Record<Kind, RetryPolicy>> = {
  action: ACTION_RETRY,
  agent: AGENT_RETRY,
  approval: NO_RETRY,
  pipeline: NO_RETRY,
  handoff: AGENT_RETRY,
};

/** The steps of the plan. Faults are reported on the way; then what comes back is not to be used. */
export function compileSteps(ordered: Ordered, context: ReadContext): readonly PlanStep[] {
  const compiler = new StepCompiler(ordered, context);
  const compiled = ordered.steps.map((step) => compiler.compile(step));
  const steps = compiled.flatMap((step) => step ?? []);
  warnOfMerges(steps, ordered, context.problems);
  return steps.map((step) => ({ ...step, reads: leastPaths(compiler.readsOf(step.id)) }));
}

class StepCompiler {
  readonly #ordered: Ordered;
  readonly #context: ReadContext;
  readonly #ancestry: Ancestry<OrderedStep>;
  readonly #mapped: ReadonlySet<string>;
  readonly #reads = new Map<string, (readonly string[])[]>();

  constructor(ordered: Ordered, context: ReadContext) {
    this.#ordered = ordered;
    this.#context = context;
    this.#ancestry = new Ancestry(ordered.steps);
    this.#mapped = new Set(ordered.steps.filter(({ draft, asks }) => draft.map && !asks).map(({ id }) => id));
  }

  readsOf(id: string): readonly (readonly string[])[] {
    return this.#reads.get(id) ?? [];
  }

  compile(step: OrderedStep): PlanStep | null {
    const { draft, id, name, dependsOn, asks, branch } = step;
    const templates = new TemplateCompiler(this.#scopeOf(step), this.#context.problems);
    const when = draft.when ? templates.compileCondition(draft.when.value) : null;
    const work = workOf(step);
    const map = asks ? null : compileMap(draft, templates);
    const perItem = templates.within({ mapped: map !== null });
    // The approval before a step is of what that step works on; before a mapped one, of the run's own repository.
    const repository =
      asks && draft.map ? null : map?.repositories ? { $cel: 'item' } : this.#repository(step, perItem);
    const params = asks ? {} : this.#params(step, work, perItem);
    const isOwn = !asks && !branch;
    const checklist = draft.checklist && { checklist: draft.checklist.map((text) => perItem.compile(text)) };
    this.#collect(templates.reads);
    if (work.kind === 'faulty') return null;

    const base = {
      id,
      name,
      dependsOn,
      when,
      repository,
      map,
      timeoutMs: (isOwn ? draft.timeoutMs : null) ?? defaultTimeoutMs(work),
      retry: (isOwn ? draft.retry : null)?.(RETRY[work.kind]) ?? RETRY[work.kind],
      params,
      reads: [],
    };
    const ofAgents = {
      ...(draft.questions && { questions: draft.questions }),
      ...(draft.sandbox && { sandbox: draft.sandbox }),
      ...(draft.contextTokens !== null && { contextTokens: draft.contextTokens }),
    };
    switch (work.kind) {
      case 'action':
        return {
          ...base,
          kind: 'action',
          action: work.action.text,
          approvals: this.#approvalsBefore(id),
          ...(draft.questions && work.action.text === MERGE && { questions: draft.questions }),
        };
      case 'agent': {
        const agent = this.#agent(work.agent, work.agentAt, id);
        const action = work.action.text;
        return agent && { ...base, kind: 'agent', agent, action, gates: work.gates, ...ofAgents, ...checklist };
      }
      case 'approval':
        return { ...base, kind: 'approval', policy: work.policy };
      case 'pipeline':
        return { ...base, kind: 'pipeline', pipeline: work.pipeline };
      case 'handoff': {
        const { tester, developer, integration } = work;
        return { ...base, kind: 'handoff', tester, developer, integration, ...ofAgents };
      }
    }
  }

  #params({ draft, branch }: OrderedStep, work: Work, templates: TemplateCompiler): Readonly<Record<string, Template>> {
    const action = 'action' in work ? work.action : null;
    if (branch)
      return compileParameters(CREATE_BRANCH, [{ ...branch, key: 'branch' }], draft, templates, this.#context);
    const params = work.kind === 'handoff' ? draft.params.filter(({ key }) => !isHandoffKey(key)) : draft.params;
    const compiled = compileParameters(action?.text ?? '', params, action?.at ?? draft, templates, this.#context);
    if (!draft.repositories || work.kind !== 'action' || 'allowInconclusive' in compiled) return compiled;
    // One repository that nobody could look at must not hide what was found in the others: the output counts it.
    return { ...compiled, allowInconclusive: draft.repositories.kind === 'project' ? IN_PROJECT_RUN : true };
  }

  #repository({ draft }: OrderedStep, templates: TemplateCompiler): Template {
    const { problems, known } = this.#context;
    const value = draft.repository?.value;
    if (!value || (value.kind === 'scalar' && value.faulty)) return null;
    if (value.kind !== 'scalar' || typeof value.value !== 'string' || value.value.trim() === '') {
      problems.error('bad-value', value, '`repository` is the name of a repository');
      return null;
    }
    const template = templates.compile(value);
    if (typeof template !== 'string' || known.repositories?.includes(template)) return template;
    const hint = problems.didYouMean(template, known.repositories ?? []);
    if (known.repositories)
      problems.error('unknown-repository', value, `there is no repository ${quote(template)} in this project`, hint);
    else
      problems.warning(
        'repository-unchecked',
        value,
        `whether there is a repository ${quote(template)} is only known on the server`,
      );
    return template;
  }

  #agent(agent: DraftAgent, at: At, id: string): AgentRef | null {
    if (agent.kind !== 'same') return agent;
    const { problems } = this.#context;
    const found = this.#ancestry.nearest(id, (step) => ['agent', 'handoff'].includes(workOf(step).kind));
    const nearest = found.at(-1);
    if (!nearest) {
      if (!this.#ordered.cyclic)
        problems.error(
          'same-without-agent',
          at,
          '`same` is the agent of the step before, and no agent comes before this step',
          'write `any`, `role:<role>` or a name',
        );
      return null;
    }
    if (found.length > 1) {
      problems.warning(
        'same-ambiguous',
        at,
        `several agents are equally near before this step; \`same\` takes that of ${quote(nearest.name)}`,
      );
    }
    return { kind: 'same', step: nearest.id };
  }

  #approvalsBefore(id: string): readonly string[] {
    return this.#ancestry.before(id, (step) => workOf(step).kind === 'approval').map((step) => step.id);
  }

  #collect(reads: readonly Read[]): void {
    for (const { step, path } of reads) this.#reads.set(step, [...(this.#reads.get(step) ?? []), path]);
  }

  #scopeOf({ id, name }: OrderedStep): ExpressionScope {
    const { idOf, cyclic } = this.#ordered;
    const { problems } = this.#context;
    return {
      stepId: (word) => idOf.get(word),
      refuseStep: (other, written) => {
        if (cyclic || this.#ancestry.isBefore(other, id)) return null;
        const message =
          other === id
            ? `${quote(name)} cannot read its own output`
            : `${quote(written)} does not come before ${quote(name)}, so its output is not there yet`;
        return {
          code: 'step-not-before',
          message,
          hint: other === id ? null : `add ${quote(written)} to its \`dependsOn\``,
        };
      },
      isMapped: (other) => this.#mapped.has(other),
      report: () => {
        const isReport = (step: OrderedStep): boolean => {
          const work = workOf(step);
          return (work.kind === 'action' || work.kind === 'agent') && work.action.text.startsWith('report.');
        };
        return this.#ancestry.nearest(id, isReport).at(-1)?.id ?? null;
      },
      mapped: false,
      didYouMean: (wrong, known = idOf.keys()) => problems.didYouMean(wrong, known),
    };
  }
}

const CREATE_BRANCH = 'git.createBranch';

/** What a step does: what stands in the file, the approval before that, or the branch for it. */
function workOf({ draft, asks, branch }: OrderedStep): Work {
  if (asks) return { kind: 'approval', policy: asks };
  if (branch) return { kind: 'action', action: { text: CREATE_BRANCH, at: branch.keyAt } };
  return draft.work;
}

/** Whether the run is for the project as a whole. */
const IN_PROJECT_RUN: Template = { $cel: 'repository == null' };
const ALL_REPOSITORIES: Template = { $cel: 'repositories.map(each, each.name)' };

function compileMap({ map, repositories }: Draft, templates: TemplateCompiler): StepMap | null {
  if (map) return { over: templates.compile(map.over), concurrency: map.concurrency };
  if (!repositories) return null;
  switch (repositories.kind) {
    case 'all':
      return { over: ALL_REPOSITORIES, concurrency: DEFAULT_CONCURRENCY, repositories: 'named' };
    case 'project':
      return { over: ALL_REPOSITORIES, concurrency: DEFAULT_CONCURRENCY, repositories: 'project' };
    case 'named':
      return { over: repositories.names, concurrency: DEFAULT_CONCURRENCY, repositories: 'named' };
    case 'expression':
      return { over: templates.compile(repositories.node), concurrency: DEFAULT_CONCURRENCY, repositories: 'named' };
  }
}

const defaultTimeoutMs = (work: Exclude<Work, { kind: 'faulty' }>): number =>
  work.kind === 'action' && work.action.text === MERGE ? MERGE_TIMEOUT_MS : TIMEOUT_MS[work.kind];

/** R5.8: where no approval surely comes before a merge, the run asks at the merge itself, which the author may not expect. */
function warnOfMerges(steps: readonly PlanStep[], { steps: ordered, cyclic }: Ordered, problems: Problems): void {
  const byId = new Map(steps.map((step) => [step.id, step]));
  for (const step of ordered) {
    const { id } = step;
    const work = workOf(step);
    if (cyclic || work.kind !== 'action' || work.action.text !== MERGE) continue;
    const merge = byId.get(id);
    if (merge?.kind !== 'action') continue;
    const sure = merge.approvals.some((approval) => !isSkippable(byId.get(approval)?.when ?? null, merge.when));
    if (sure) continue;
    problems.warning(
      'merge-asks',
      work.action.at,
      merge.approvals.length === 0
        ? 'no approval comes before this merge: the run asks at the merge itself, as the policies say'
        : 'every approval before this merge has a condition: where all are skipped, the run asks at the merge itself',
      'a step with `type: human-gate` before it says who is asked',
    );
  }
}

const isSkippable = (approval: string | null, merge: string | null): boolean => approval !== null && approval !== merge;

/** The paths without those that lie inside another one; `[]` holds them all. */
function leastPaths(paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const unique = [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
  const within = (path: readonly string[], other: readonly string[]): boolean =>
    other.length < path.length && other.every((key, index) => key === path[index]);
  return unique.filter((path) => !unique.some((other) => within(path, other)));
}
