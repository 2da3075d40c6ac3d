import { EventSourceParserStream } from 'eventsource-parser/stream';
import {
  isJSONRPCRequest,
  parseJSONRPCMessage,
  PROTOCOL_VERSION_META_KEY,
  type JSONRPCMessage,
} from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { problem } from '../../schema/api/problem.js';

/** Where a step's tools are, and what opens them. */
export interface Door {
  readonly url: string;
  readonly token: string;
}

/** Brings each message to the API, which serves the tools, and its answers back; until standard input ends. */
export async function passOn(door: Door): Promise<void> {
  const transport = new StdioServerTransport();
  const open = new Set<Promise<void>>();
  const ended = new Promise<void>((resolve) => (transport.onclose = resolve));
  transport.onmessage = (message) => {
    const answering = answer(door, message, (reply) => transport.send(reply)).finally(() => open.delete(answering));
    open.add(answering);
  };
  process.stdin.once('end', () => void Promise.all(open).then(() => transport.close()));
  await transport.start();
  await ended;
}

async function answer(
  door: Door,
  message: JSONRPCMessage,
  reply: (message: JSONRPCMessage) => Promise<void>,
): Promise<void> {
  try {
    const response = await post(door, message);
    if (response.body === null || response.status === 202) return;
    if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
      const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
      for await (const { data } of events) if (data !== '') await reply(parseJSONRPCMessage(JSON.parse(data)));
      return;
    }
    const body: unknown = await response.json();
    const refused = problem.safeParse(body);
    if (refused.success) throw new Error(refused.data.detail);
    await reply(parseJSONRPCMessage(body));
  } catch (error) {
    if (!isJSONRPCRequest(message)) return;
    const said = error instanceof Error ? error.message : String(error);
    await reply({ jsonrpc: '2.0', id: message.id, error: { code: -32_000, message: `Baton: ${said}` } });
  }
}

function post({ url, token }: Door, message: JSONRPCMessage): Promise<Response> {
  const version = isJSONRPCRequest(message) ? message.params?._meta?.[PROTOCOL_VERSION_META_KEY] : undefined;
  return fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(typeof version === 'string' && { 'mcp-protocol-version': version }),
    },
    body: JSON.stringify(message),
  });
}
