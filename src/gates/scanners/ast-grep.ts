import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Severity } from '../../domain/gate.js';
import type { ScanFinding } from '../../domain/scan.js';
import { provedBy, withCanary } from './canary.js';
import { findPackage } from './find-tools.js';
import { languagesWithoutRules } from './languages-without-rules.js';
import { parseJson } from './parse-json.js';
import { runTool, unclear } from './run-tool.js';
import type { Scanner } from './scanner.js';

const TOOL = 'ast-grep';
const CONFIG = 'sgconfig.yml';
/** The same from src/gates/scanners and from dist/src/gates/scanners. */
const RULES = fileURLToPath(new URL('../../../templates/rules', import.meta.url));
/** One for each grammar that there are rules for. */
const CANARIES = Object.fromEntries(['js', 'ts', 'tsx', 'py'].map((kind) => [`planted.${kind}`, 'eval(planted)\n']));
const LEVELS: Readonly<Record<string, Severity>> = { error: 'high', warning: 'medium', info: 'low', hint: 'info' };
const IGNORES = ['hidden', 'dot', 'exclude', 'global', 'parent', 'vcs'];

const match = z.object({
  ruleId: z.string(),
  severity: z.string(),
  message: z.string(),
  note: z.string().nullish(),
  file: z.string(),
  range: z.object({ start: z.object({ line: z.int() }) }),
});

/** ast-grep over the files of the checkout, also those that git would ignore, with the rules of `templates/rules`. */
export const astGrep: Scanner = async (context) => {
  const tool = findPackage(
    `@ast-grep/cli-${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`,
  );
  if (!tool)
    return unclear(
      TOOL,
      'it is not installed',
      "Install Baton's own packages anew, optional ones too: npm ci in its folder.",
    );
  const { home } = context.policy;
  await layOutRules(join(home, 'rules'));
  await writeFile(join(home, CONFIG), 'ruleDirs: [rules]\n');
  return withCanary(context, CANARIES, async (canary) => {
    const { ran, failed } = await runTool(
      {
        tool: TOOL,
        argv: [
          ...['/bin/sh', '-c', `exec "$0" "$@" --config "$HOME/${CONFIG}"`, join(tool.folder, 'ast-grep')],
          ...['scan', '--json=stream', ...IGNORES.flatMap((kind) => ['--no-ignore', kind])],
        ],
        needs: [tool.folder],
        // Found something, which it must: at the least the canaries.
        exitCodes: [0, 1],
      },
      context,
    );
    if (failed) return failed;
    const found = ran.stdout.split('\n').filter(Boolean).map(readMatch);
    if (!found.every((finding) => finding !== null))
      return unclear(TOOL, 'its report cannot be read', 'Install the version that package-lock.json names.');
    const proved = provedBy(TOOL, canary, Object.keys(CANARIES), found, `Baton's rules, ast-grep ${tool.version}`);
    const unknown = await languagesWithoutRules(context.policy.workspace.path);
    if (proved.inconclusive || unknown.length === 0) return proved;
    const why = `it has no rules for ${unknown.join(', ')}`;
    const mend = `Static analysis covers JavaScript, TypeScript and Python; check ${unknown.join(', ')} with a lint command of the repository.`;
    return { tool: TOOL, findings: proved.findings, inconclusive: { why, mend } };
  });
};

/** The rules as ast-grep takes them: a rule is of one grammar, and TypeScript has two of its own. */
async function layOutRules(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(RULES)) {
    const rules = await readFile(join(RULES, name), 'utf8');
    for (const language of rules.includes('language: JavaScript') ? ['JavaScript', 'TypeScript', 'Tsx'] : ['']) {
      const own = rules
        .replaceAll('language: JavaScript', `language: ${language}`)
        .replaceAll(/^id: (\S+)$/gm, `id: $1@${language}`);
      await writeFile(join(folder, `${language}${name}`), own);
    }
  }
}

function readMatch(text: string): ScanFinding | null {
  const parsed = match.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { ruleId, severity, message, note, file, range } = parsed.data;
  return {
    rule: `${TOOL}/${ruleId.split('@')[0]}`,
    severity: LEVELS[severity] ?? 'medium',
    message,
    file: file.replace(/^\.\//, ''),
    line: range.start.line + 1,
    fix: note?.trim() ?? null,
    anchor: null,
  };
}
