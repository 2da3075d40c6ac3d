/**
 * Makes a conversation of Gemini CLI such as its API takes it again. The program keeps what came of a tool twice, with the
 * call and as a message after it, and sends both when it goes on; of a call that it was ended in it keeps no result. Here
 * each result stays with its call, and a call without one goes. Runs in the agent's sandbox.
 *
 * Its argument is the conversation's name; its files are below `.gemini/tmp` of the home, lines of JSON: messages, of which
 * the last of an id counts, and changes of what stands above them (packages/core/src/services/chatRecordingService.ts).
 */
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Part {
  readonly functionCall?: { readonly id?: string };
  readonly functionResponse?: { readonly id?: string };
}

interface ToolCall {
  readonly id: string;
  readonly result?: unknown;
}

interface Message {
  readonly id: string;
  readonly type: string;
  readonly content?: unknown;
  readonly thoughts?: readonly unknown[];
  readonly toolCalls?: readonly ToolCall[];
}

interface Line {
  readonly id?: string;
  readonly $rewindTo?: string;
  readonly $set?: { readonly messages?: readonly Message[] };
  readonly messages?: readonly Message[];
}

/** What the lines come to, as the program reads them. */
function load(lines: readonly Line[]): { head: object; messages: readonly Message[] } {
  let head: object = {};
  let messages = new Map<string, Message>();
  const replace = (all: readonly Message[]): void => void (messages = new Map(all.map((one) => [one.id, one])));
  for (const line of lines) {
    if (line.$rewindTo !== undefined) {
      const known = [...messages.values()];
      const at = known.findIndex(({ id }) => id === line.$rewindTo);
      replace(at === -1 ? [] : known.slice(0, at));
    } else if (line.id !== undefined) {
      messages.set(line.id, line as Message);
    } else {
      const { messages: all, ...rest } = line.$set ?? line;
      if (all) replace(all);
      head = { ...head, ...rest };
    }
  }
  return { head, messages: [...messages.values()] };
}

const partsOf = (value: unknown): readonly Part[] => (Array.isArray(value) ? (value as readonly Part[]) : []);
const responsesIn = (value: unknown): readonly string[] =>
  partsOf(value).flatMap(({ functionResponse }) => (functionResponse?.id === undefined ? [] : [functionResponse.id]));

/** A call keeps what came of it, and nothing of its neighbours. */
function withOwnResult(call: ToolCall): ToolCall {
  if (!Array.isArray(call.result)) return call;
  const own = partsOf(call.result).filter(({ functionResponse }) => (functionResponse?.id ?? call.id) === call.id);
  return { ...call, result: own };
}

const hasResult = ({ result }: ToolCall): boolean =>
  Array.isArray(result) ? result.length > 0 : result !== undefined && result !== null;

function mend(messages: readonly Message[]): readonly Message[] {
  const withCalls = messages.map((message) =>
    message.toolCalls ? { ...message, toolCalls: message.toolCalls.map(withOwnResult).filter(hasResult) } : message,
  );
  const kept = new Set(withCalls.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id }) => id)));
  const answered = new Set([...kept, ...withCalls.flatMap(({ content }) => responsesIn(content))]);
  return withCalls.flatMap((message) => {
    if (!Array.isArray(message.content)) return [message];
    const content = partsOf(message.content).filter(
      ({ functionCall, functionResponse }) =>
        !(functionResponse && kept.has(functionResponse.id ?? '')) &&
        !(functionCall && !answered.has(functionCall.id ?? '')),
    );
    return content.length === 0 && (message.toolCalls ?? []).length === 0 ? [] : [{ ...message, content }];
  });
}

function parse(line: string): readonly Line[] {
  try {
    return [JSON.parse(line) as Line];
  } catch {
    // The end of a file that was being written.
    return [];
  }
}

const name = process.argv[2]!;
const chats = join(process.env['HOME']!, '.gemini', 'tmp');
const files = (readdirSync(chats, { recursive: true }) as string[]).filter((file) =>
  file.endsWith(`-${name.slice(0, 8)}.jsonl`),
);
for (const file of files) {
  const path = join(chats, file);
  const { head, messages } = load(readFileSync(path, 'utf8').split('\n').flatMap(parse));
  const text = [head, ...mend(messages)].map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(`${path}.mended`, text);
  renameSync(`${path}.mended`, path);
}
