import type { GivenAnswer, Question } from './question.js';
import { cutText } from './text.js';

/** What an agent's program may be told to do only when people allow it. */
export const ASKED_KINDS = ['command', 'edit', 'fetch', 'other'] as const;
export type AskedKind = (typeof ASKED_KINDS)[number];

/** What a program asks people to allow. */
export interface PermissionRequest {
  readonly kind: AskedKind;
  /** What the program finds it by again when it goes on. */
  readonly key: string;
}

export interface Permission {
  readonly isAllowed: boolean;
  /** What people said to it. */
  readonly says: string;
}

/** What people have answered to the requests of a step so far. */
export interface Permissions {
  /** Kinds that are allowed for the rest of the step. */
  readonly allowed: readonly AskedKind[];
  readonly byKey: Readonly<Record<string, Permission>>;
}

const ALLOW = 'Allow';
const ALLOW_ALL = 'Allow all';
const DENY = 'Deny';
const MAX_BYTES = 3_500;

const DOES: Readonly<Record<AskedKind, { readonly one: string; readonly all: string }>> = {
  command: { one: 'run a command', all: 'all further commands' },
  edit: { one: 'change a file', all: 'all further changes of files' },
  fetch: { one: 'fetch something', all: 'all that it wants to fetch further' },
  other: { one: 'use a tool', all: 'all further uses of such tools' },
};

/**
 * A program's request as it is put to people.
 *
 * @param what it wants to do, as it says it itself; may have many lines.
 */
export function permissionQuestion(title: string, what: string, permission: PermissionRequest): Question {
  const { one, all } = DOES[permission.kind];
  return {
    text: `${title} asks whether it may ${one}:\n\n${cutText(what, MAX_BYTES)}`,
    options: [
      { name: ALLOW, says: 'It does this, and asks again the next time.' },
      { name: ALLOW_ALL, says: `It does this, and ${all} in this step.` },
      { name: DENY, says: 'It does not; the reason is told to it, and it goes on.' },
    ],
    recommended: null,
    freeText: true,
    permission,
  };
}

/** Own words without an option are no yes. */
export function permissionsOf(answers: readonly GivenAnswer[]): Permissions {
  const given = answers.flatMap((answer) => (answer.permission ? [{ ...answer, permission: answer.permission }] : []));
  return {
    allowed: given.flatMap(({ option, permission }) => (option === ALLOW_ALL ? [permission.kind] : [])),
    byKey: Object.fromEntries(
      given.map(({ option, text, reason, by, permission }) => [
        permission.key,
        {
          isAllowed: option === ALLOW || option === ALLOW_ALL,
          says: `${by}: ${[option, text, reason].filter((part) => part !== null).join(', ')}`,
        },
      ]),
    ),
  };
}
