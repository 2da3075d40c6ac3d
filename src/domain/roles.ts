const BUILDS = ['code.implement', 'code.fix', 'code.refactor', 'code.diagnose', 'code.reproduce'];
const TESTS = ['code.writeTests', 'code.reproduce', 'test.verify'];
const REVIEWS = ['review.code', 'review.security', 'review.expedited'];

/** What of the catalogue's actions a role may do (R1.9). Actions that no role is named for are anybody's. */
export const ROLE_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  engineer: ['code.diagnose'],
  orchestrator: ['orchestrate.advise', 'code.diagnose', 'test.verify', ...REVIEWS],
  developer: BUILDS,
  tester: TESTS,
  reviewer: REVIEWS,
  auditor: REVIEWS,
  maintainer: BUILDS,
  'qa-breaker': [...TESTS, ...REVIEWS],
  devops: BUILDS,
  'prompt-engineer': BUILDS,
  'product-manager': ['review.code'],
};

const OWNED = new Set(Object.values(ROLE_ACTIONS).flat());

/** The role of the table that a role belongs to: `reviewer` for `code-reviewer`; null where the table has none. */
export function familyOf(role: string): string | null {
  const families = Object.keys(ROLE_ACTIONS);
  // `prompt-engineer` is one itself, and no `engineer`.
  return families.find((known) => role === known) ?? families.find((known) => role.endsWith(`-${known}`)) ?? null;
}

/** What of the catalogue who holds the role may do; null: it has no bounds. */
export function actionsOf(role: string): string[] | null {
  const family = familyOf(role);
  return family === null ? null : [...ROLE_ACTIONS[family]!];
}

/** Whether who holds the role may do the action. A role of a project's own has no bounds. */
export function mayDo(role: string, action: string): boolean {
  const family = familyOf(role);
  return family === null || !OWNED.has(action) || ROLE_ACTIONS[family]!.includes(action);
}

/** Whether an agent may do the action in one of its roles; one without roles in any. */
export const mayDoInAny = (roles: readonly string[], action: string): boolean =>
  roles.length === 0 || roles.some((role) => mayDo(role, action));

export interface PathChange {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'type-changed';
}

/** What a step changed that its action leaves alone, and why. */
export interface OutsideRole {
  readonly files: readonly string[];
  readonly why: string;
}

const SOURCE = /\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|kt|kts|scala|cs|php|swift|c|h|cc|cpp|hpp|vue|svelte|dart|ex|exs)$/;
const CONFIGURATION = /(?:^|\/)[^/]*\.(?:config|setup)\.[^/]*$/;

/**
 * What of a change is outside of the role that its action belongs to: a developer passes tests and does not change them, a
 * tester tests and does not implement. `code.implement` may bring tests of its own; those that stand stay as they are.
 */
export function findOutsideRole(
  action: string,
  changes: readonly PathChange[],
  isTest: (path: string) => boolean,
): OutsideRole | null {
  const outside = (why: string, wrong: (change: PathChange) => boolean): OutsideRole | null => {
    const files = changes.filter(wrong).map(({ path }) => path);
    return files.length === 0 ? null : { files, why };
  };
  switch (action) {
    case 'code.fix':
    case 'code.refactor':
      return outside('it must pass the tests, and does not change them', ({ path }) => isTest(path));
    case 'code.implement':
      return outside(
        'it must pass the tests that stand, and does not change or remove them',
        ({ path, status }) => status !== 'added' && isTest(path),
      );
    case 'code.writeTests':
    case 'code.reproduce':
      return outside(
        'it writes tests, and does not implement',
        ({ path }) => SOURCE.test(path) && !CONFIGURATION.test(path) && !isTest(path),
      );
    default:
      return null;
  }
}
