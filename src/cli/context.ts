import { once } from 'node:events';
import type { Command } from 'commander';
import { ApiClient } from './client/api-client.js';
import { findServer } from './client/find-server.js';
import { createStyle, type Style } from './output/style.js';

/** What commands stand on: where they write, and how they find the server. */
export interface Context {
  readonly env: NodeJS.ProcessEnv;
  readonly style: Style;
  readonly client: () => ApiClient;
  /** One line for people or programs, on standard output. */
  readonly out: (line: string) => void;
  /** Bytes as they are, on standard output. Resolves when there is room for more. */
  readonly write: (chunk: Uint8Array) => Promise<void>;
  /** Whether standard output is a terminal, which what agents printed could control. */
  readonly isTerminal: boolean;
  /** One line about the work itself, on standard error. */
  readonly note: (line: string) => void;
  /** How the process ends, where a command ends well but its subject did not. */
  exitCode: number;
  /** Whether nobody reading on is the end: `baton runs | head` closes the pipe early, and that is no error. */
  endsWithReader: boolean;
}

interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

export function createContext({ stdout, stderr, env }: Streams): Context {
  const colours = stdout.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  const context: Context = {
    env,
    style: createStyle(colours),
    client: () => new ApiClient(findServer(env)),
    out: (line) => void stdout.write(`${line}\n`),
    write: async (chunk) => {
      if (!stdout.write(chunk)) await once(stdout, 'drain');
    },
    isTerminal: stdout.isTTY,
    note: (line) => void stderr.write(`${line}\n`),
    exitCode: 0,
    endsWithReader: true,
  };
  stdout.on('error', () => {
    if (context.endsWithReader) process.exit(0);
  });
  return context;
}

/** Whether the command was asked for one JSON document instead of text. */
export const wantsJson = (command: Command): boolean => command.optsWithGlobals<{ json?: boolean }>().json === true;

/** Says a result: as JSON, or as the lines that people read. */
export function say(context: Context, command: Command, value: unknown, lines: () => readonly string[]): void {
  if (wantsJson(command)) context.out(JSON.stringify(value, null, 2));
  else for (const line of lines()) context.out(line);
}
