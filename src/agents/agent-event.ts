import type { ListPrice, ModelTokens } from '../domain/usage.js';

/**
 * What an agent did, in one vocabulary whatever program it is (R7.10). Paths are relative to the workspace where they
 * lie in it; texts are as the program gave them and may be long.
 */
export type AgentEvent =
  | { readonly type: 'think'; readonly text: string }
  | { readonly type: 'message'; readonly text: string }
  /** `digest`: of all that was asked for, where the program tells it: the same only where the very same is done again. */
  | { readonly type: 'read'; readonly what: string; readonly digest?: string }
  | { readonly type: 'edit'; readonly path: string; readonly digest?: string; readonly result: ToolResult | null }
  | { readonly type: 'command'; readonly command: string; readonly result: ToolResult | null }
  | { readonly type: 'tool'; readonly tool: string; readonly input: string; readonly result: ToolResult | null }
  /** Of the whole attempt so far; what the program does not report is null: unknown, not zero. */
  | {
      readonly type: 'usage';
      readonly inputTokens: number | null;
      readonly outputTokens: number | null;
      readonly costUsd: number | null;
      /** By model; for a list price, and not kept. */
      readonly models?: readonly ModelTokens[];
      /** Where the program reports no cost. */
      readonly listPrice?: ListPrice;
    }
  /** The program's context was condensed to make room. */
  | { readonly type: 'condense' }
  | { readonly type: 'error'; readonly text: string };

export interface ToolResult {
  readonly ok: boolean;
  readonly text: string;
}

const MAX_LINE = 300;

/** An event as a line of the log. */
export function describeEvent(event: AgentEvent): string {
  switch (event.type) {
    case 'think':
    case 'message':
    case 'error':
      return `${event.type}: ${oneLine(event.text)}`;
    case 'read':
      return `read ${oneLine(event.what)}`;
    case 'edit':
      return `edit ${event.path}${failure(event.result)}`;
    case 'command':
      return `$ ${oneLine(event.command)}${failure(event.result)}`;
    case 'tool':
      return `${event.tool} ${oneLine(event.input)}${failure(event.result)}`;
    case 'usage': {
      const tokens = (count: number | null): string => (count === null ? 'unknown' : String(count));
      return `usage: ${tokens(event.inputTokens)} tokens in, ${tokens(event.outputTokens)} out, ${costIn(event)}`;
    }
    case 'condense':
      return 'condensed its context';
  }
}

function costIn({ costUsd, listPrice }: Extract<AgentEvent, { type: 'usage' }>): string {
  if (costUsd !== null) return `$${costUsd.toFixed(4)}`;
  if (!listPrice) return 'cost unknown';
  return `${listPrice.isMinimum ? '≥' : '≈'} $${listPrice.usd.toFixed(4)}, list price of ${listPrice.date}`;
}

const failure = (result: ToolResult | null): string =>
  result === null || result.ok ? '' : ` — failed: ${oneLine(result.text)}`;

function oneLine(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 1)}…` : line;
}
