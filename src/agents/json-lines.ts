import type { z } from 'zod';
import { BatonError } from '../domain/errors.js';
import { keepable } from '../domain/keepable.js';
import { refuseJson } from './keepable-json.js';
import type { AgentEvent } from './agent-event.js';
import {
  agentLine,
  type AgentAnswer,
  type AgentQuestion,
  type AgentUsage,
  type MarkedItem,
} from '../schema/agent-output.js';

/** Where an agent's checklist is kept; each gives why it cannot be, as a sentence's end. */
export interface ChecklistSink {
  add(items: readonly string[]): string | null;
  mark(item: MarkedItem): string | null;
}

/** Where what it says is kept, live. */
interface Kept {
  readonly log: (line: string) => void;
  readonly checklist: ChecklistSink;
  readonly event: (event: AgentEvent) => void;
}

/** A line longer than this is not of the protocol. */
const MAX_LINE_BYTES = 1024 * 1024;

/**
 * Reads an agent's stdout as JSON lines of `log`, `usage`, `checklist`, `item`, what it does, and one final `result` or `question`. The first line that is not of the
 * protocol fails the attempt with its number and what is wrong with it.
 */
export class JsonLines {
  answer: AgentAnswer | null = null;
  question: AgentQuestion | null = null;
  usage: AgentUsage | null = null;
  fault: BatonError | null = null;
  #rest = '';
  #line = 0;
  readonly #decoder = new TextDecoder();
  readonly #kept: Kept;

  constructor(kept: Kept) {
    this.#kept = kept;
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
    if (!this.#isOver() && !this.fault) this.#refuse('it ended without a line of type "result" or "question"');
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
    const refused = refuseJson(value);
    if (refused !== null) return `line ${this.#line} ${refused}`;
    const parsed = agentLine.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return `line ${this.#line}, /${issue!.path.join('/')}: ${issue!.message}`;
    }
    if (this.#isOver()) return `line ${this.#line} comes after the ${this.answer ? 'result' : 'question'}`;
    const wrong = this.#keep(parsed.data);
    return wrong === null ? null : `line ${this.#line} ${wrong}`;
  }

  #keep(line: z.infer<typeof agentLine>): string | null {
    switch (line.type) {
      case 'checklist':
        return this.#kept.checklist.add(line.items);
      case 'item':
        return this.#kept.checklist.mark(withoutType(line));
      case 'log':
        this.#kept.log(line.message);
        return null;
      case 'usage':
        this.usage = withoutType(line);
        return null;
      case 'question':
        this.question = withoutType(line);
        return null;
      case 'result':
        this.answer = withoutType(line);
        return null;
      default:
        this.#kept.event(line);
        return null;
    }
  }

  #isOver(): boolean {
    return this.answer !== null || this.question !== null;
  }

  #refuse(what: string): void {
    const message = `The agent's output is not of the protocol: ${keepable(what)}.`;
    this.fault ??= new BatonError('agent-output-invalid', message);
  }
}

const withoutType = <T extends { readonly type: string }>({ type: _type, ...rest }: T): Omit<T, 'type'> => rest;
