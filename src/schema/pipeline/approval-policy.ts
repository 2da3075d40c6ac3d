import { HUMAN_PREFIXES, type AskedPolicy } from '../../domain/approval.js';
import { type At, quote, type Problems } from './diagnostic.js';
import { type Field, readFields, readInteger, readText, readTexts, describe } from './fields.js';
import { SHIPPED_POLICIES, type KnownNames } from './known-names.js';

const VOCABULARY = {
  kind: ['kind', 'type'],
  approvers: ['approvers', 'people'],
  any: ['any'],
  all: ['all'],
  atLeast: ['atLeast'],
} as const;

const MAX_APPROVERS = 50;

/**
 * The policy that `approvers` and `approvalPolicy` say together: any one of the approvers unless said otherwise;
 * null where neither names anybody.
 */
export function readApprovalPolicy(
  approvers: Field | undefined,
  policy: Field | undefined,
  known: KnownNames,
  problems: Problems,
): AskedPolicy | null {
  const named = approvers ? readApprovers(approvers, known, problems) : [];
  if (!policy) return named.length === 0 ? null : { kind: 'any', approvers: named, atLeast: 1 };
  const { value } = policy;
  if (value.kind !== 'map') {
    const text = readText(policy, problems);
    if (text !== null && text !== 'any' && text !== 'all') return readName(policy, text, named, known, problems);
    const kind = readKind(policy, problems);
    if (named.length === 0)
      problems.error('no-approvers', policy.keyAt, `${quote(policy.key)} names nobody`, 'add `approvers: [human:…]`');
    return kind === null || named.length === 0 ? null : { kind, approvers: named, atLeast: 1 };
  }

  const fields = readFields(value, '`approvalPolicy`', VOCABULARY, problems);
  const lists = [fields.approvers, fields.any, fields.all].filter((field) => field !== undefined);
  const all = [...named, ...lists.flatMap((field) => readApprovers(field, known, problems))];
  const kind = readKind(fields.kind, problems) ?? (fields.all ? 'all' : 'any');
  const atLeast = readInteger(fields.atLeast, 1, MAX_APPROVERS, problems) ?? 1;
  if (kind === 'all' && fields.atLeast)
    problems.error('bad-policy', fields.atLeast.keyAt, '`atLeast` goes with `any`: with `all` everyone must approve');
  if (fields.any && fields.all)
    problems.error(
      'bad-policy',
      fields.all.keyAt,
      'a policy is `any` or `all` of some people, not both',
      'make it two approvals',
    );
  if (lists.length === 0 && named.length === 0)
    problems.error('no-approvers', value, 'the policy names nobody', 'add `approvers: [human:…]`');
  return all.length === 0 ? null : { kind, approvers: [...new Set(all)], atLeast };
}

/** A policy of `policies.yaml`. */
function readName(
  { key, value }: Field,
  name: string,
  beside: readonly string[],
  known: KnownNames,
  problems: Problems,
): AskedPolicy | null {
  if (beside.length > 0) {
    problems.error(
      'bad-policy',
      value,
      `${quote(key)} is \`any\` or \`all\` of the approvers, or names a policy, and then names nobody besides: not ${quote(name)}`,
      'leave `approvers` out',
    );
    return null;
  }
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(name) || (known.policies && !known.policies.includes(name))) {
    const hint = problems.didYouMean(name, [...(known.policies ?? SHIPPED_POLICIES), 'any', 'all']);
    problems.error('unknown-policy', value, `there is no approval policy ${quote(name)}`, hint);
    return null;
  }
  if (!known.policies && !SHIPPED_POLICIES.includes(name))
    problems.warning(
      'policy-unchecked',
      value,
      `whether there is an approval policy ${quote(name)} is only known on the server`,
      problems.didYouMean(name, SHIPPED_POLICIES),
    );
  return { kind: 'named', name };
}

function readKind(field: Field | undefined, problems: Problems): 'any' | 'all' | null {
  const text = readText(field, problems);
  if (!field || text === null) return null;
  if (text === 'any' || text === 'all') return text;
  problems.error('bad-policy', field.value, `a policy is \`any\` or \`all\`, not ${quote(text)}`);
  return null;
}

function readApprovers(field: Field, known: KnownNames, problems: Problems): readonly string[] {
  if (field.value.kind === 'map') {
    problems.error(
      'bad-value',
      field.value,
      `${quote(field.key)} is a list such as \`[human:team-lead]\`, not ${describe(field.value)}`,
    );
    return [];
  }
  // One text may list several: `approvers: team-lead, tech-lead`.
  const found = readTexts(field, problems).flatMap(({ text, at }) =>
    text.split(/\s*,\s*/).flatMap((one) => (one === '' ? [] : [{ text: one, at }])),
  );
  if (field.value.kind === 'list' && field.value.items.length === 0) {
    problems.error('no-approvers', field.value, `${quote(field.key)} is empty`, 'add `human:<role or handle>`');
  }
  if (found.length > MAX_APPROVERS)
    problems.error('bad-policy', field.value, `more than ${MAX_APPROVERS} approvers are named`);
  return [...new Set(found.flatMap(({ text, at }) => readApprover(text, at, known, problems)))];
}

/** `human:team-lead`, `role:team-lead`, `team-lead`, a handle, or a person's name as it is displayed. */
const PREFIXED = /^(?:([a-z]+):\s*)?(.*)$/s;
const APPROVER = /^[\p{L}\p{N}_@][\p{L}\p{N}_.@' -]{0,99}$/u;

function readApprover(text: string, at: At, known: KnownNames, problems: Problems): readonly string[] {
  const [, prefix, name = ''] = PREFIXED.exec(text)!;
  const isName = APPROVER.test(name);
  if (!isName || (prefix !== undefined && !HUMAN_PREFIXES.includes(prefix))) {
    const proper = isName ? `did you mean \`human:${name}\`?` : 'write `human:<role or handle>`';
    problems.error('bad-approver', at, `${quote(text)} is no approver`, proper);
    return [];
  }
  const people = known.people?.flatMap(({ handle, roles, name: shown }) =>
    prefix === 'role' ? roles : [handle, ...roles, ...(shown === undefined ? [] : [shown])],
  );
  if (people && !people.includes(name)) {
    const hint = problems.didYouMean(name, people, (near) => `human:${near}`);
    problems.warning('unknown-approver', at, `nobody is called ${quote(name)} or holds that job role now`, hint);
  }
  return [name];
}
