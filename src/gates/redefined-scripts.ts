import { basename } from 'node:path/posix';
import picomatch from 'picomatch';
import { z } from 'zod';

/** A file that says what a package's script is, as a change found it and as it left it; null: not there. */
export interface Definition {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

type Scripts = Readonly<Record<string, string>>;

const PACKAGE = 'package.json';
/** What can put another shell or another program in the place of the package manager's own. */
const SETTINGS = ['.npmrc', '.yarnrc', '.yarnrc.yml', 'pnpm-workspace.yaml', 'bunfig.toml'];
const RUNS_SCRIPTS = /\b(npm|npx|yarn|pnpm|pnpx|bun|bunx)\b|\bnode\b.*\s--run\b/;

const manifest = z.object({ scripts: z.record(z.string(), z.string()).default({}) });

/** Whether a file of this path can say what a package's script is. */
export const definesScripts = (path: string): boolean => [PACKAGE, ...SETTINGS].includes(basename(path));

/**
 * What a change altered of the scripts that a command runs through a package manager, such as `test in package.json`.
 * The command itself is the default branch's, but `npm test` says nothing of what it runs: that is in the change.
 *
 * @param definitions the changed ones, and the root's `package.json`.
 */
export function redefinedScripts(command: string, definitions: readonly Definition[]): string[] {
  if (!RUNS_SCRIPTS.test(command)) return [];
  const changed = definitions.filter(({ before, after }) => before !== after);
  const packages = definitions
    .filter(({ path }) => basename(path) === PACKAGE)
    .map((file) => ({ ...file, old: scriptsOf(file.before), now: scriptsOf(file.after) }));
  const reached = reachedScripts(command, packages);
  return changed.flatMap(({ path }) => {
    const file = packages.find((known) => known.path === path);
    if (!file?.old || !file.now) return [path];
    const { old, now } = file;
    return [...reached].filter((name) => old[name] !== now[name]).map((name) => `${name} in ${path}`);
  });
}

/** The scripts that a command names, those that they name, and what runs before and after each. */
function reachedScripts(
  command: string,
  packages: readonly { readonly old: Scripts | null; readonly now: Scripts | null }[],
): Set<string> {
  const reached = new Set<string>();
  const open = words(command);
  for (let word = open.pop(); word !== undefined; word = open.pop()) {
    const means = picomatch(word, { nonegate: true });
    for (const { old, now } of packages) {
      for (const name of Object.keys({ ...old, ...now })) {
        if (reached.has(name) || (name !== word && !means(name))) continue;
        reached.add(name);
        open.push(`pre${name}`, `post${name}`, ...packages.flatMap((file) => words(file.old?.[name] ?? '')));
      }
    }
  }
  return reached;
}

function words(text: string): string[] {
  const found = text.split(/[\s;&|()<>"'`=,]+/).filter((word) => word !== '');
  return found.includes('t') ? [...found, 'test'] : found;
}

/** The scripts of a `package.json`; null where the file says nothing that can be compared. */
export function scriptsOf(text: string | null): Scripts | null {
  if (text === null) return {};
  try {
    return manifest.parse(JSON.parse(text)).scripts;
  } catch {
    return null;
  }
}
