import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { eventually } from '../support/eventually.js';
import { cliCommand } from './run-cli.js';

/**
 * A shell that says whether the command left the terminal as it found it. `trap` keeps it alive at a Ctrl-C, which the
 * terminal sends to all of them.
 */
const IN_TERMINAL = `trap : INT; stty cols 200 rows 50; before=$(stty -g); "$@"; code=$?
[ "$before" = "$(stty -g)" ] && echo "terminal as before" || echo "terminal changed: $(stty -g)"
exit $code`;

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** The command line at a real pseudo-terminal, with a person who types. */
export class Terminal {
  readonly #child;
  readonly #ended: Promise<number | null>;
  #output = '';
  #seen = 0;

  /** `script` of util-linux makes the pseudo-terminal: Node has none of its own. */
  constructor(args: readonly string[], env: Readonly<Record<string, string>>, cwd?: string) {
    const { program, argv, options } = cliCommand(args, { TERM: 'xterm', SHELL: '/bin/sh', ...env });
    const inside = [
      '/bin/sh',
      '-c',
      IN_TERMINAL,
      'sh',
      ...(cwd === undefined ? [] : ['env', '-C', cwd]),
      program,
      ...argv,
    ];
    this.#child = spawn(
      'script',
      ['--quiet', '--return', '--command', inside.map(quoted).join(' '), '/dev/null'],
      options,
    );
    const hear = (chunk: Buffer) => void (this.#output += chunk.toString());
    this.#child.stdout.on('data', hear);
    this.#child.stderr.on('data', hear);
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
  }

  /** What is on the terminal, without colours. */
  get text(): string {
    return stripVTControlCharacters(this.#output).replaceAll('\r', '');
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Waits for a text that was not there when it was last waited for. */
  async see(text: string | RegExp, timeoutMs = 60_000): Promise<void> {
    const at = () => {
      const rest = this.text.slice(this.#seen);
      const found = typeof text === 'string' ? rest.indexOf(text) : rest.search(text);
      return found === -1 ? null : this.#seen + found + 1;
    };
    try {
      this.#seen = await eventually(at, timeoutMs);
    } catch {
      throw new Error(`there is no ${String(text)} in:\n${this.text}`);
    }
  }

  async answer(question: string | RegExp, answer: string): Promise<void> {
    await this.see(question);
    this.type(`${answer}\r`);
  }

  /** The exit code, once the command has ended and the terminal is what it was before. */
  async end(): Promise<number | null> {
    await this.see('terminal as before');
    return this.#ended;
  }
}
