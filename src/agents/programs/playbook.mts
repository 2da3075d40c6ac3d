import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

interface Edits {
  readonly write: Readonly<Record<string, string>>;
  readonly replace: readonly { readonly file: string; readonly find: string; readonly with: string }[];
}

/** The program inside the sandbox: reads one move on stdin and makes its edits in the working directory. */
interface Move extends Edits {
  readonly summary: string;
  readonly log: readonly string[];
  readonly paceMs: number;
  readonly checklist: readonly (Edits & {
    readonly item: string;
    readonly log: readonly string[];
    readonly status: string;
    readonly note: string | null;
  })[];
  readonly remove: readonly string[];
  readonly findings: readonly unknown[];
  readonly output: unknown;
  /** What it asks in place of a result. */
  readonly ask: Readonly<Record<string, unknown>> | null;
  /** That of its move before, where the same agent goes on. */
  readonly session: string | null;
  /** Items that are done. */
  readonly done: readonly string[];
}

const say = (line: Record<string, unknown>): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const given = await text(process.stdin);
const move = JSON.parse(given) as Move;
if (move.session !== null) say({ type: 'log', message: `goes on with ${move.session}` });
const tell = async (messages: readonly string[]): Promise<void> => {
  for (const message of messages) {
    say({ type: 'log', message });
    await pause(move.paceMs);
  }
};
const edit = async ({ write, replace }: Edits): Promise<void> => {
  for (const [path, content] of Object.entries(write)) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    say({ type: 'log', message: `wrote ${path}` });
  }
  for (const { file, find, with: replacement } of replace) {
    const content = await readFile(file, 'utf8');
    if (!content.includes(find)) {
      process.stderr.write(`${file} does not contain ${JSON.stringify(find)}\n`);
      process.exit(1);
    }
    await writeFile(
      file,
      content.replace(find, () => replacement),
    );
    say({ type: 'log', message: `edited ${file}` });
  }
};

await tell(move.log);
if (move.checklist.length > 0) say({ type: 'checklist', items: move.checklist.map(({ item }) => item) });
for (const part of move.checklist) {
  const { item, status, note } = part;
  if (move.done.includes(item)) continue;
  await tell(part.log);
  await edit(part);
  say({ type: 'item', item, status, note });
  await pause(move.paceMs);
}
await edit(move);
for (const path of move.remove) {
  await rm(path, { recursive: true, force: true });
  say({ type: 'log', message: `removed ${path}` });
}
const session = move.session ?? `playbook-${createHash('sha256').update(given).digest('hex').slice(0, 12)}`;
say(
  move.ask
    ? { type: 'question', ...move.ask, session }
    : { type: 'result', summary: move.summary, findings: move.findings, output: move.output, session },
);
