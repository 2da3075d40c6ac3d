import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { readRepositoryConfig } from '../../schema/repository-config.js';
import type { Context } from '../context.js';

export type Choice = 'accept' | 'edit' | 'repeat' | 'without' | 'undo';

const KEYS: Readonly<Record<string, Choice>> = { a: 'accept', e: 'edit', t: 'repeat', w: 'without', u: 'undo' };
const QUESTION = '[a]ccept, [e]dit, [t]ry again, keep the repository [w]ithout the file, [u]ndo? ';

/** Asks what becomes of a configuration. The end of the input keeps the repository without the file. */
export async function askWhatNow(context: Context): Promise<Choice> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<null>((resolve) => terminal.once('close', () => resolve(null)));
  try {
    for (;;) {
      const answer = await Promise.race([terminal.question(QUESTION), ended]);
      if (answer === null) return 'without';
      const choice = KEYS[answer.trim().toLowerCase().slice(0, 1)];
      if (choice !== undefined) return choice;
      context.out('Type one of a, e, t, w, u.');
    }
  } finally {
    terminal.close();
  }
}

/** Has a person edit the text until it is a valid configuration, or is as it was. */
export async function edit(context: Context, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-edit-'));
  const file = join(folder, 'repository.yaml');
  try {
    await writeFile(file, text);
    for (let before = text; ;) {
      await openEditor(context, file);
      const edited = await readFile(file, 'utf8');
      const read = readRepositoryConfig(edited);
      if (read.kind === 'valid') return edited;
      for (const { line, column, pointer, message } of read.faults)
        context.out(`${line}:${column} ${pointer} ${message}`);
      if (edited === before) return text;
      before = edited;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openEditor({ env, note }: Context, file: string): Promise<void> {
  const editor = env['VISUAL'] ?? env['EDITOR'] ?? 'vi';
  const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) note(`The editor \`${editor}\` ended with ${String(code)}: set EDITOR to another one.`);
}
