import { printedLines } from './output-lines.js';

/** Shells: `sh: 1: uv: not found`, `bash: line 1: uv: command not found`. */
const SHELL = /^(?:\S+: )*(?:line )?(?:\d+: )?(\S+): (?:command )?not found$/;
/** env, also of the first line of a script: `env: ‘node’: No such file or directory`. */
const ENV = /^(?:\S*\/)?env: ['‘"]?([^'’":\s]+)['’"]?: No such file or directory$/;
const NAME = /^[\w.+@/-]{1,100}$/;

/** The program that a command could not find, as the last such line of its output names it; null: none. */
export function missingTool(output: string): string | null {
  const names = printedLines(output).flatMap((line) => SHELL.exec(line)?.[1] ?? ENV.exec(line)?.[1] ?? []);
  return names.findLast((name) => NAME.test(name)) ?? null;
}
