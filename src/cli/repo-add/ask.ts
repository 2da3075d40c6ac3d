import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRepositoryConfig } from '../../schema/repository-config.js';
import type { Context } from '../context.js';
import type { Interruption } from '../terminal/interruption.js';
import { askLine } from '../terminal/prompt.js';

export type Choice = 'accept' | 'passed' | 'edit' | 'repeat' | 'without' | 'undo';

const KEYS: Readonly<Record<string, Choice>> = {
  a: 'accept',
  p: 'passed',
  e: 'edit',
  t: 'repeat',
  w: 'without',
  u: 'undo',
};

/**
 * Asks what becomes of a configuration. The end of the input keeps the repository without the file.
 *
 * @param canTakePassed whether a part of it passed and another did not.
 */
export async function askWhatNow(
  { out }: Context,
  canTakePassed: boolean,
  interruption: Interruption,
): Promise<Choice> {
  const accept = canTakePassed ? '[a]ccept all of it, accept only what [p]assed' : '[a]ccept';
  const question = `${accept}, [e]dit, [t]ry again, keep the repository [w]ithout the file, [u]ndo? `;
  for (;;) {
    const answer = await askLine(question, interruption);
    if (answer === null) return 'without';
    const choice = KEYS[answer.toLowerCase().slice(0, 1)];
    if (choice !== undefined && (choice !== 'passed' || canTakePassed)) return choice;
    out(`Type one of ${canTakePassed ? 'a, p' : 'a'}, e, t, w, u.`);
  }
}

/** Has a person edit the text until it is a valid configuration, or is as it was. */
export async function edit(context: Context, text: string, interruption: Interruption): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-edit-'));
  const file = join(folder, 'repository.yaml');
  try {
    await writeFile(file, text);
    for (let before = text; ;) {
      await openEditor(context, file);
      interruption.throwIfHappened();
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
  if (code !== 0) note(`The editor \`${editor}\` failed with exit code ${String(code)}. Set EDITOR to another one.`);
}
