import { McpServer, type CallToolResult } from '@modelcontextprotocol/server';
import { withOrganisation, type Tx } from '../../db/connection.js';
import { useStepToken } from '../../db/step-tokens.js';
import type { StepWork } from '../../domain/step-work.js';
import { toProblem } from '../problem.js';
import type { ApiDeps } from '../deps.js';
import { STEP_TOOLS, type Told } from './step-tools.js';

/** What a step's token stands for. */
export interface StepSession {
  readonly hash: Buffer;
  readonly organisationId: string;
}

const INSTRUCTIONS =
  'Baton runs the step that you work at. Tell it how far you are, ask people through it where you cannot decide, and submit when you are done.';

/** The tools of one step: each call in one transaction, which holds the token until it is over. */
export function stepServer(deps: ApiDeps, session: StepSession): McpServer {
  const server = new McpServer({ name: 'baton', version: '1' }, { instructions: INSTRUCTIONS });
  for (const { name, title, description, input, readOnly, call } of STEP_TOOLS)
    server.registerTool(
      name,
      {
        ...{ title, description, inputSchema: input },
        annotations: { readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false },
      },
      async (given: never) => {
        try {
          return resultOf(await within(deps, session, readOnly, (tx, work) => call(tx, work, given)));
        } catch (error) {
          return resultOf({ refused: toProblem(error, deps.log).detail });
        }
      },
    );
  return server;
}

const ENDED = 'This attempt has ended: nothing that is said in it counts any more. End your turn.';
const REPORTED =
  'You have ended this attempt already, by a question or by submitting: end your turn, without further calls.';

const within = (
  { db }: ApiDeps,
  { hash, organisationId }: StepSession,
  readOnly: boolean,
  call: (tx: Tx, work: StepWork) => Promise<Told>,
): Promise<Told> =>
  withOrganisation(db, organisationId, async (tx) => {
    const use = await useStepToken(tx, hash);
    switch (use.kind) {
      case 'ended':
        return { refused: ENDED };
      case 'too-many':
        return { refused: `An attempt calls Baton at most ${use.most} times.` };
      case 'good':
        return use.report !== null && !readOnly ? { refused: REPORTED } : call(tx, use.work);
    }
  });

/** A refusal is a result as well: it is told to the model, which may do better. */
function resultOf(told: Told): CallToolResult {
  const [text, isError] = 'refused' in told ? [told.refused, true] : [told.says, false];
  return { content: [{ type: 'text', text }], isError };
}
