import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { familyOf, mayDo, ROLE_ACTIONS } from '../domain/roles.js';

// As far from the sources as from what is built of them.
const DIRECTORY = fileURLToPath(new URL('../../templates/roles', import.meta.url));
const known = new Map<string, string | null>();

/** The instructions that Baton ships for a role (R1.6), or for the family that it belongs to; null where there are none. */
export function roleInstructions(role: string): string | null {
  const family = familyOf(role);
  if (family === null) return null;
  if (!known.has(family)) {
    const file = join(DIRECTORY, `${family}.md`);
    known.set(family, existsSync(file) ? readFileSync(file, 'utf8') : null);
  }
  return known.get(family)!;
}

/** What an agent is told for an action: the instructions of those of its roles that may do it, each once. */
export const instructionsFor = (roles: readonly string[], action: string): string | null => {
  const texts = roles.filter((role) => mayDo(role, action)).flatMap((role) => roleInstructions(role) ?? []);
  return texts.length === 0 ? null : [...new Set(texts)].join('\n');
};

/** The roles of R1.6 with what they may do and what they are told. */
export const shippedRoles = () =>
  Object.entries(ROLE_ACTIONS).map(([name, actions]) => ({
    name,
    actions: [...actions],
    instructions: roleInstructions(name) ?? '',
  }));
