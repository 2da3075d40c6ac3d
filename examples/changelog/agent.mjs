// Adds the issue's title to CHANGELOG.md, under "Unreleased". Replace it by a program that asks your model.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const { issue } = JSON.parse(await text(process.stdin));
const file = 'CHANGELOG.md';
const heading = '## Unreleased';
const known = existsSync(file) ? readFileSync(file, 'utf8') : '# Changelog\n';
const start = known.includes(heading) ? known : known.replace(/^(# .*\n)/, `$1\n${heading}\n`);
writeFileSync(file, start.replace(heading, `${heading}\n\n- ${issue.title} (#${issue.number})`));
console.log(JSON.stringify({ type: 'log', message: `noted in ${file}` }));
console.log(JSON.stringify({ type: 'result', summary: `Notes "${issue.title}" in the changelog.` }));
