import type { ReadOnlyBind } from '../sandbox/policy.js';
import type { commandEntry } from '../schema/agent-entry.js';
import type { z } from 'zod';
import type { AgentContext } from './harness.js';

const DIRECTORY_INSIDE = '/opt/agent';
/** Node finds it from `DIRECTORY_INSIDE` as the `node_modules` of a folder above. */
const MODULES_INSIDE = '/opt/node_modules';

/** How a program that lies on the host is started: its arguments, and what of the host it sees. */
export function shippedProgram(
  { argv, directory, modules }: Pick<z.infer<typeof commandEntry>, 'argv' | 'directory' | 'modules'>,
  { isolation }: Pick<AgentContext, 'isolation'>,
  words: Readonly<Record<string, string>> = {},
): { readonly argv: readonly string[]; readonly readOnly: readonly ReadOnlyBind[] } {
  const known = { ...words, directory: isolation === 'off' ? (directory ?? '') : DIRECTORY_INSIDE };
  return {
    argv: argv.map((argument) =>
      Object.entries(known).reduce((text, [word, value]) => text.replaceAll(`{${word}}`, value), argument),
    ),
    readOnly: [
      ...(directory === null ? [] : [{ source: directory, target: DIRECTORY_INSIDE }]),
      ...(modules === null ? [] : [{ source: modules, target: MODULES_INSIDE }]),
    ],
  };
}
