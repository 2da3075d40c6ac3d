import type { JsonObject } from '../../domain/json.js';
import { commandEntry } from '../../schema/agent-entry.js';
import type { Harness } from '../harness.js';
import { parseEntry } from '../parse-entry.js';
import { runProgram } from '../run-program.js';
import { shippedProgram } from '../shipped-program.js';
import { withLimits } from '../with-limits.js';

/** Any program: JSON request on stdin, edits the workspace, JSON lines on stdout. */
export const command: Harness = {
  async run(entry, request, context) {
    const { sandbox, ...program } = parseEntry(commandEntry, entry, 'command');
    const shipped = shippedProgram(program, context);
    return runProgram(shipped, request as unknown as JsonObject, withLimits(context, sandbox));
  },
};
