import { z } from 'zod';
import { textOf, type Asked, type Protocol } from './model-server.js';

const requestBody = z.looseObject({
  model: z.string().min(1),
  stream: z.literal(true),
  input: z.array(z.looseObject({ type: z.string() })).min(1),
  tools: z.array(z.looseObject({ type: z.string(), name: z.string().optional() })).optional(),
});
type Body = z.infer<typeof requestBody>;

const isTurn = (item: Body['input'][number]): boolean =>
  item.type === 'function_call' || (item.type === 'message' && item['role'] === 'assistant');

/** OpenAI's Responses API, streamed: platform.openai.com/docs/api-reference/responses-streaming. */
export const openAiResponses: Protocol = {
  matches: (method, path) => method === 'POST' && path === '/v1/responses',

  read(request, body) {
    const parsed = requestBody.safeParse(JSON.parse(body));
    const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
    if (!parsed.success) return { key, turns: 0, aside: false, fault: z.prettifyError(parsed.error) };
    const { input, tools } = parsed.data;
    return {
      key,
      turns: input.filter(isTurn).length,
      aside: !tools?.some(({ name }) => name === 'exec_command'),
      fault: unanswered(input),
      told: input.flatMap(told),
    };
  },

  answer(response, turn, body) {
    const { model } = JSON.parse(body) as Body;
    const id = Math.random().toString(36).slice(2);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (type: string, data: object): unknown =>
      response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    send('response.created', { response: { id: `resp_${id}`, model } });
    const item = !('say' in turn)
      ? {
          type: 'function_call',
          id: `fc_${id}`,
          call_id: `call_${id}`,
          ...('command' in turn
            ? { name: 'exec_command', arguments: JSON.stringify({ cmd: turn.command }) }
            : { namespace: 'mcp__baton', name: turn.tool, arguments: JSON.stringify(turn.input) }),
        }
      : {
          type: 'message',
          id: `msg_${id}`,
          role: 'assistant',
          content: [{ type: 'output_text', text: turn.say, annotations: [] }],
        };
    send('response.output_item.done', { output_index: 0, item });
    const usage = {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 40 },
      output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 120,
    };
    send('response.completed', { response: { id: `resp_${id}`, usage } });
    response.end();
  },

  error(response, status, headers, message) {
    const error = { message, type: status === 429 ? 'rate_limit_exceeded' : 'api_error', code: null };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error }));
  },
};

function told(item: Body['input'][number]): NonNullable<Asked['told']> {
  if (item.type === 'function_call_output') return [{ by: 'tool', text: textOf(item['output']) }];
  const isPrompt = item.type === 'message' && item['role'] === 'user';
  return isPrompt ? [{ by: 'user', text: textOf(item['content']) }] : [];
}

/** Every call of a function has its output, as the API requires. */
function unanswered(input: Body['input']): string | null {
  const answered = input.filter(({ type }) => type === 'function_call_output').map((item) => item['call_id']);
  const open = input.find((item) => item.type === 'function_call' && !answered.includes(item['call_id']));
  return open ? `the call ${String(open['call_id'])} has no output` : null;
}
