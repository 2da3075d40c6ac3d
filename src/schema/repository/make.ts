import type { Part, ProposedCommand } from './part.js';
import { firstOf, textOf, type RepositoryFiles } from './repository-files.js';

const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'];

/** A Makefile's own targets; for what no package manager has a command for. */
export function detectMake(files: RepositoryFiles): Part | null {
  const makefile = firstOf(files, MAKEFILES);
  if (makefile === null) return null;
  const targets = new Set(
    [...textOf(files, makefile).matchAll(/^([A-Za-z0-9][\w.-]*(?:[ \t]+[\w.-]+)*)[ \t]*::?(?!=)/gm)].flatMap(
      ([, names]) => names!.split(/[ \t]+/),
    ),
  );
  const command = (...names: readonly string[]): ProposedCommand | undefined => {
    const target = names.find((name) => targets.has(name));
    return target === undefined ? undefined : { command: `make ${target}`, why: `${makefile} has a target ${target}` };
  };
  const test = command('test', 'tests', 'check');
  return {
    packageManager: 'make',
    because: makefile,
    test: test && { ...test, why: `${test.why}; its exit code alone decides` },
    lint: command('lint'),
    typecheck: command('typecheck', 'type-check', 'types'),
    doubts: test ? [] : [`no test command: ${makefile} has no target test or check`],
  };
}
