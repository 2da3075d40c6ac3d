import type { Login } from './login.js';

/** A login whose token is in a variable of the worker, the first of these that is set. */
export const tokenLogin = (
  title: string,
  variables: readonly [string, ...string[]],
  make: string,
  route?: Login['route'],
): Login => {
  const [own] = variables;
  const how = `${make}, and set ${variables.join(' or ')} in the environment of the worker`;
  return {
    how,
    ...(route && { route }),
    find(environment) {
      const token = variables.map((name) => environment[name]).find((value) => value !== undefined && value !== '');
      if (token === undefined) return `${title} has no login on this worker: ${how}.`;
      return {
        headers: { authorization: `Bearer ${token}` },
        env: { [own]: token },
        account: token,
        secrets: [token],
      };
    },
  };
};
