import { z } from 'zod';
import type { Protocol } from './model-server.js';

const part = z.looseObject({
  text: z.string().optional(),
  functionCall: z.looseObject({ name: z.string(), id: z.string().optional() }).optional(),
  functionResponse: z.looseObject({ name: z.string(), response: z.looseObject({}) }).optional(),
});
const requestBody = z.looseObject({
  contents: z.array(z.looseObject({ role: z.enum(['user', 'model']), parts: z.array(part).min(1) })).min(1),
  tools: z
    .array(z.looseObject({ functionDeclarations: z.array(z.looseObject({ name: z.string() })).optional() }))
    .optional(),
});
type Body = z.infer<typeof requestBody>;

const PATH = /^\/v1beta\/models\/[\w.-]+:streamGenerateContent$/;
const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
};

/** What Gemini CLI puts in the place of a turn that never came. */
const INTERRUPTED = '[The previous response was interrupted before it completed.]';

const isTurn = ({ role, parts }: Body['contents'][number]): boolean =>
  role === 'model' && !parts.every(({ text }) => text === INTERRUPTED);

/** Google's Gemini API, streamed: ai.google.dev/api/generate-content. */
export const geminiApi: Protocol = {
  matches: (method, path) => method === 'POST' && PATH.test(path),

  read(request, body) {
    const parsed = requestBody.safeParse(JSON.parse(body));
    const header = request.headers['x-goog-api-key'];
    const key = typeof header === 'string' ? header : null;
    if (!parsed.success) return { key, turns: 0, aside: false, fault: z.prettifyError(parsed.error) };
    if (!request.url!.includes('alt=sse')) return { key, turns: 0, aside: false, fault: 'it asks for no events' };
    const { contents, tools } = parsed.data;
    const declared = tools?.flatMap(({ functionDeclarations = [] }) => functionDeclarations) ?? [];
    return {
      key,
      turns: contents.filter(isTurn).length,
      aside: !declared.some(({ name }) => name === 'run_shell_command'),
      fault: unanswered(contents),
    };
  },

  answer(response, turn) {
    const said =
      'say' in turn
        ? { text: turn.say }
        : 'tool' in turn
          ? { functionCall: { name: `mcp_baton_${turn.tool}`, args: turn.input } }
          : { functionCall: { name: 'run_shell_command', args: { command: turn.command } } };
    const usageMetadata = {
      ...{ promptTokenCount: 100, cachedContentTokenCount: 40 },
      ...{ candidatesTokenCount: 20, thoughtsTokenCount: 5, totalTokenCount: 125 },
    };
    const candidate = { index: 0, content: { role: 'model', parts: [said] }, finishReason: 'STOP' };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(
      `data: ${JSON.stringify({ candidates: [candidate], usageMetadata, modelVersion: 'test-model' })}\r\n\r\n`,
    );
  },

  error(response, status, headers, message) {
    const error = { code: status, message, status: STATUSES[status] ?? 'UNKNOWN' };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error }));
  },
};

/** The content after calls has as many responses, as the API requires. */
function unanswered(contents: Body['contents']): string | null {
  for (const [index, { role, parts }] of contents.entries()) {
    const calls = parts.filter(({ functionCall }) => functionCall);
    const answers = contents[index + 1]?.parts.filter(({ functionResponse }) => functionResponse) ?? [];
    if (role === 'model' && calls.length > 0 && answers.length !== calls.length)
      return `the calls of content ${index} have ${answers.length} responses`;
  }
  return null;
}
