import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { missingTool } from '../../domain/missing-tool.js';
import { findProgram } from '../find-program.js';
import { findHostTools, TOOLCHAINS_VARIABLE } from './host-tools.js';
import type { ToolEnvironment } from './layouts.js';

/** The exit code of a shell that does not find a program. */
export const NOT_FOUND = 127;

/**
 * Says which program a command could not find, whether the worker's PATH has it, and how to let the sandbox see it.
 *
 * @param output the end of what the command printed.
 * @returns null where the output names no program.
 */
export function tellMissingTool(output: string, env: ToolEnvironment = process.env): string | null {
  const tool = missingTool(output);
  if (tool === null) return null;
  if (tool.includes('/'))
    return `There is no \`${tool}\` in the sandbox. Correct the path, or have the set-up command make it.`;
  const found = findProgram(tool, env['PATH'] ?? '');
  if (found === null)
    return (
      `The worker's PATH has no \`${tool}\`. Install it where the worker runs and restart the worker, ` +
      'or have the set-up command install it into the repository.'
    );
  const folder = dirname(found);
  const { path, refused } = findHostTools(env);
  const has = `The worker's PATH has \`${tool}\` at ${found}`;
  const how = `${TOOLCHAINS_VARIABLE} and restart the worker; docs/operating.md has the setting.`;
  const why = refused.find((one) => one.folder === folder)?.why;
  if (why !== undefined)
    return `${has}, and the sandbox does not show that folder: ${why}. Install it in another folder, and name that in ${how}`;
  if (!path.includes(realpathSync(folder)))
    return `${has}, and the sandbox does not show that folder. Name it in ${how}`;
  return `${has}, which the sandbox shows. It needs a folder that the sandbox does not: name that too in ${how}`;
}
