// The demo's security reviewer: a command agent. It reads the request on stdin, asks git which files the change
// touches, scans them with eslint-plugin-security, and answers on stdout as JSON lines.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { Linter } from 'eslint';
import security from 'eslint-plugin-security';

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const HIGH = new Set(['security/detect-eval-with-expression', 'security/detect-child-process', 'security/detect-unsafe-regex']);

const { base } = JSON.parse(await text(process.stdin));
const files = execFileSync('git', ['diff', '--name-only', '--diff-filter=d', base, 'HEAD'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.[cm]?jsx?$/.test(file));
say({ type: 'log', message: `scanning ${files.length} changed files against ${base.slice(0, 10)}` });

const config = [{ files: ['**/*.js', '**/*.mjs', '**/*.cjs', '**/*.jsx'], ...security.configs.recommended }];
const linter = new Linter();
const findings = [];
let scannedLines = 0;
for (const file of files) {
  const source = readFileSync(file, 'utf8');
  scannedLines += source.split('\n').length;
  for (const { ruleId, message, line, fatal } of linter.verify(source, config, { filename: file })) {
    if (fatal) findings.push({ rule: 'parse-error', severity: 'medium', message, file, line: line ?? null });
    else findings.push({ rule: ruleId, severity: HIGH.has(ruleId) ? 'high' : 'low', message, file, line: line ?? null });
  }
  say({ type: 'log', message: `${file}: ${findings.filter((finding) => finding.file === file).length} findings` });
}
say({ type: 'result', summary: `Scanned ${files.length} files: ${findings.length} findings.`, findings, output: { files, scannedLines } });
