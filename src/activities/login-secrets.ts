import { CODING_PROGRAMS } from '../agents/coding-programs.js';

/** The tokens of all logins that programs have on this worker, by value. */
export const loginSecrets = (variables: Readonly<Record<string, string | undefined>>): readonly string[] =>
  CODING_PROGRAMS.flatMap(({ login }) => {
    const found = login?.find(variables);
    return found === undefined || typeof found === 'string' ? [] : found.secrets;
  });
