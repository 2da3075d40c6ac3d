import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { CODING_PROGRAMS } from '../../src/agents/coding-programs.js';
import type { CodingProgram } from '../../src/agents/coding/coding-program.js';
import type { AdapterName } from '../../src/agents/find-harness.js';
import type { ProgramFacts } from '../../src/domain/program-facts.js';
import { CONTRACTS } from './contract/contracts.js';

const FILE = new URL('../../docs/agents.md', import.meta.url);
const BEGIN = '<!-- matrix: written by test/agents/matrix.test.ts with BATON_WRITE_DOCS=1 -->\n';
const END = '<!-- /matrix -->';
const HEAD = `| program | version tested | resume | approvals | tokens | cost | cancel | structured output | MCP |
|---|---|---|---|---|---|---|---|---|
`;

const yes = (can: boolean): string => (can ? 'yes' : 'no');
// To be cancelled, and to answer in one shape, is what the contract holds each of them to.
const row = ({
  title,
  testedVersion,
  proof,
  abilities: { resume, approvals, usage, cost, mcp },
}: CodingProgram): string =>
  `| ${title} | ${testedVersion}${proof ? `, by its ${proof}` : ''} | ${[resume, approvals, usage, cost, true, true, mcp].map(yes).join(' | ')} |\n`;

it('tells in the docs what each program can do, as its adapter says and its contract shows', () => {
  const text = readFileSync(FILE, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const [, after] = rest!.split(END);
  const told = `${before!}${BEGIN}\n${HEAD}${CODING_PROGRAMS.map(row).join('')}\n${END}${after!}`;
  if (process.env['BATON_WRITE_DOCS'] === '1') writeFileSync(FILE, told);
  else expect(text).toBe(told);
});

it('tells nothing that the contract does not hold the program to', () => {
  for (const program of CODING_PROGRAMS)
    expect(CONTRACTS[program.name as AdapterName].program?.claims.abilities).toBe(program.abilities);
});

const MATRIX = new URL('../../src/domain/program-matrix.ts', import.meta.url);
const PREAMBLE = `// Made by test/agents/matrix.test.ts with BATON_WRITE_DOCS=1; do not edit.
import type { ProgramFacts } from './program-facts.js';

/** The programs that people write code with, as their adapters say and the contract shows. */
`;
const facts = (program: CodingProgram): ProgramFacts => {
  const { name, title, install, provider, hosts, testedVersion, proof, needsTrust, abilities } = program;
  return {
    ...{ name, title, install, provider, hosts, testedVersion, proof: proof ?? null, needsTrust: needsTrust ?? null },
    abilities: { ...abilities, cancel: true, structuredOutput: true },
  };
};

it('tells the API the same, which knows no adapters', async () => {
  const made = `${PREAMBLE}export const PROGRAM_MATRIX: readonly ProgramFacts[] = ${JSON.stringify(CODING_PROGRAMS.map(facts))};`;
  const settings = JSON.parse(readFileSync(new URL('../../.prettierrc.json', import.meta.url), 'utf8')) as object;
  const text = await format(made, { ...settings, parser: 'typescript' });
  if (process.env['BATON_WRITE_DOCS'] === '1') writeFileSync(MATRIX, text);
  else expect(readFileSync(MATRIX, 'utf8')).toBe(text);
});

it('names the versions that the set-up of the tests installs', () => {
  const manifest = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const real = CODING_PROGRAMS.filter(({ proof }) => !proof);
  const installed = real.map(({ install }) => manifest.dependencies[install.split(' ').at(-1)!]);
  expect(installed).toEqual(real.map(({ testedVersion }) => testedVersion));
});
