import type { JsonObject } from '../../domain/json.js';
import { commandEntry } from '../../schema/agent-entry.js';
import type { Harness } from '../harness.js';
import { parseEntry } from '../parse-entry.js';
import { runProgram } from '../run-program.js';
import { shippedProgram } from '../shipped-program.js';

/** Any program: JSON request on stdin, edits the workspace, JSON lines on stdout. */
export const command: Harness = {
  async run(entry, request, context) {
    const program = shippedProgram(parseEntry(commandEntry, entry, 'command'), context);
    return runProgram(program, request as unknown as JsonObject, context);
  },
};
