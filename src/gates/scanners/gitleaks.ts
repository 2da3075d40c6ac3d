import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ScanFinding } from '../../domain/scan.js';
import { madeUpToken, provedBy, withCanary } from './canary.js';
import { findTool } from './find-tools.js';
import { parseJson } from './parse-json.js';
import { runTool, unclear } from './run-tool.js';
import type { Scanner } from './scanner.js';
import { SECRET_FIX } from './secret-fix.js';

const TOOL = 'gitleaks';
const CONFIG = 'gitleaks.toml';
const CANARY = 'token.txt';

const report = z.array(z.object({ RuleID: z.string(), Description: z.string(), File: z.string(), StartLine: z.int() }));

/** gitleaks over the files of the checkout, with its own rules: those of the repository do not count. */
export const gitleaks: Scanner = async (context) => {
  const program = findTool(TOOL, context.settings.cacheDirectory);
  if (program === null) {
    return unclear(
      TOOL,
      'it is not installed',
      'Put gitleaks on the PATH of the worker (https://github.com/gitleaks/gitleaks), or install Go and run npm start again.',
    );
  }
  await writeFile(join(context.policy.home, CONFIG), '[extend]\nuseDefault = true\n');
  // It lists findings to pass over, and gitleaks has no flag against it.
  await rm(join(context.policy.workspace.path, '.gitleaksignore'), { recursive: true, force: true });
  return withCanary(context, { [CANARY]: `${madeUpToken()}\n` }, async (canary) => {
    const { ran, failed } = await runTool(
      {
        tool: TOOL,
        argv: [
          ...['/bin/sh', '-c', `"$0" version && exec "$0" "$@" --config "$HOME/${CONFIG}"`, program],
          ...['dir', '.', '--ignore-gitleaks-allow', '--redact'],
          ...['--report-format', 'json', '--report-path', '-', '--exit-code', '0', '--no-banner', '--no-color'],
        ],
        needs: [program],
        exitCodes: [0],
      },
      context,
    );
    if (failed) return failed;
    const [version = '', ...rest] = ran.stdout.split('\n');
    const found = readReport(rest.join('\n'));
    return found
      ? provedBy(TOOL, canary, [CANARY], found, `rules of version ${version.trim()}`)
      : unclear(TOOL, 'its report cannot be read', 'Install gitleaks 8.19 or newer.');
  });
};

function readReport(text: string): ScanFinding[] | null {
  const parsed = report.safeParse(parseJson(text));
  if (!parsed.success) return null;
  return parsed.data.map(({ RuleID, Description, File, StartLine }) => ({
    rule: `${TOOL}/${RuleID}`,
    severity: RuleID.startsWith('generic-') ? 'high' : 'critical',
    message: Description,
    file: File.replace(/^\.\//, ''),
    line: StartLine,
    fix: SECRET_FIX,
    anchor: null,
  }));
}
