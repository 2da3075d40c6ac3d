/**
 * A hook of Claude Code before it uses a tool: what people have answered to this very use, and where nobody has answered
 * yet, that it is put off; the program then ends, and asks again when it goes on (code.claude.com/docs/en/hooks,
 * PreToolUse). Runs beside the agent, in its sandbox.
 *
 * Its argument is the file of the answers, by the id of the use: `{isAllowed, says}`.
 */
import { readFileSync } from 'node:fs';

interface Answer {
  readonly isAllowed: boolean;
  readonly says: string;
}

const { tool_use_id: id } = JSON.parse(readFileSync(0, 'utf8')) as { tool_use_id: string };
const answers = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Record<string, Answer>;
const answer = answers[id];
const decision = answer
  ? { permissionDecision: answer.isAllowed ? 'allow' : 'deny', permissionDecisionReason: answer.says }
  : { permissionDecision: 'defer' };
process.stdout.write(JSON.stringify({ hookSpecificOutput: { hookEventName: 'PreToolUse', ...decision } }));
