import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScanFinding } from '../../domain/scan.js';
import { madeUpToken, provedBy, withCanary } from './canary.js';
import { checkoutPath } from './checkout-path.js';
import { findPackage } from './find-tools.js';
import { runTool, unclear } from './run-tool.js';
import type { Scanner } from './scanner.js';
import { SECRET_FIX } from './secret-fix.js';

const TOOL = 'secretlint';
const RULES = '@secretlint/secretlint-rule-preset-recommend';
const CONFIG = 'secretlint.json';
const NOTHING = 'secretlintignore';
const CANARY = 'token.txt';

/** secretlint over the files of the checkout, also those that git would ignore, with its recommended rules. */
export const secretlint: Scanner = async (context) => {
  const program = findPackage('secretlint');
  const rules = findPackage(RULES);
  if (!program || !rules)
    return unclear(TOOL, 'it is not installed', "Install Baton's own packages anew: npm ci in its folder.");
  const { home, workspace } = context.policy;
  await writeFile(join(home, CONFIG), JSON.stringify({ rules: [{ id: RULES }] }));
  await writeFile(join(home, NOTHING), '');
  return withCanary(context, { [CANARY]: `${madeUpToken()}\n` }, async (canary) => {
    const { ran, failed } = await runTool(
      {
        tool: TOOL,
        argv: [
          '/bin/sh',
          '-c',
          `exec node "$0" "$@" --secretlintrc "$HOME/${CONFIG}" --secretlintignore "$HOME/${NOTHING}"`,
          join(program.folder, 'bin/secretlint.js'),
          ...['--no-gitignore', '--no-color', '--no-terminalLink', '--format', 'unix', '**/*'],
        ],
        needs: [program.modules],
        // Found something, which it must: at the least the canary.
        exitCodes: [0, 1],
      },
      context,
    );
    if (failed) return failed;
    const found = ran.stdout.split('\n').flatMap((line) => readLine(line, workspace.path));
    return provedBy(TOOL, canary, [CANARY], found, `rules of version ${rules.version}`);
  });
};

/** `/workspace/a.js:2:15: [GITHUB_TOKEN] found …: **** [Error/preset > rule]` */
const LINE =
  /^(?<path>.+?):(?<line>\d+):\d+: (?:\[\w+\] )?(?<message>.*) \[(?<level>\w+)\/.* > @secretlint\/secretlint-rule-(?<rule>[^\]]+)\]$/;

function readLine(text: string, workspace: string): ScanFinding[] {
  const { path, line, message, rule } = LINE.exec(text)?.groups ?? {};
  if (path === undefined) return [];
  return [
    {
      rule: `${TOOL}/${rule!}`,
      severity: 'critical',
      message: message!.replaceAll(/\*{4,}/g, '***'),
      file: checkoutPath(path, workspace),
      line: Number(line),
      fix: SECRET_FIX,
      anchor: null,
    },
  ];
}
