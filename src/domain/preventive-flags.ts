/**
 * What known programs read so that they ask nobody, wait for nobody and fetch nothing that is there (R7.11). Programs
 * that offer a variable for it get that: a command of a repository is a line of shell, which is not ours to rewrite.
 */
export const PREVENTIVE_ENVIRONMENT: Readonly<Record<string, string>> = {
  CI: 'true',
  NO_COLOR: '1',
  // npm, npx and pnpm: --yes, --prefer-offline.
  npm_config_yes: 'true',
  npm_config_prefer_offline: 'true',
  npm_config_update_notifier: 'false',
  COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
  // git: no prompt, no editor, and an end where a server says nothing for half a minute.
  GIT_TERMINAL_PROMPT: '0',
  GIT_EDITOR: 'true',
  GIT_HTTP_LOW_SPEED_LIMIT: '1000',
  GIT_HTTP_LOW_SPEED_TIME: '30',
  GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=30',
  // pip: --no-input; poetry and Debian's tools: the same.
  PIP_NO_INPUT: '1',
  POETRY_NO_INTERACTION: '1',
  DEBIAN_FRONTEND: 'noninteractive',
};

/** Jest knows these as flags only. What keeps its process alive after the tests is named, and does not keep it alive. */
const JEST_FLAGS = ['--forceExit', '--detectOpenHandles'];

/** Words that need no shell to be understood. */
const PLAIN = /^[\w@%+=:,./ -]+$/;
const ASSIGNMENT = /^\w+=/;
const JEST = /(^|\/)jest(\.js)?$/;
/** What runs a program of a package, the words that may stand before that left out. */
const RUNNERS = ['npx', 'npm exec --', 'pnpm exec', 'pnpm', 'yarn exec', 'yarn run', 'yarn', 'node'];
/** Options of package managers that change nothing of which script runs. */
const HARMLESS = ['--silent', '-s', '--if-present'];

type Scripts = Readonly<Record<string, string>>;

/**
 * A shell command with the flags that keep Jest from hanging, where that is what it runs: by itself, by a package
 * manager, or by a package's script that is nothing else. A flag that is there in any form stays as it is, and so does
 * every command that is more than plain words.
 *
 * @param scripts those of the `package.json` beside it.
 */
export function withPreventiveFlags(command: string, scripts: Scripts): string {
  const parts = command.split('&&');
  if (!parts.every((part) => PLAIN.test(part))) return command;
  const flagged = parts.map((part) => withFlags(part.trim(), scripts));
  return flagged.every((part, index) => part === parts[index]!.trim()) ? command : flagged.join(' && ');
}

function withFlags(part: string, scripts: Scripts): string {
  const words = wordsOf(part);
  const at = jestAt(words);
  if (at !== null) return [...words.slice(0, at + 1), ...missing(words), ...words.slice(at + 1)].join(' ');
  const name = calledScript(words) ?? '';
  const script = Object.hasOwn(scripts, name) ? scripts[name]! : '';
  if (!isOnlyJest(script)) return part;
  const flags = missing([...words, ...wordsOf(script)]);
  // npm takes for its own what comes before `--`; after a `--` of the script, flags would be names of tests.
  const between = words.includes('npm') && !words.includes('--') && flags.length > 0 ? ['--'] : [];
  return [...words, ...between, ...flags].join(' ');
}

const wordsOf = (text: string): string[] => text.split(' ').filter((word) => word !== '');

const isOnlyJest = (script: string): boolean =>
  PLAIN.test(script) && !wordsOf(script).includes('--') && jestAt(wordsOf(script)) !== null;

const missing = (words: readonly string[]): string[] =>
  JEST_FLAGS.filter((flag) => {
    const name = flag.slice(2);
    return !words.some((word) => [name, `no-${name}`].includes(word.replace(/^--/, '').replace(/=.*$/, '')));
  });

/** Where among the words Jest's program is; null where it is another. */
function jestAt(words: readonly string[]): number | null {
  const begin = afterAssignments(words);
  const behind = RUNNERS.map((runner) => runner.split(' '))
    .filter((runner) => runner.every((word, index) => words[begin + index] === word))
    .map((runner) => begin + runner.length);
  for (const from of [begin, ...behind]) {
    const options = from === begin ? 0 : words.slice(from).findIndex((word) => !word.startsWith('-'));
    if (JEST.test(words[from + options] ?? '')) return from + options;
  }
  return null;
}

/** The script of the package that is run; null where it is not plain which. */
function calledScript(words: readonly string[]): string | null {
  const [manager = '', ...rest] = words.slice(afterAssignments(words));
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  const [first, second] = own.filter((word) => !HARMLESS.includes(word));
  if (!['npm', 'pnpm', 'yarn'].includes(manager) || first === undefined || first.startsWith('-')) return null;
  if (own.some((word) => word.startsWith('-') && !HARMLESS.includes(word))) return null;
  if (first === 'run' || first === 'run-script') return second ?? null;
  if (first === 't') return 'test';
  return first === 'test' || manager !== 'npm' ? first : null;
}

function afterAssignments(words: readonly string[]): number {
  const at = words.findIndex((word) => !ASSIGNMENT.test(word));
  return at === -1 ? words.length : at;
}
