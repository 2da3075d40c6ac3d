import { createHash } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '../../domain/json.js';
import type { AskedKind } from '../../domain/permission-request.js';
import type { AgentEvent, ToolResult } from '../agent-event.js';
import { digestOf, inWorkspace, textOf } from '../coding/reading.js';

/** What is known so far of a call of a tool: fields of the protocol's ToolCall, read as they come. */
export type ToolCall = JsonObject;

/** What people are asked before it; null: it only looks, and nobody is. */
export function askedKindOf({ kind }: ToolCall): AskedKind | null {
  switch (kind) {
    case 'execute':
      return 'command';
    case 'edit':
    case 'delete':
    case 'move':
      return 'edit';
    case 'fetch':
      return 'fetch';
    case 'read':
    case 'search':
    case 'think':
      return null;
    default:
      return 'other';
  }
}

/** The same for the same use, also where the program asks anew in a later life under another id. */
export const requestKey = (call: ToolCall): string =>
  createHash('sha256')
    .update(JSON.stringify([call['kind'], describeCall(call)]))
    .digest('hex')
    .slice(0, 32);

/** What it does, as people read it. */
export function describeCall(call: ToolCall): string {
  const command = commandOf(call);
  if (command !== null) return command;
  const input = inputOf(call);
  const title = textOf(call['title']);
  return Object.keys(input).length === 0 ? title : `${title}\n${JSON.stringify(input, null, 2)}`;
}

/** What is new of a call: that a command begins, and what came of it. */
export function toolEvents(before: ToolCall, call: ToolCall): AgentEvent[] {
  const isOver = (status: Json | undefined): boolean => status === 'completed' || status === 'failed';
  const begins = commandOf(before) === null && commandOf(call) !== null;
  const ends = !isOver(before['status']) && isOver(call['status']);
  return [...(begins ? [eventOf(call, null)] : []), ...(ends ? [eventOf(call, resultOf(call))] : [])];
}

function eventOf(call: ToolCall, result: ToolResult | null): AgentEvent {
  const input = inputOf(call);
  const command = commandOf(call);
  if (command !== null) return { type: 'command', command, result };
  const what = pathOf(call) ?? textOf(call['title']);
  switch (askedKindOf(call)) {
    case 'edit':
      return { type: 'edit', path: what, digest: digestOf(input), result };
    case null:
      return { type: 'read', what, digest: digestOf(input) };
    default:
      return { type: 'tool', tool: textOf(call['title']), input: JSON.stringify(input), result };
  }
}

const inputOf = ({ rawInput }: ToolCall): JsonObject =>
  isJsonObject(rawInput ?? null) ? (rawInput as JsonObject) : {};

function commandOf(call: ToolCall): string | null {
  if (call['kind'] !== 'execute') return null;
  const { command } = inputOf(call);
  if (typeof command === 'string') return command;
  return Array.isArray(command) ? command.map(textOf).join(' ') : null;
}

function pathOf({ locations }: ToolCall): string | null {
  const first = Array.isArray(locations) ? ((locations as Json[])[0] ?? null) : null;
  return isJsonObject(first) ? inWorkspace(textOf(first['path'])) : null;
}

function resultOf({ status, content, rawOutput }: ToolCall): ToolResult {
  const parts = Array.isArray(content) ? content.filter(isJsonObject) : [];
  const text = parts.map((part) => textOf(part['content'])).join('\n');
  return { ok: status === 'completed', text: text === '' ? textOf(rawOutput) : text };
}
