import type { Conversation, Turn } from '../agents/model/model-server.js';
import { languageOf, type Craft, type Edit } from './crafts.js';

export const QUESTION = {
  text: 'Should the new function be part of the public interface?',
  options: [
    { name: 'Public', says: 'everybody can call it' },
    { name: 'Internal', says: 'it can change at any time' },
  ],
  recommended: 'Public',
  freeText: false,
};

const SEPARATOR = '=====';
const LOOK = 'git ls-files --cached --others --exclude-standard';

/**
 * A model that works as an engineer does who sees a repository for the first time: it looks, asks people once, forgets a part,
 * reads why the tests fail, and adds what is missing. It knows its prompts and the results of its tools, and nothing else.
 */
export function engineer({ prompts, results }: Conversation): Turn {
  const told = prompts.join('\n');
  if (told.includes('(code.implement)')) return implement(told, results);
  if (told.includes('(code.writeTests)')) return writeTests(results);
  if (told.includes('(review.')) return review(told, results);
  return { say: 'There is nothing that I can do about this.' };
}

function implement(told: string, results: readonly string[]): Turn {
  const isAnswered = told.includes('# What people answered');
  const hasTools = told.includes("# Baton's tools");
  return looked(results, ({ begun, missing }, isBegun, later) => {
    if (!isAnswered && hasTools) return [{ tool: 'ask', input: QUESTION }, { say: 'I asked.' }][later]!;
    if (!isAnswered) return { say: `\`\`\`json\n${JSON.stringify({ type: 'question', ...QUESTION })}\n\`\`\`` };
    const edit = isBegun ? missing : begun;
    return [write(edit), { command: 'git status --short && git diff' }, { say: `Changed ${edit.path}.` }][later]!;
  });
}

const writeTests = (results: readonly string[]): Turn =>
  looked(results, ({ test }, _isBegun, later) => [write(test), { say: `Tested in ${test.path}.` }][later]!);

/** Cites a line that the diff adds. */
function review(told: string, results: readonly string[]): Turn {
  const base = /differs from commit ([0-9a-f]{7,64})/.exec(told)?.[1] ?? 'HEAD~1';
  const [diff] = results;
  if (diff === undefined) return { command: `git diff ${base}` };
  const file = /^\+\+\+ b\/(.+)$/m.exec(diff)?.[1] ?? 'nothing';
  const added = /^\+(?!\+\+)\s*(\S.*)$/m.exec(diff)?.[1] ?? 'nothing';
  const summary = `The change adds \`${added}\` to ${file}. I have nothing against it.`;
  return { say: `\`\`\`json\n${JSON.stringify({ summary, findings: [] })}\n\`\`\`` };
}

/** Two commands to know the repository, then what follows from them. */
function looked(
  [listed, read, ...later]: readonly string[],
  then: (craft: Craft, isBegun: boolean, later: number) => Turn,
): Turn {
  if (listed === undefined) return { command: LOOK };
  const files = listed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[\w./@+-]+$/.test(line));
  const language = languageOf(files);
  if (read === undefined)
    return {
      command: language
        .reads(files)
        .map((path) => `echo '${SEPARATOR} ${path}'; cat '${path}'`)
        .join('; '),
    };
  const contents = contentsOf(read);
  const craft = language.craft(files, contents);
  const { path, text, appended = false } = craft.begun;
  const isBegun = appended ? squeezed(contents.get(path) ?? '').includes(squeezed(text)) : files.includes(path);
  return then(craft, isBegun, later.length);
}

function contentsOf(read: string): ReadonlyMap<string, string> {
  const parts = read.split(new RegExp(`^${SEPARATOR} `, 'm')).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')).trim(), part.slice(part.indexOf('\n') + 1)]));
}

/** The linter of the repository may change spaces. */
const squeezed = (text: string): string => text.replaceAll(/\s/g, '');

/** Some repositories count a wrong space as a failed test: their own linter corrects it. */
const formatted = (path: string): string =>
  /\.[cm]?[jt]s$/.test(path) ? `; if test -x node_modules/.bin/xo; then node_modules/.bin/xo --fix '${path}'; fi` : '';

const write = ({ path, text, appended = false }: Edit): Turn => ({
  command: `mkdir -p "$(dirname '${path}')" && cat ${appended ? '>>' : '>'} '${path}' <<'END'\n${text}END\ntrue${formatted(path)}`,
});
