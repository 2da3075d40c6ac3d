import { BatonError } from '../../domain/errors.js';
import type { JsonObject } from '../../domain/json.js';
import { commandEntry } from '../../schema/agent-entry.js';
import type { Harness } from '../harness.js';
import { runProgram } from '../run-program.js';

const DIRECTORY_INSIDE = '/opt/agent';
/** Node finds it from `DIRECTORY_INSIDE` as the `node_modules` of a folder above. */
const MODULES_INSIDE = '/opt/node_modules';

/** Any program: JSON request on stdin, edits the workspace, JSON lines on stdout. */
export const command: Harness = {
  async run(entry, request, context) {
    const parsed = commandEntry.safeParse(entry);
    if (!parsed.success) {
      throw new BatonError(
        'agent-entry-invalid',
        `The agent's entry is not that of a command: ${parsed.error.issues[0]!.message}`,
      );
    }
    const { argv, directory, modules } = parsed.data;
    const inside = context.isolation === 'off' ? (directory ?? '') : DIRECTORY_INSIDE;
    return runProgram(
      {
        argv: argv.map((argument) => argument.replaceAll('{directory}', inside)),
        readOnly: [
          ...(directory === null ? [] : [{ source: directory, target: DIRECTORY_INSIDE }]),
          ...(modules === null ? [] : [{ source: modules, target: MODULES_INSIDE }]),
        ],
      },
      request as unknown as JsonObject,
      context,
    );
  },
};
