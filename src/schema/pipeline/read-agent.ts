import { ACTIONS, BUILT_IN_AGENTS, findAction, ROLES } from '../../domain/catalogue.js';
import { mayDo, mayDoInAny, ROLE_ACTIONS } from '../../domain/roles.js';
import { type Problems, quote } from './diagnostic.js';
import type { DraftAgent, Named } from './draft.js';
import { type Field, readText } from './fields.js';
import type { ReadContext } from './read-work.js';

const ON_THE_SERVER = 'what the project has registered is only known on the server';

/** `any`, `same`, `role:<role>` or the name of an agent; null where it is none of them, and that is reported. */
export function readAgent(field: Field | undefined, action: Named | null, context: ReadContext): DraftAgent | null {
  const { problems } = context;
  if (!field) {
    if (action) reportMissing(action, context);
    return null;
  }
  const text = readText(field, problems);
  if (text === null) return null;
  if (text === 'any' || text === 'same') return { kind: text };
  const named: Named = { text, at: field.value };
  return text.startsWith('role:') ? readRole(named, action, context) : readNamed(named, context);
}

function reportMissing(action: Named, { problems, known }: ReadContext): void {
  const capable = [...(known.agents ?? []), ...BUILT_IN_AGENTS];
  const agent = capable.find(({ capabilities }) => capabilities.includes(action.text))?.name;
  if (agent === undefined && !findAction(action.text)) {
    const hint = problems.didYouMean(action.text, actionNames({ known }));
    problems.error('unknown-action', action.at, `there is no action ${quote(action.text)}`, hint);
    return;
  }
  problems.error(
    'agent-missing',
    action.at,
    `${quote(action.text)} is done by an agent, and the step names none`,
    `add \`agent: ${agent ?? 'any'}\``,
  );
}

function readRole({ text, at }: Named, action: Named | null, { problems, known }: ReadContext): DraftAgent | null {
  const role = text.slice('role:'.length).trim();
  const held = known.agents?.flatMap(({ roles }) => roles) ?? [];
  if (!ROLES.includes(role) && !held.includes(role)) {
    const hint =
      problems.didYouMean(role, [...ROLES, ...held], (near) => `role:${near}`) ?? (known.agents ? null : ON_THE_SERVER);
    problems.error('unknown-role', at, `there is no role ${quote(role)}`, hint);
    return null;
  }
  // A role is held also through its family: `reviewer` answers for `code-reviewer`.
  const isOwn = action !== null && findAction(action.text)?.by === 'baton';
  if (known.agents && !isOwn && !held.some((other) => other === role || role.endsWith(`-${other}`))) {
    problems.warning('role-unfilled', at, `no agent of this project holds the role ${quote(role)} now`);
  }
  return { kind: 'role', role };
}

function readNamed({ text, at }: Named, { problems, known, unavailable }: ReadContext): DraftAgent | null {
  const agent: DraftAgent = { kind: 'named', name: text };
  if (known.agents?.some(({ name }) => name === text)) return agent;
  const shipped = BUILT_IN_AGENTS.find(({ name }) => name === text);
  if (shipped) {
    if (known.agents) unavailable(text, at, 'agent', addIt(shipped));
    return agent;
  }
  const role = ROLES.find((name) => name === text) ?? /^role[\s:._/-]*(.+)$/.exec(text)?.[1];
  if (role !== undefined) {
    const near = ROLES.includes(role)
      ? `did you mean \`role:${role}\`?`
      : problems.didYouMean(role, ROLES, (name) => `role:${name}`);
    problems.error('unknown-agent', at, `there is no agent ${quote(text)}`, near ?? 'a role is written `role:<role>`');
    return null;
  }
  const registered = known.agents?.map(({ name }) => name) ?? [];
  const candidates = [
    ...registered,
    ...BUILT_IN_AGENTS.map(({ name }) => name),
    ...ROLES.map((name) => `role:${name}`),
    ...ROLES,
    'any',
    'same',
  ];
  const hint = problems.didYouMean(text, candidates, (near) => (ROLES.includes(near) ? `role:${near}` : near));
  if (known.agents) {
    problems.error('unknown-agent', at, `there is no agent ${quote(text)} in this project`, hint);
    return null;
  }
  problems.warning('agent-unchecked', at, `whether there is an agent ${quote(text)} is only known on the server`, hint);
  return agent;
}

