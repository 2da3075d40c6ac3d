import { Document, isMap, isScalar, type Pair } from 'yaml';
import type { ProposedConfig } from './propose.js';

const HEAD = ` How Baton makes this repository ready and checks it. Commands run with \`sh -c\` in the sandbox,
 at the root of a fresh worktree. Only what is on the default branch counts.`;

/** The text of `.baton/repository.yaml`, with the reason of each part as a comment. */
export function writeConfig({ tests, setup, test, lint, typecheck, coverage }: ProposedConfig): string {
  const timed = ({ timeout }: { readonly timeout?: string }) => (timeout === undefined ? {} : { timeout });
  const content = {
    ...(setup && {
      setup: {
        command: setup.command,
        network: setup.network,
        lockFiles: [...setup.lockFiles],
        cache: [...setup.cache],
        ...timed(setup),
      },
    }),
    ...(test && {
      test: {
        command: test.command,
        ...(test.junit && { junit: test.junit.length === 1 ? test.junit[0] : [...test.junit] }),
        ...(test.tap && { tap: true }),
        ...(test.goJson && { goJson: true }),
        ...timed(test),
      },
    }),
    ...(lint && { lint: { command: lint.command } }),
    ...(typecheck && { typecheck: { command: typecheck.command } }),
    ...(coverage && { coverage: { command: coverage.command, report: coverage.report, patch: true } }),
    ...(tests && { tests: [...tests] }),
  };
  const document = new Document(content);
  document.commentBefore = HEAD;
  const reasons: Readonly<Record<string, string | undefined>> = {
    setup: setup?.why,
    test: test?.why,
    lint: lint?.why,
    typecheck: typecheck?.why,
    coverage: coverage?.why,
    tests: tests && 'which files are tests: the usual ones, and those of this repository',
  };
  if (isMap(document.contents)) for (const pair of document.contents.items) explain(pair, reasons);
  return document.toString({ lineWidth: 0 });
}

function explain({ key }: Pair, reasons: Readonly<Record<string, string | undefined>>): void {
  const why = isScalar(key) ? reasons[String(key.value)] : undefined;
  // A comment is one line: the reason quotes scripts of the repository.
  if (isScalar(key) && why !== undefined) key.commentBefore = ` ${why.replaceAll(/\s+/g, ' ')}`;
}
