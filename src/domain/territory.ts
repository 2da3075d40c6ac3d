import { familyOf, mayDo } from './roles.js';

/** The files that a role owns in a project (R1.7), globs written as in `.gitignore`. */
export interface Territory {
  readonly role: string;
  readonly globs: readonly string[];
}

/**
 * Where an agent may change files: as holder of the role that the step asks for, else in any of its roles that may do the
 * action. A role without a territory has that of its family; null where one of them has none at all: then it is anywhere.
 */
export function territoryFor(
  roles: readonly string[],
  asked: string | null,
  action: string,
  known: readonly Territory[],
): Territory[] | null {
  const acting = asked === null ? roles.filter((role) => mayDo(role, action)) : [asked];
  const found = acting.map(
    (role) => known.find((one) => one.role === role) ?? known.find((one) => one.role === familyOf(role)),
  );
  return found.length === 0 || found.includes(undefined) ? null : found.filter((one) => one !== undefined);
}
