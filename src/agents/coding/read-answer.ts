import { agentResult, type AgentAnswer } from '../../schema/agent-output.js';
import { refuseJson } from '../keepable-json.js';
import { keepable } from '../../domain/keepable.js';

/**
 * An agent's answer out of its last message: the block of JSON at its end, or, where a change counts and not the
 * answer, the message itself as summary. A string says what is wrong with it.
 */
export function readAnswer(message: string, mode: 'change' | 'analysis', session: string | null): AgentAnswer | string {
  const blocks = [...message.matchAll(/```(?:json)?[ \t]*\n([\s\S]*?)\n[ \t]*```/g)];
  const text = blocks.at(-1)?.[1] ?? (message.trim().startsWith('{') ? message : null);
  const told = { summary: keepable(message.trim()), output: {}, findings: [], session };
  if (text === null) return mode === 'change' ? parse(told) : 'has no block of JSON at its end';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return mode === 'change' ? parse(told) : 'ends with a block that is not JSON';
  }
  const refused = refuseJson(value);
  if (refused !== null) return refused;
  const answer = typeof value === 'object' && value !== null ? { ...value, session } : value;
  const parsed = parse(answer);
  return typeof parsed === 'string' && mode === 'change' ? parse(told) : parsed;
}

function parse(value: unknown): AgentAnswer | string {
  const parsed = agentResult.safeParse(typeof value === 'object' ? { type: 'result', ...value } : value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `ends with a block that is not of the shape, at /${issue!.path.join('/')}: ${issue!.message}`;
  }
  const { type: _type, ...answer } = parsed.data;
  return answer;
}
