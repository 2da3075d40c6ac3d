import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../domain/json.js';
import { ONE_SHOT_MIB } from '../../domain/sandbox-settings.js';
import { programFile } from '../../sandbox/program-file.js';
import { playbookEntry } from '../../schema/agent-entry.js';
import type { AgentRequest, Harness } from '../harness.js';
import { parseEntry } from '../parse-entry.js';
import { runProgram } from '../run-program.js';
import { withLimits } from '../with-limits.js';

const PROGRAMS = fileURLToPath(new URL('../programs', import.meta.url));
const PROGRAM = programFile(PROGRAMS, 'playbook');
const PROGRAMS_INSIDE = '/opt/agent';

/** Replays named file edits; needs no key, and says in its log that it does. For demos, tests and dry runs. */
export const playbook: Harness = {
  async run(entry, request, context) {
    const { moves, sandbox } = parseEntry(playbookEntry, entry, 'playbook');
    const answer = request.answers.at(-1)?.option;
    const move = moves.find(
      ({ action, repository, attempt, answered }) =>
        action === request.action &&
        (repository ?? request.repository) === request.repository &&
        (attempt ?? request.attempt) === request.attempt &&
        (answered ?? answer) === answer,
    );
    if (!move) {
      const message = `The playbook has no move for ${request.action} on ${request.repository}, attempt ${request.attempt}.`;
      return { kind: 'failed', code: 'no-move', message, retryable: false, usage: null };
    }
    context.log(`playbook: replaying recorded edits for ${request.action} on ${request.repository}; no model is asked`);
    const inside = context.isolation === 'off' ? PROGRAMS : PROGRAMS_INSIDE;
    return runProgram(
      { argv: ['node', `${inside}/${PROGRAM}`], readOnly: [{ source: PROGRAMS, target: PROGRAMS_INSIDE }] },
      { ...move, session: request.session, done: doneIn(request) } as unknown as JsonObject,
      withLimits(context, { memoryMib: ONE_SHOT_MIB, ...sandbox }),
    );
  },
};

const doneIn = ({ checklist }: AgentRequest): readonly string[] =>
  checklist.items.filter(({ status }) => status === 'done').map(({ text }) => text);