/** Whether the named agent acts only after an approval. Of others it is known when the step is handed to one of them. */
export function asksFirst(agent: DraftAgent, { known }: ReadContext): boolean {
  if (agent.kind !== 'named') return false;
  const found =
    known.agents?.find(({ name }) => name === agent.name) ?? BUILT_IN_AGENTS.find(({ name }) => name === agent.name);
  return found?.riskLevel === 'APPROVAL_REQUIRED';
}

const addIt = ({ name }: (typeof BUILT_IN_AGENTS)[number]): string =>
  `register it with \`bin/baton agents add --built-in ${name}\``;

/** Whether the agent, or any that the step may get, can do the action by name. */
export function checkAgentAction(
  agent: DraftAgent,
  action: Named,
  { problems, known, unavailable }: ReadContext,
): void {
  const inCatalogue = findAction(action.text) !== undefined;
  if (agent.kind === 'named') {
    const registered = known.agents?.find(({ name }) => name === agent.name);
    if (registered && !mayDoInAny(registered.roles, action.text)) {
      const roles = registered.roles.map(quote).join(', ');
      reportOutsideRole(
        action,
        `the agent ${quote(agent.name)} may not do ${quote(action.text)} in its role ${roles}`,
        problems,
      );
      return;
    }
    const can = (registered ?? BUILT_IN_AGENTS.find(({ name }) => name === agent.name))?.capabilities;
    if (can?.includes(action.text)) return;
    // An agent that lists nothing may be given any action of the catalogue.
    if (inCatalogue && (!registered || registered.capabilities.length === 0)) return;
    // Nothing is known of this agent, but the families of actions are ours.
    if (!can && !isFamily(action.text)) return;
    const hint = problems.didYouMean(action.text, can && can.length > 0 ? can : actionNames({ known }));
    const list = can && can.length > 0 ? `it can ${can.join(', ')}` : null;
    problems.error(
      'unknown-action',
      action.at,
      `the agent ${quote(agent.name)} has no action ${quote(action.text)}`,
      hint ?? list,
    );
    return;
  }
  if (agent.kind === 'role' && !mayDo(agent.role, action.text)) {
    reportOutsideRole(action, `${quote(action.text)} is outside of the role ${quote(agent.role)}`, problems);
    return;
  }
  if (inCatalogue || known.agents?.some(({ capabilities }) => capabilities.includes(action.text))) return;
  const shipped = BUILT_IN_AGENTS.find(({ capabilities }) => capabilities.includes(action.text));
  if (shipped) {
    if (known.agents) unavailable(action.text, action.at, 'action', addIt(shipped));
    return;
  }
  const hint = problems.didYouMean(action.text, actionNames({ known })) ?? (known.agents ? null : ON_THE_SERVER);
  problems.error('unknown-action', action.at, `there is no action ${quote(action.text)}`, hint);
}

/** An action that an agent or a role is not allowed to do, with the roles that are. */
function reportOutsideRole({ text, at }: Named, message: string, problems: Problems): void {
  const roles = Object.keys(ROLE_ACTIONS).filter((role) => mayDo(role, text));
  problems.error('outside-role', at, message, `who may do it: ${roles.map((role) => `role:${role}`).join(', ')}`);
}

const families = new Set(ACTIONS.map(({ name }) => name.split('.')[0]!));
const isFamily = (action: string): boolean => action.includes('.') && families.has(action.split('.')[0]!);

const actionNames = ({ known }: Pick<ReadContext, 'known'>): readonly string[] => [
  ...ACTIONS.map(({ name }) => name),
  ...(known.agents ?? []).flatMap(({ capabilities }) => capabilities),
  ...BUILT_IN_AGENTS.flatMap(({ capabilities }) => capabilities),
];
