import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Half of a start is compiling: Node keeps what came of it, by the content of each file. */
const COMPILED = join(tmpdir(), 'baton-test-compiled');

/** How the command line is started. */
export const cliCommand = (args: readonly string[], env: Readonly<Record<string, string>>) => ({
  program: process.execPath,
  argv: [
    '--disable-warning=ExperimentalWarning',
    '--import',
    join(root, 'test/support/typescript-imports.js'),
    join(root, 'src/cli/main.ts'),
    ...args,
  ],
  options: {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      BATON_DATA_DIR: '/nonexistent/baton',
      NODE_COMPILE_CACHE: COMPILED,
      ...env,
    },
  },
});

/** The command line as a process of its own, as people start it. */
export function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input?: string,
): Promise<Ended> {
  const { program, argv, options } = cliCommand(args, env);
  const child = spawn(program, argv, options);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
}
