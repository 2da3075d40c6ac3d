import { z } from 'zod';
import { textOf, type Asked, type Protocol } from './model-server.js';

const requestBody = z.looseObject({
  model: z.string().min(1),
  stream: z.boolean().optional(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).optional(),
  messages: z
    .array(
      z.looseObject({
        role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
        tool_calls: z.array(z.looseObject({ id: z.string(), type: z.literal('function') })).optional(),
        tool_call_id: z.string().optional(),
      }),
    )
    .min(1),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).optional(),
});
type Body = z.infer<typeof requestBody>;

/** OpenAI's chat completions, whole or streamed: platform.openai.com/docs/api-reference/chat. */
export const openAiChat: Protocol = {
  matches: (method, path) => method === 'POST' && path === '/v1/chat/completions',

  read(request, body) {
    const parsed = requestBody.safeParse(JSON.parse(body));
    const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
    if (!parsed.success) return { key, turns: 0, aside: false, fault: z.prettifyError(parsed.error) };
    const { messages, tools, stream } = parsed.data;
    return {
      key,
      turns: messages.filter(({ role }) => role === 'assistant').length,
      // Agents ask for streams, and with a shell.
      aside: stream === true && !tools?.some((tool) => tool.function.name === 'bash'),
      fault: unanswered(messages),
      told: messages.flatMap(told),
    };
  },

  answer(response, turn, body) {
    const { model, stream, stream_options } = JSON.parse(body) as Body;
    const id = Math.random().toString(36).slice(2);
    const cached = { prompt_tokens_details: { cached_tokens: 40 } };
    const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, ...cached };
    const call =
      'say' in turn
        ? null
        : 'tool' in turn
          ? turn.input
          : { command: turn.command, description: 'what the playbook says' };
    const called = { name: 'tool' in turn ? `baton_${turn.tool}` : 'bash', arguments: JSON.stringify(call) };
    const message = {
      role: 'assistant',
      content: 'say' in turn ? turn.say : null,
      ...(call && { tool_calls: [{ index: 0, id: `call_${id}`, type: 'function', function: called }] }),
    };
    const finish_reason = call ? 'tool_calls' : 'stop';
    const base = { id: `chatcmpl-${id}`, created: 1_700_000_000, model };
    if (stream !== true) {
      const whole = { ...base, object: 'chat.completion', choices: [{ index: 0, message, finish_reason }], usage };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (data: object): unknown =>
      response.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', ...data })}\n\n`);
    send({ choices: [{ index: 0, delta: message, finish_reason: null }] });
    send({ choices: [{ index: 0, delta: {}, finish_reason }] });
    if (stream_options?.include_usage === true) send({ choices: [], usage });
    response.end('data: [DONE]\n\n');
  },

  error(response, status, headers, message) {
    const error = { message, type: status === 429 ? 'rate_limit_exceeded' : 'api_error', param: null, code: null };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error }));
  },
};

const told = ({ role, ...message }: Body['messages'][number]): NonNullable<Asked['told']> =>
  role === 'user' || role === 'tool' ? [{ by: role, text: textOf(message['content']) }] : [];

/** Every call of a tool has its message, as the API requires. */
function unanswered(messages: Body['messages']): string | null {
  const answered = messages.map(({ tool_call_id }) => tool_call_id);
  const open = messages.flatMap(({ tool_calls = [] }) => tool_calls).find(({ id }) => !answered.includes(id));
  return open ? `the call ${open.id} has no answer` : null;
}
