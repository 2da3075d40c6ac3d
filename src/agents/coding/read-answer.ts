import { agentQuestion, agentResult, type AgentAnswer, type AgentQuestion } from '../../schema/agent-output.js';
import { refuseJson } from '../keepable-json.js';
import { keepable } from '../../domain/keepable.js';

/** What a last message comes to. */
export type Said =
  | { readonly kind: 'answered'; readonly answer: AgentAnswer }
  | { readonly kind: 'asked'; readonly question: AgentQuestion };

/**
 * An agent's answer, or its question to people, out of its last message: the block of JSON at its end, or, where a change
 * counts and not the answer, the message itself as summary. A string says what is wrong with it.
 */
export function readAnswer(message: string, mode: 'change' | 'analysis', session: string | null): Said | string {
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
  const parsed = parse(typeof value === 'object' && value !== null ? { ...value, session } : value);
  return typeof parsed === 'string' && mode === 'change' && !isQuestion(value) ? parse(told) : parsed;
}

const isQuestion = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'question';

function parse(value: unknown): Said | string {
  const schema = isQuestion(value) ? agentQuestion : agentResult;
  const parsed = schema.safeParse(
    typeof value === 'object' && !isQuestion(value) ? { ...value, type: 'result' } : value,
  );
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `ends with a block that is not of the shape, at /${issue!.path.join('/')}: ${issue!.message}`;
  }
  const { type, ...said } = parsed.data;
  return type === 'question'
    ? { kind: 'asked', question: said as AgentQuestion }
    : { kind: 'answered', answer: said as AgentAnswer };
}
