import { BatonError } from '../domain/errors.js';
import { keepable } from '../domain/keepable.js';
import { agentLine, type AgentAnswer, type AgentUsage } from '../schema/agent-output.js';

/** A line longer than this is not of the protocol. */
const MAX_LINE_BYTES = 1024 * 1024;
/** JSON of any depth is a way to exhaust a stack: whatever reads it further on walks it by recursion. */
const MAX_DEPTH = 60;

/**
 * Reads an agent's stdout as JSON lines of `log`, `usage` and one final `result`. The first line that is not of the
 * protocol fails the attempt with its number and what is wrong with it.
 */
export class JsonLines {
  answer: AgentAnswer | null = null;
  usage: AgentUsage | null = null;
  fault: BatonError | null = null;
  #rest = '';
  #line = 0;
  readonly #decoder = new TextDecoder();
  readonly #log: (line: string) => void;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  push(chunk: Buffer): void {
    if (this.fault) return;
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#read(line);
    if (this.#rest.length > MAX_LINE_BYTES) this.#refuse(`line ${this.#line + 1} is longer than 1 MiB`);
  }

  end(): void {
    if (this.#rest.trim() !== '') this.#read(this.#rest);
    if (!this.answer && !this.fault) this.#refuse('it ended without a line of type "result"');
  }

  #read(line: string): void {
    this.#line += 1;
    if (this.fault || line.trim() === '') return;
    try {
      const wrong = this.#take(line);
      if (wrong !== null) this.#refuse(wrong);
    } catch (error) {
      // Lines come in a stream's listener, where nobody catches: no line may end the worker.
      this.#refuse(`line ${this.#line} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** What is wrong with the line; null when it was taken. */
  #take(line: string): string | null {
    if (Buffer.byteLength(line) > MAX_LINE_BYTES) return `line ${this.#line} is longer than 1 MiB`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return `line ${this.#line} is not JSON: ${line.slice(0, 120)}`;
    }
    if (isDeeperThan(MAX_DEPTH, value)) return `line ${this.#line} is nested more than ${MAX_DEPTH} deep`;
    if (!isStorable(value)) return `line ${this.#line} holds a NUL or half of a character`;
    const parsed = agentLine.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return `line ${this.#line}, /${issue!.path.join('/')}: ${issue!.message}`;
    }
    if (this.answer) return `line ${this.#line} comes after the result`;
    const { type, ...rest } = parsed.data;
    if (type === 'log') this.#log((rest as { message: string }).message);
    else if (type === 'usage') this.usage = rest as AgentUsage;
    else this.answer = rest as AgentAnswer;
    return null;
  }

  #refuse(what: string): void {
    const message = `The agent's output is not of the protocol: ${keepable(what)}.`;
    this.fault ??= new BatonError('agent-output-invalid', message);
  }
}

const isDeeperThan = (depth: number, value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (depth === 0 || Object.values(value).some((item) => isDeeperThan(depth - 1, item)));

/** What neither a text column nor JSON of the record can hold: U+0000 and surrogates without their other half. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item));
}
