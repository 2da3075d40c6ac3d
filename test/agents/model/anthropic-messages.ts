import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { textOf, type Asked, type Protocol } from './model-server.js';

const block = z.looseObject({ type: z.string() });
const requestBody = z.looseObject({
  model: z.string().min(1),
  max_tokens: z.number().int().positive(),
  /** Claude Code asks once more without, where a stream was of no use. */
  stream: z.boolean().optional(),
  messages: z
    .array(
      z.looseObject({ role: z.enum(['user', 'assistant', 'system']), content: z.union([z.string(), z.array(block)]) }),
    )
    .min(1),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
});
type Body = z.infer<typeof requestBody>;

const isTurn = ({ role, content }: Body['messages'][number]): boolean =>
  role === 'assistant' && Array.isArray(content) && content.length > 0;

/** Anthropic's Messages API, streamed: docs.anthropic.com/en/api/messages-streaming. */
export const anthropicMessages: Protocol = {
  matches: (method, path) => method === 'POST' && path === '/v1/messages',

  read(request, body) {
    const parsed = requestBody.safeParse(JSON.parse(body));
    const { 'x-api-key': apiKey, authorization = '', 'anthropic-beta': beta = '' } = request.headers;
    const [, token = null] = /^Bearer (.+)$/.exec(authorization) ?? [];
    const asked = { key: typeof apiKey === 'string' ? apiKey : token };
    // What a login's token is taken with only.
    if (token !== null && ![beta].flat().join().includes('oauth-2025-04-20'))
      return { ...asked, turns: 0, aside: false, fault: 'it does not say that its token is of a login' };
    if (!parsed.success) return { ...asked, turns: 0, aside: false, fault: z.prettifyError(parsed.error) };
    if (request.headers['anthropic-version'] !== '2023-06-01')
      return { ...asked, turns: 0, aside: false, fault: 'it names no anthropic-version' };
    const { messages, tools } = parsed.data;
    return {
      ...asked,
      turns: messages.filter(isTurn).length,
      aside: !tools?.some(({ name }) => name === 'Bash'),
      fault: unanswered(messages),
      told: messages.flatMap(told),
    };
  },

  answer(response, turn, body) {
    const { model, stream } = JSON.parse(body) as Body;
    if (stream !== true) throw new Error('a turn was asked for without a stream');
    const id = Math.random().toString(36).slice(2);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (type: string, data: object): unknown =>
      response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    const usage = { input_tokens: 100, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
    const message = { id: `msg_${id}`, type: 'message', role: 'assistant', model, content: [], usage };
    send('message_start', { message: { ...message, stop_reason: null, stop_sequence: null } });
    if (!('say' in turn)) {
      const isShell = 'command' in turn;
      const call = {
        type: 'tool_use',
        id: `toolu_${id}`,
        name: isShell ? 'Bash' : `mcp__baton__${turn.tool}`,
        input: {},
      };
      const input = JSON.stringify(
        isShell ? { command: turn.command, description: 'what the playbook says' } : turn.input,
      );
      send('content_block_start', { index: 0, content_block: call });
      send('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json: input } });
    } else {
      send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
      send('content_block_delta', { index: 0, delta: { type: 'text_delta', text: turn.say } });
    }
    send('content_block_stop', { index: 0 });
    const stop_reason = 'say' in turn ? 'end_turn' : 'tool_use';
    send('message_delta', { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 20 } });
    send('message_stop', {});
    response.end();
  },

  error: (response, status, headers, message) => fail(response, status, headers, message),
};

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

function fail(response: ServerResponse, status: number, headers: Record<string, string>, message: string): void {
  const error = { type: TYPES[status] ?? 'api_error', message };
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify({ type: 'error', error }));
}

/** Beside results of tools, a message of the user has the program's own reminders, and no prompt. */
function told({ role, content }: Body['messages'][number]): NonNullable<Asked['told']> {
  if (role !== 'user') return [];
  const results = Array.isArray(content) ? content.filter(({ type }) => type === 'tool_result') : [];
  if (results.length === 0) return [{ by: 'user', text: textOf(content) }];
  return results.map((result) => ({ by: 'tool', text: textOf(result['content']) }));
}

/** Every use of a tool is answered by the message after it, as the API requires. */
function unanswered(messages: Body['messages']): string | null {
  for (const [index, { role, content }] of messages.entries()) {
    if (role !== 'assistant' || !Array.isArray(content)) continue;
    const next = messages.slice(index + 1).find((message) => message.role === 'user')?.content;
    const answered = Array.isArray(next) ? next.map((part) => part['tool_use_id']) : [];
    const open = content.find((part) => part.type === 'tool_use' && !answered.includes(part['id']));
    if (open) return `the tool use ${String(open['id'])} has no result`;
  }
  return null;
}
