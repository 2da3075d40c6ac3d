import type { AskedPolicy } from '../../domain/approval.js';
import { sortTopologically } from '../../domain/graph.js';
import { slugify } from '../../domain/slug.js';
import { type At, quote, type Problems } from './diagnostic.js';
import type { Draft } from './draft.js';
import type { YamlEntry } from './yaml-tree.js';

/** A step with its id and what it comes after; an approval that was asked for by `approvalRequired` is one too. */
export interface OrderedStep {
  readonly id: string;
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly draft: Draft;
  /** Set where this is the approval before `draft`, not `draft` itself. */
  readonly asks: AskedPolicy | null;
  /** Set where this makes the branch that `draft` asks for, and is not `draft` itself. */
  readonly branch: YamlEntry | null;
}

export interface Ordered {
  /** Each after all that it depends on. */
  readonly steps: readonly OrderedStep[];
  /** Ids by every word that the file may use for a step: its id or its name. */
  readonly idOf: ReadonlyMap<string, string>;
  readonly cyclic: boolean;
}

const MAX_ID_LENGTH = 60;
const MAX_CYCLES = 10;

/** Gives every step its id and its dependencies, and puts them in order. */
export function orderSteps(drafts: readonly Draft[], unordered: boolean, problems: Problems): Ordered {
  const taken = new Set<string>();
  const ids = giveIds(drafts, taken, problems);
  const idOf = new Map(drafts.flatMap(({ name }, index) => (name ? [[name.text, ids[index]!] as const] : [])));
  for (const id of ids) idOf.set(id, id);
  const dependencies = dependenciesOf(drafts, ids, idOf, unordered, problems);

  const steps = drafts.flatMap((draft, index): OrderedStep[] => {
    const id = ids[index]!;
    const name = draft.name?.text ?? id;
    const dependsOn = dependencies[index]!;
    const asks = draft.approvalBefore ?? riskApproval(draft, dependsOn, drafts, ids, problems);
    const before = (what: string): string => unique(`${id.slice(0, MAX_ID_LENGTH - what.length - 1)}-${what}`, taken);
    const approval = asks && {
      id: before('approval'),
      name: `${name}: approval`,
      dependsOn,
      draft,
      asks,
      branch: null,
    };
    const after = approval ? [approval.id] : dependsOn;
    const branch = branchOf(draft);
    const made = branch && {
      id: before('branch'),
      name: `${name}: branch`,
      dependsOn: after,
      draft,
      asks: null,
      branch,
    };
    const own = { id, name, dependsOn: made ? [...after, made.id] : after, draft, asks: null, branch: null };
    return [...(approval ? [approval] : []), ...(made ? [made] : []), own];
  });
  for (const { id } of steps) if (!idOf.has(id)) idOf.set(id, id);
  return { ...sort(steps, problems), idOf };
}

/** The branch that a fix goes to, where the step names one. */
const branchOf = ({ work, params }: Draft): YamlEntry | null =>
  work.kind === 'agent' && work.action.text === 'generateFixPR'
    ? (params.find(({ key }) => key === 'targetBranch' || key === 'branch') ?? null)
    : null;

/** The approval before a step whose agent acts only after one; null where the file has it already. */
function riskApproval(
  { asksFirst, when }: Draft,
  dependsOn: readonly string[],
  drafts: readonly Draft[],
  ids: readonly string[],
  problems: Problems,
): AskedPolicy | null {
  if (!asksFirst) return null;
  const before = dependsOn.map((id) => drafts[ids.indexOf(id)]!);
  // An approval with a condition may be skipped, unless the step is skipped with it.
  if (before.some((other) => other.work.kind === 'approval' && (!other.when || isSameText(other.when, when))))
    return null;
  if (!asksFirst.policy)
    problems.error(
      'no-approvers',
      asksFirst.at,
      'this agent acts only after an approval, and nobody is named who could give it',
      'add `approvers: [human:team-lead]`, or `approvalRequired: true` and the policies say who',
    );
  return asksFirst.policy;
}

const isSameText = (one: Draft['when'], other: Draft['when']): boolean =>
  one?.value.kind === 'scalar' && other?.value.kind === 'scalar' && one.value.value === other.value.value;

function giveIds(drafts: readonly Draft[], taken: Set<string>, problems: Problems): readonly string[] {
  const names = new Set<string>();
  for (const { givenId, name } of drafts) {
    if (name && names.has(name.text))
      problems.error('double-name', name.at, `two steps are called ${quote(name.text)}`);
    if (name) names.add(name.text);
    if (givenId && taken.has(givenId.text))
      problems.error('double-id', givenId.at, `two steps have the id ${quote(givenId.text)}`);
    if (givenId) taken.add(givenId.text);
  }
  return drafts.map(({ givenId, name }) => givenId?.text ?? unique(slugify(name?.text ?? 'step'), taken));
}

/** `wanted`, with `-2`, `-3` … behind it where that is taken; the answer is taken then. */
function unique(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`;
  taken.add(id);
  return id;
}

function dependenciesOf(
  drafts: readonly Draft[],
  ids: readonly string[],
  idOf: ReadonlyMap<string, string>,
  unordered: boolean,
  problems: Problems,
): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  /** What the group of parallel steps that is being read started after, and who belongs to it. */
  let group: { readonly after: readonly string[]; readonly members: string[] } = { after: [], members: [] };
  for (const [index, draft] of drafts.entries()) {
    const id = ids[index]!;
    const named = draft.dependsOn && resolve(draft.dependsOn, idOf, problems);
    if (unordered) {
      if (draft.parallel)
        problems.warning(
          'parallel-unused',
          draft,
          '`parallel` says nothing under `nodes`: only `dependsOn` orders them',
        );
      found.push(named ?? []);
      continue;
    }
    const beside = draft.parallel && index > 0;
    const after = named ?? (beside ? group.after : group.members);
    if (beside) group.members.push(id);
    else group = { after, members: [id] };
    found.push([...after]);
  }
  return found;
}

function resolve(
  named: NonNullable<Draft['dependsOn']>,
  idOf: ReadonlyMap<string, string>,
  problems: Problems,
): readonly string[] {
  const ids = named.flatMap(({ text, at }) => {
    const id = idOf.get(text);
    if (id === undefined)
      problems.error('unknown-step', at, `there is no step ${quote(text)}`, problems.didYouMean(text, idOf.keys()));
    return id === undefined ? [] : [id];
  });
  return [...new Set(ids)];
}

/** Every cycle is reported and then cut open, so that one does not hide the next. */
function sort(
  steps: readonly OrderedStep[],
  problems: Problems,
): { readonly steps: readonly OrderedStep[]; readonly cyclic: boolean } {
  let rest = steps;
  for (let cycles = 0; ; cycles++) {
    const order = sortTopologically(rest);
    if (order.kind === 'sorted') return { steps: order.nodes, cyclic: cycles > 0 };
    if (cycles === MAX_CYCLES) return { steps: [], cyclic: true };
    const [first, next] = order.path as [string, string];
    problems.error(
      'cycle',
      dependencyAt(steps.find(({ id }) => id === first)!),
      `these steps wait for each other: ${order.path.join(' → ')}`,
      'a step comes after all in its `dependsOn`: take one of these arrows out',
    );
    rest = rest.map((step) =>
      step.id === first ? { ...step, dependsOn: step.dependsOn.filter((id) => id !== next) } : step,
    );
  }
}

const dependencyAt = ({ draft }: OrderedStep): At => draft.dependsOn?.[0]?.at ?? draft;
