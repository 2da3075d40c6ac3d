import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Play {
  /** Lines of its output. */
  readonly output?: readonly string[];
  readonly errors?: string;
  readonly exitCode?: number;
  /** In place of what is printed. */
  readonly script?: string;
}

/** A program that cannot be had here, as its documentation has it: it takes what is documented, and says what is played. */
export class PlayedProgram {
  readonly #guards: string;
  #directory: string | null = null;

  /** @param guards shell lines that end it where it is started in a way that is not documented; they may read its input. */
  constructor(guards: string) {
    this.#guards = guards;
  }

  /** Gives the path of the program that says it. */
  play({ output = [], errors = '', exitCode = 0, script }: Play): string {
    this.#directory ??= mkdtempSync(join(tmpdir(), 'baton-played-'));
    const directory = this.#directory;
    // The agent is another user.
    chmodSync(directory, 0o755);
    writeFileSync(join(directory, 'output'), `${output.join('\n')}\n`, { mode: 0o644 });
    writeFileSync(join(directory, 'errors'), errors, { mode: 0o644 });
    const played = script ?? `cat "$here/output"; cat "$here/errors" >&2; exit ${exitCode}`;
    const program = join(directory, 'program');
    writeFileSync(program, `#!/bin/sh\nhere=$(dirname "$0")\n${this.#guards}\n${played}\n`);
    chmodSync(program, 0o755);
    return program;
  }

  remove(): void {
    if (this.#directory !== null) rmSync(this.#directory, { recursive: true });
  }
}
