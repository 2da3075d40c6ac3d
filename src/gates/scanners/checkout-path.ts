import { WORKSPACE } from '../../sandbox/policy.js';

/** The path in the repository of a file that a tool names by where it lies, in the sandbox or outside. */
export function checkoutPath(path: string, workspace: string): string {
  const root = [WORKSPACE, workspace].find((folder) => path.startsWith(`${folder}/`));
  return (root === undefined ? path : path.slice(root.length + 1)).replace(/^\.\//, '');
}
