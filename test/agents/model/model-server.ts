import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { anthropicMessages } from './anthropic-messages.js';
import { geminiApi } from './gemini-api.js';
import { openAiChat } from './openai-chat.js';
import { openAiResponses } from './openai-responses.js';

/** What the model does in one turn of a conversation. */
export type Turn =
  /** Runs a command in the agent's shell; the turn is over when its result is in the conversation. */
  | { readonly command: string }
  | { readonly say: string }
  /** Calls a tool of an MCP server of the program's, the name of which is `baton`. */
  | { readonly tool: string; readonly input: object }
  /** Answers with an HTTP error, always where `times` is left out. */
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly message: string;
      readonly times?: number;
    }
  /** Takes the request and never answers. */
  | { readonly stall: true }
  /** Answers 200 with what is of no protocol. */
  | { readonly nonsense: string };

/** A turn that is an answer. */
export type PlayedTurn =
  { readonly command: string } | { readonly say: string } | { readonly tool: string; readonly input: object };

/** A request as a protocol reads it: how many turns of the model it has had already, and who asks. */
export interface Asked {
  readonly turns: number;
  readonly key: string | null;
  /** What the protocol does not allow; null where it is as documented. */
  readonly fault: string | null;
  /** Asks something beside the conversation, such as for a title. */
  readonly aside: boolean;
  /** What the user wrote and what tools gave, the oldest first. */
  readonly told?: readonly Told[];
}

interface Told {
  readonly by: 'user' | 'tool';
  readonly text: string;
}

/** What a model knows. */
export interface Conversation {
  /** Texts of the user, the oldest first. */
  readonly prompts: readonly string[];
  /** Results of the tools that were called since the newest prompt, the oldest first. */
  readonly results: readonly string[];
}

/** One API of a model provider. */
export interface Protocol {
  matches(method: string, path: string): boolean;
  read(request: IncomingMessage, body: string): Asked;
  answer(response: ServerResponse, turn: PlayedTurn, body: string): void;
  error(response: ServerResponse, status: number, headers: Record<string, string>, message: string): void;
}

const PROTOCOLS: readonly Protocol[] = [anthropicMessages, geminiApi, openAiChat, openAiResponses];

/**
 * A model on loopback that real agent programs talk to: it plays turns, and refuses what the provider would refuse. The
 * turn is found by the conversation itself, as a model does, so that a session that goes on is not asked again.
 */
export class ModelServer {
  turns: readonly Turn[] = [];
  /** Turns of the conversations that have a text in them, the first that fits; in place of `turns`. */
  conversations: readonly (readonly [about: string, turns: readonly Turn[]])[] = [];
  /** Decides each turn by the conversation alone; in place of `turns` and `conversations`. */
  mind: ((conversation: Conversation) => Turn) | null = null;
  /** Whom it answers; null: everybody. */
  key: string | null = null;
  /** Indices of the turns that were asked for, in their order. */
  asked: number[] = [];
  /** Bodies of the conversation's requests. */
  bodies: string[] = [];
  /** What programs did that no provider would take. */
  readonly faults: string[] = [];
  readonly #failed = new Map<number, number>();
  readonly #server = createServer((request, response) => {
    void this.#take(request, response).catch((error: unknown) => {
      this.faults.push(String(error));
      response.destroy();
    });
  });

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  play(...turns: readonly Turn[]): void {
    this.turns = turns;
    this.asked = [];
    this.bodies = [];
    this.#failed.clear();
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const path = request.url!.split('?')[0]!;
    const protocol = PROTOCOLS.find((known) => known.matches(request.method!, path));
    if (!protocol) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"no such path"}}');
      return;
    }
    const asked = protocol.read(request, body);
    if (asked.fault !== null) {
      this.faults.push(`${request.method!} ${path}: ${asked.fault}`);
      protocol.error(response, 400, {}, asked.fault);
      return;
    }
    if (this.key !== null && asked.key !== this.key) {
      protocol.error(response, 401, {}, 'invalid key');
      return;
    }
    if (asked.aside) {
      protocol.answer(response, { say: 'a title' }, body);
      return;
    }
    this.asked.push(asked.turns);
    this.bodies.push(body);
    const [, turns] = this.conversations.find(([about]) => body.includes(about)) ?? [null, this.turns];
    const turn = this.mind?.(conversationOf(asked.told ?? [])) ??
      turns[asked.turns] ?? { say: 'There is nothing more to do.' };
    if ('stall' in turn) return;
    if ('nonsense' in turn) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(turn.nonsense);
      return;
    }
    if ('status' in turn) {
      const failed = this.#failed.get(asked.turns) ?? 0;
      if (turn.times === undefined || failed < turn.times) {
        this.#failed.set(asked.turns, failed + 1);
        protocol.error(response, turn.status, turn.headers ?? {}, turn.message);
        return;
      }
      protocol.answer(response, { say: 'There is nothing more to do.' }, body);
      return;
    }
    protocol.answer(response, turn, body);
  }
}

function conversationOf(told: readonly Told[]): Conversation {
  const texts = (by: Told['by'], of: readonly Told[]) => of.filter((item) => item.by === by).map(({ text }) => text);
  const newest = told.findLastIndex(({ by }) => by === 'user');
  return { prompts: texts('user', told), results: texts('tool', told.slice(newest + 1)) };
}

/** The text of a message's content, which APIs take as a string or as a list of parts. */
export const textOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : Array.isArray(content)
      ? content.map((part: { readonly text?: unknown }) => (typeof part.text === 'string' ? part.text : '')).join('\n')
      : '';
